// SPDX-License-Identifier: Apache-2.0
// Damaged requests: the server answers or hangs up, never with a fault of its own, and serves on.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "tests/reliability/running_shop.hpp"

namespace hw {
namespace {

constexpr int kMutations = 1'000;

class Mutator {
  public:
    explicit Mutator(std::uint64_t seed) : generator_(seed) {}

    std::string damage(std::string bytes, const std::string& other) {
        for (auto times = below(4) + 1; times > 0; --times) damage_once(bytes, other);
        return bytes;
    }

  private:
    std::size_t below(std::size_t end) { return end == 0 ? 0 : generator_() % end; }
    char any_byte() { return static_cast<char>(generator_() & 0xFF); }

    void damage_once(std::string& bytes, const std::string& other) {
        const auto at = below(bytes.size());
        const auto size = below(std::min<std::size_t>(bytes.size() - at, 40)) + 1;
        switch (below(8)) {
            case 0:
                if (!bytes.empty()) bytes[at] = any_byte();
                break;
            case 1:
                bytes.erase(at, size);
                break;
            case 2:
                bytes.insert(at, bytes.substr(at, size));
                break;
            case 3:
                bytes.insert(at, std::string(below(20'000), any_byte()));
                break;
            case 4:
                bytes.resize(at);
                break;
            case 5:
                bytes = bytes.substr(0, at) + other.substr(below(other.size()));
                break;
            case 6:
                bytes.insert(at, pick({"\r\n", "\r\n\r\n", "%00", "\xFF\xFE", "9223372036854775808",
                                       "1e400", "\\ud800", "Content-Length: 5\r\n",
                                       "Transfer-Encoding: chunked\r\n", "null", "-1"}));
                break;
            default:
                bytes.insert(at, std::string(below(2'000), pick({"[", "{", "\"", "%"})[0]));
        }
    }

    std::string pick(const std::vector<std::string>& texts) { return texts[below(texts.size())]; }

    std::mt19937_64 generator_;
};

// For a failure message: what was sent, readable.
std::string readable(std::string_view bytes) {
    std::string text;
    for (const char c : bytes.substr(0, 2'000)) {
        const bool plain = c >= ' ' && c < 0x7F;
        text += plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    return text;
}

// 501 and 505 tell the client about its method and its version.
bool is_fault(std::string_view answer) {
    return answer.starts_with("HTTP/1.1 5") && !answer.starts_with("HTTP/1.1 501") &&
           !answer.starts_with("HTTP/1.1 505");
}

TEST(Garbage, IsAnsweredOrHungUpOn) {
    const auto database = own_database(EngineKind::Sqlite);
    seed_shop(database.url);
    RunningShop shop(database.url);
    shop.start();
    const auto good = click_request("k0", browser_agent("good"));
    const auto click_id = click_id_of(shop.ask(good));
    ASSERT_FALSE(click_id.empty());
    const std::vector<std::string> seeds = {
        good,
        lead_request(click_id, "customer"),
        sale_request({.customer = "customer", .invoice = "invoice", .amount = 1'999}),
        sale_request({.customer = "direct", .invoice = "", .amount = 1, .click_id = click_id}),
        post_request("/track/click", R"({"domain":"go.example","key":"k0"})"),
        post_request("/links", R"({"url":"https://shop.example/?a=b","key":"x"})"),
        "POST /track/sale HTTP/1.1\r\nHost: api.example\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n",
    };
    std::mt19937_64 generator(printed_seed());
    Mutator mutator(generator());
    int answered = 0;
    for (int i = 0; i < kMutations; ++i) {
        const auto& one = seeds[generator() % seeds.size()];
        const auto bytes = mutator.damage(one, seeds[generator() % seeds.size()]);
        RawClient client(shop.port());
        client.send(bytes);
        client.shutdown_write();
        const auto heard = client.until_closed();
        ASSERT_TRUE(heard.has_value())
            << i << " was not hung up on: " << readable(bytes) << shop.log();
        ASSERT_TRUE(heard->empty() || heard->starts_with("HTTP/1.1 ")) << i << readable(*heard);
        ASSERT_FALSE(is_fault(*heard)) << i << ": " << readable(bytes) << *heard;
        answered += heard->empty() ? 0 : 1;
        ASSERT_TRUE(shop.running())
            << i << ": exit " << shop.wait().value_or(-1) << " " << readable(bytes) << shop.log();
    }
    EXPECT_EQ(click_id_of(shop.ask(good)), click_id) << "a good request is still served";
    EXPECT_GT(answered, 0);
    EXPECT_EQ(recount(database.url), std::vector<std::string>());
    std::cout << fmt::format("{} damaged requests, {} answered", kMutations, answered) << std::endl;
}

}  // namespace
}  // namespace hw
