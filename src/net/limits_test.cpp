// SPDX-License-Identifier: Apache-2.0
// Each limit of HTTP at its last accepted and its first refused value.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/echo_server.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n";

// A request whose head is exactly `size` bytes long.
std::string head_of(std::size_t size) {
    const std::string start = kGet + "X: ";
    return start + std::string(size - start.size() - 4, 'x') + "\r\n\r\n";
}

std::string headers_of(std::size_t count) {
    std::string bytes = kGet;
    for (std::size_t i = 1; i < count; ++i) bytes += "X: y\r\n";
    return bytes + "\r\n";
}

std::string url_of(std::size_t size) {
    return "GET /" + std::string(size - 1, 'u') + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string query_of(std::size_t parameters) {
    std::string bytes = "GET /?p";
    for (std::size_t i = 1; i < parameters; ++i) bytes += "&p=1";
    return bytes + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string post_of(std::size_t size, const std::string& more_headers = "") {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + more_headers +
           "Content-Length: " + std::to_string(size) + "\r\n\r\n";
}

std::string chunk_of(std::size_t size) {
    char hex[17];
    std::snprintf(hex, sizeof(hex), "%zx", size);
    return std::string(hex) + "\r\n" + std::string(size, 'c') + "\r\n";
}

const std::string kChunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string tiny_chunks(std::size_t count) {
    std::string bytes = kChunked;
    for (std::size_t i = 0; i < count; ++i) bytes += "1\r\nc\r\n";
    return bytes + "0\r\n\r\n";
}

struct LimitRow {
    std::string name;
    std::string bytes;
    std::string limit;  // what the message of a refusal must name
    bool stays_open;
    int status;
};

void PrintTo(const LimitRow& row, std::ostream* out) {
    *out << row.name;
}

std::vector<LimitRow> limit_rows() {
    using namespace limits;
    const std::string body(kBodyBytesMax, 'b');
    return {
        {"HeaderBytes", head_of(kHeaderBytesMax), "", true, 200},
        {"HeaderBytesAbove", head_of(kHeaderBytesMax + 1), "32768", false, 431},
        {"HeaderBytesFarAbove", head_of(10 * kHeaderBytesMax), "32768", false, 431},
        {"HeaderCount", headers_of(kHeaderCountMax), "", true, 200},
        {"HeaderCountAbove", headers_of(kHeaderCountMax + 1), "100", false, 431},
        {"UrlBytes", url_of(kUrlBytesMax), "", true, 200},
        {"UrlBytesAbove", url_of(kUrlBytesMax + 1), "16384", false, 414},
        {"UrlBytesFarAbove", url_of(10 * kUrlBytesMax), "16384", false, 414},
        {"QueryParameters", query_of(kQueryParametersMax), "", true, 200},
        {"QueryParametersAbove", query_of(kQueryParametersMax + 1), "200", true, 400},
        {"BodyBytes", post_of(kBodyBytesMax) + body, "", true, 200},
        {"BodyBytesAbove", post_of(kBodyBytesMax + 1) + body + "b", "1048576", false, 413},
        {"BodyBytesAboveIsNotAskedFor", post_of(kBodyBytesMax + 1, "Expect: 100-continue\r\n"),
         "1048576", false, 413},
        {"ChunkedBytes", kChunked + chunk_of(kBodyBytesMax) + "0\r\n\r\n", "", true, 200},
        {"ChunkedBytesInTwo", kChunked + chunk_of(kBodyBytesMax - 1) + chunk_of(1) + "0\r\n\r\n",
         "", true, 200},
        {"ChunkedBytesAbove", kChunked + chunk_of(kBodyBytesMax + 1) + "0\r\n\r\n", "1048576",
         false, 413},
        {"ChunkedBytesAboveInTwo", kChunked + chunk_of(kBodyBytesMax) + chunk_of(1) + "0\r\n\r\n",
         "1048576", false, 413},
        {"ChunkLine", kChunked + "0;" + std::string(kChunkLineBytesMax - 4, 'x') + "\r\n\r\n", "",
         true, 200},
        {"ChunkLineAbove", kChunked + "0;" + std::string(kChunkLineBytesMax - 3, 'x') + "\r\n\r\n",
         "1024", false, 400},
        {"ChunkFraming", tiny_chunks(200'000), "", true, 200},
        {"ChunkFramingAbove", tiny_chunks(220'000), "1048576", false, 400},
    };
}

class Limits : public testing::TestWithParam<LimitRow> {};

TEST_P(Limits, AcceptsUpToAndRefusesAbove) {
    const auto& row = GetParam();
    RunningServer server;
    auto client = server.client();
    client.send(row.bytes);
    const auto answer = client.answer();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, row.status);
    if (row.status != 200) {
        EXPECT_EQ(answer->header("Content-Type"), "application/json");
        EXPECT_NE(answer->body.find("{\"error\":{\"code\":\"bad_request\",\"message\":\""),
                  std::string::npos);
        EXPECT_NE(answer->body.find(row.limit), std::string::npos) << answer->body;
        EXPECT_NE(answer->body.find(
                      "\"doc_url\":\"https://dub.co/docs/api-reference/errors#bad-request\"}}"),
                  std::string::npos);
    }
    EXPECT_EQ(answer->header("Connection"), row.stays_open ? "" : "close");
    if (row.stays_open) {
        client.send(kGet + "\r\n");
        ASSERT_TRUE(client.answer().has_value());
    } else {
        EXPECT_EQ(client.until_closed(), "");
        EXPECT_FALSE(client.was_reset());
    }
}

INSTANTIATE_TEST_SUITE_P(Http, Limits, testing::ValuesIn(limit_rows()),
                         [](const auto& row) { return row.param.name; });

// One path takes three times as much; `limit` is what its refusals must name.
TEST(BodyLimit, IsThatOfThePath) {
    using limits::kBodyBytesMax;
    constexpr auto kMore = 3 * kBodyBytesMax;
    const auto request = [](std::string_view start, std::size_t size, bool chunked) {
        auto bytes = std::string(start) + " HTTP/1.1\r\nHost: a\r\n";
        if (chunked) {
            return bytes + "Transfer-Encoding: chunked\r\n\r\n" + chunk_of(size) + "0\r\n\r\n";
        }
        bytes += "Content-Length: " + std::to_string(size) + "\r\n\r\n";
        return bytes + std::string(size, 'b');
    };
    const struct {
        std::string_view start;
        std::size_t size;
        bool chunked;
        std::string limit;
        int status;
    } rows[] = {
        {"POST /more", kMore, false, "", 200},
        {"POST /more", kMore, true, "", 200},
        {"POST /more?x=/", kBodyBytesMax + 1, false, "", 200},
        {"POST /more", kMore + 1, false, "3145728", 413},
        {"POST /more", kMore + 1, true, "3145728", 413},
        {"PUT /more", kBodyBytesMax + 1, false, "1048576", 413},
        {"PUT /more", kBodyBytesMax + 1, true, "1048576", 413},
        {"POST /other", kBodyBytesMax, false, "", 200},
        {"POST /other", kBodyBytesMax + 1, false, "1048576", 413},
    };
    std::atomic<int> asked = 0;
    ServerOptions options;
    options.body_limit = [&](std::string_view method, std::string_view path) {
        ++asked;
        return method == "POST" && path == "/more" ? kMore : kBodyBytesMax;
    };
    RunningServer server(options);
    for (const auto& row : rows) {
        auto client = server.client();
        client.send(request(row.start, row.size, row.chunked));
        const auto answer = client.answer();
        ASSERT_TRUE(answer.has_value()) << row.start << row.size;
        EXPECT_EQ(answer->status, row.status) << row.start << " " << row.size;
        EXPECT_TRUE(answer->body.contains(row.limit)) << row.start << " " << row.size;
    }
    // A body of usual length is never asked about.
    EXPECT_EQ(asked, 8);
}

TEST(ConnectionLimit, RefusesAboveAndRecovers) {
    ServerOptions options;
    options.connections_max = 2;
    RunningServer server(options);
    auto first = server.client();
    auto second = std::make_unique<RawClient>(server.client());
    for (auto* client : {&first, second.get()}) {
        client->send(kGet + "\r\n");
        ASSERT_EQ(client->answer()->status, 200);
    }
    auto third = server.client();
    const auto refused = third.answer();
    ASSERT_TRUE(refused.has_value());
    EXPECT_EQ(refused->status, 503);
    EXPECT_EQ(refused->header("Connection"), "close");
    EXPECT_EQ(refused->header("Retry-After"), "1");
    EXPECT_NE(refused->body.find("most of 2 connections"), std::string::npos) << refused->body;
    EXPECT_EQ(third.until_closed(), "");
    EXPECT_EQ(server->counts().connections_refused, 1U);
    EXPECT_EQ(server->counts().connections_open, 2U);

    second.reset();
    ASSERT_TRUE(wait_for([&] { return server->counts().connections_open == 1; }));
    auto fourth = server.client();
    fourth.send(kGet + "\r\n");
    EXPECT_EQ(fourth.answer()->status, 200);
}

}  // namespace
}  // namespace hw
