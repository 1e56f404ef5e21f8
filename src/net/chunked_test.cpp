// SPDX-License-Identifier: Apache-2.0
#include "net/chunked.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <string>

namespace hw::net {
namespace {

std::string hex(std::size_t number) {
    char text[17];
    std::snprintf(text, sizeof(text), "%zx", number);
    return text;
}

// However a body is cut into chunks, and the chunks into pieces, the same body comes out, and the
// bytes after it are left alone.
TEST(ChunkedDecoder, DoesNotDependOnHowTheBytesArrive) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto up_to = [&](std::size_t most) {
        return static_cast<std::size_t>(random() % (most + 1));
    };
    for (int round = 0; round < 2'000 && !testing::Test::HasFailure(); ++round) {
        std::string body(up_to(2'000), '\0');
        for (char& c : body) c = static_cast<char>(random());
        std::string bytes;
        for (std::size_t at = 0; at < body.size();) {
            const auto chunk = body.substr(at, 1 + up_to(300));
            bytes += hex(chunk.size()) + (up_to(3) == 0 ? ";a=b" : "") + "\r\n" + chunk + "\r\n";
            at += chunk.size();
        }
        bytes += std::string("0\r\n") + (up_to(3) == 0 ? "X: y\r\n" : "") + "\r\n";
        const std::string after = "GET / HTTP/1.1\r\n";
        const std::string all = bytes + after;

        ChunkedDecoder decoder;
        std::string decoded;
        std::size_t taken = 0;
        while (!decoder.done()) {
            ASSERT_LT(taken, all.size());
            const auto piece = std::string_view(all).substr(taken, 1 + up_to(200));
            const auto step = decoder.decode(piece, decoded);
            ASSERT_TRUE(step.has_value()) << step.error().message;
            ASSERT_TRUE(decoder.done() || *step == piece.size());
            taken += *step;
        }
        EXPECT_EQ(taken, bytes.size());
        EXPECT_TRUE(decoded == body);
    }
}

}  // namespace
}  // namespace hw::net
