// SPDX-License-Identifier: Apache-2.0
#include "net/request_head.hpp"

#include <gtest/gtest.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <random>
#include <string>
#include <vector>

namespace hw::net {
namespace {

namespace http = boost::beast::http;

struct HostRow {
    std::string authority;
    std::string expected;
};

TEST(RequestHead, HostOfAuthority) {
    const std::vector<HostRow> rows = {
        {"a", "a"},
        {"Example.COM", "Example.COM"},
        {"example.com:443", "example.com"},
        {"example.com:", "example.com"},
        {"example.com.", "example.com"},
        {"example.com.:80", "example.com"},
        {"a_b-c.d", "a_b-c.d"},
        {"127.0.0.1:8080", "127.0.0.1"},
        {"[::1]", "::1"},
        {"[2001:db8::1]:8080", "2001:db8::1"},
        {"", ""},
        {".", ""},
        {":80", ""},
        {"[]", ""},
        {"[::1", ""},
        {"::1", ""},
        {"[::1]x", ""},
        {"[::1%eth0]", ""},
        {"a:123456", ""},
        {"a:80:80", ""},
        {"a:x", ""},
        {"a b", ""},
        {"a,b", ""},
        {"a/b", ""},
        {"a?b", ""},
        {"a@b", ""},
        {"a%2eb", ""},
        {"<a>", ""},
    };
    for (const auto& row : rows) EXPECT_EQ(host_of_authority(row.authority), row.expected);
}

TEST(RequestHead, FindsTheEndOnceItHasArrived) {
    const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    HeadScanner scanner;
    for (std::size_t size = 0; size < head.size(); ++size) {
        const auto found = scanner.scan(std::string_view(head).substr(0, size));
        ASSERT_TRUE(found.has_value());
        ASSERT_EQ(*found, 0U) << size;
    }
    const auto found = scanner.scan(head + "body");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(*found, head.size());
}

Parsed<std::size_t> scan_by_byte(std::string_view bytes) {
    HeadScanner scanner;
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        auto found = scanner.scan(bytes.substr(0, size));
        if (!found.has_value() || *found > 0) return found;
    }
    return scanner.scan(bytes);
}

// What our reader made of a request: nothing when it refused it or wants more.
std::optional<RequestHead> read(std::string_view bytes, std::size_t& size) {
    HeadScanner scanner;
    const auto whole = scanner.scan(bytes);
    const auto by_byte = scan_by_byte(bytes);
    EXPECT_EQ(whole.has_value(), by_byte.has_value()) << testing::PrintToString(std::string(bytes));
    if (!whole.has_value() || *whole == 0) return std::nullopt;
    EXPECT_EQ(*whole, *by_byte);
    size = *whole;
    RequestHead head;
    if (!parse_head(bytes.substr(0, size), head).has_value()) return std::nullopt;
    return head;
}

void expect_same_reading(std::string_view bytes, const RequestHead& ours, std::size_t size) {
    http::request_parser<http::string_body> theirs;
    boost::system::error_code failed;
    const auto taken = theirs.put(boost::asio::buffer(bytes.data(), size), failed);
    const auto shown = testing::PrintToString(std::string(bytes));
    ASSERT_FALSE(failed) << failed.message() << " in " << shown;
    EXPECT_EQ(taken, size) << shown;
    ASSERT_TRUE(theirs.is_header_done()) << shown;
    const auto& message = theirs.get();
    EXPECT_EQ(std::string_view(message.method_string()), ours.method) << shown;
    const auto target = std::string_view(message.target());
    EXPECT_EQ(target.substr(0, target.find('?')), ours.path) << shown;
    EXPECT_EQ(message.version(), ours.http_1_0 ? 10U : 11U) << shown;
    EXPECT_EQ(theirs.chunked(), ours.chunked) << shown;
    EXPECT_EQ(theirs.content_length().value_or(0), ours.content_length) << shown;
    // Beast lets keep-alive win over close in HTTP/1.0; RFC 9112, 9.3 has it the other way.
    EXPECT_TRUE(theirs.keep_alive() || !ours.keep_alive) << shown;
    ASSERT_EQ(std::distance(message.begin(), message.end()), std::ssize(ours.headers)) << shown;
    for (const auto& header : ours.headers) {
        const auto range = message.equal_range(std::string(header.name));
        const bool found = std::any_of(range.first, range.second, [&](const auto& field) {
            return std::string_view(field.value()) == header.value;
        });
        EXPECT_TRUE(found) << header.name << " of " << shown;
    }
}

std::vector<std::string> requests() {
    return {
        "GET /a?b=c HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a:80\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "PUT /x HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 77\r\n\r\n",
    };
}

std::string mutated(std::string bytes, std::mt19937_64& random) {
    static const std::vector<std::string> pieces = {"\r",
                                                    "\n",
                                                    "\r\n",
                                                    " ",
                                                    "\t",
                                                    ":",
                                                    ",",
                                                    std::string(1, '\0'),
                                                    "0",
                                                    "5",
                                                    "\x7F",
                                                    "\xFF",
                                                    "/",
                                                    "?",
                                                    "#",
                                                    "\r\n ",
                                                    "\r\n\r\n",
                                                    "Content-Length: 5\r\n",
                                                    "Transfer-Encoding: chunked\r\n",
                                                    "Transfer-Encoding: gzip\r\n",
                                                    "Connection: close\r\n",
                                                    "Host: b\r\n",
                                                    "chunked",
                                                    "close"};
    const auto below = [&](std::size_t bound) {
        return static_cast<std::size_t>(random() % bound);
    };
    for (auto changes = 1 + below(3); changes > 0; --changes) {
        const auto at = below(bytes.size() + 1);
        const auto& piece = pieces[below(pieces.size())];
        switch (below(3)) {
            case 0:
                bytes.insert(at, piece);
                break;
            case 1:
                bytes.erase(at, 1 + below(3));
                break;
            default:
                bytes.replace(at, std::min<std::size_t>(1, bytes.size() - at), piece);
                break;
        }
    }
    return bytes;
}

// Whatever our reader accepts, an independent reader accepts too and understands the same. The
// other way round does not hold: ours is the stricter one.
TEST(RequestHead, AcceptsNothingThatBeastReadsOtherwise) {
    const auto seed = std::random_device{}();
    RecordProperty("seed", static_cast<int>(seed));
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto valid = requests();
    int accepted = 0;
    for (int round = 0; round < 60'000 && !HasFailure(); ++round) {
        const auto bytes = mutated(valid[static_cast<std::size_t>(round) % valid.size()], random);
        std::size_t size = 0;
        const auto head = read(bytes, size);
        if (!head.has_value()) continue;
        ++accepted;
        expect_same_reading(bytes, *head, size);
    }
    EXPECT_GT(accepted, 1'000);
}

}  // namespace
}  // namespace hw::net
