// SPDX-License-Identifier: Apache-2.0
// Where webhooks must not lead, in every way that an address can be written or hidden in a name.
// Nothing here is reached: what is refused is refused when the socket would be opened.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/http_client.hpp"
#include "tests/peers/image_host.hpp"

namespace hw {
namespace {

std::string reason_of(const Result<HttpResponse>& result) {
    return result ? "answer " + std::to_string(result->status) : result.error().reason;
}

HttpRequest post_to(const std::string& url) {
    return {.method = "POST",
            .url = url,
            .headers = {{"Content-Type", "application/json"}},
            .body = R"({"id":"evt_1"})"};
}

HostAnswer tell_secret(const std::string&) {
    return {http_answer(200, "secret")};
}

// The special ranges of both families: ends, and what lives there.
const std::vector<std::string> kAddresses = {
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",  // metadata of a cloud
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.0.1",
    "169.254.169.254",  // metadata of most clouds
    "169.254.170.2",    // credentials of containers
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",  // metadata of a cloud
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:7f00:0001]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b::8.8.8.8]",
    "[64:ff9b:1::a00:1]",
    "[100::1]",
    "[2001::1]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[2001:db8::1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2002:c0a8:1::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",  // metadata of a cloud
    "[fd20:ce::254]",   // likewise
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[ff0e::1]",
};

TEST(HostileTargets, NoSpecialAddressIsReached) {
    ASSERT_GE(kAddresses.size(), 60);
    ImageHost inside({http_answer(200, "secret")});
    CurlHttpClient client;
    for (const auto& address : kAddresses) {
        for (const auto* port : {"", ":443", ":8080"}) {
            const auto url = "http://" + address + port + "/";
            EXPECT_EQ(reason_of(client.send(post_to(url))), "address_refused") << url;
        }
        const auto url = "https://" + address + "/";
        EXPECT_EQ(reason_of(client.send(post_to(url))), "address_refused") << url;
    }
    EXPECT_TRUE(inside.requests().empty());
}

TEST(HostileTargets, NoNameThatLeadsThereIsFollowed) {
    std::string address;
    HttpClientOptions options;
    options.hosts = [&] { return std::vector<std::string>{"hooks.example:443:" + address}; };
    CurlHttpClient client(options);
    for (const auto& each : kAddresses) {
        address = each;
        EXPECT_EQ(reason_of(client.send(post_to("https://hooks.example/"))), "address_refused")
            << each;
    }
    for (const auto* several : {"10.0.0.1,[::1]", "169.254.169.254,127.0.0.1,[fd00:ec2::254]"}) {
        address = several;
        EXPECT_EQ(reason_of(client.send(post_to("https://hooks.example/"))), "address_refused")
            << several;
    }
}

struct Row {
    std::string url;
    std::string expected;
};

// 127.0.0.1 in other clothes, and what is no web address at all.
TEST(HostileTargets, NoSpellingHelps) {
    ImageHost inside({http_answer(200, "secret")});
    const auto port = ":" + std::to_string(inside.port()) + "/";
    const Row rows[] = {
        {"http://localhost" + port, "address_refused"},
        {"http://LOCALHOST" + port, "address_refused"},
        {"http://127.1" + port, "address_refused"},
        {"http://127.0.1" + port, "address_refused"},
        {"http://2130706433" + port, "address_refused"},
        {"http://017700000001" + port, "address_refused"},
        {"http://0177.0.0.1" + port, "address_refused"},
        {"http://0177.0.0.01" + port, "address_refused"},
        {"http://0x7f000001" + port, "address_refused"},
        {"http://0x7F.0.0.1" + port, "address_refused"},
        {"http://0x7f.1" + port, "address_refused"},
        {"http://0" + port, "address_refused"},
        {"http://0x0" + port, "address_refused"},
        {"http://%31%32%37.0.0.1" + port, "address_refused"},
        {"http://user@127.0.0.1" + port, "address_refused"},
        {"http://hooks.example@127.0.0.1" + port, "address_refused"},
        {"http://hooks.example:443@127.0.0.1" + port, "address_refused"},
        {"http://[::1%25lo]" + port, "address_refused"},
        {"http://[fe80::1%25lo]" + port, "address_refused"},
        {"http://127.0.0.1" + port + "?a=1#b", "address_refused"},
        {"http://93.184.216.34:22/", "address_refused"},  // public, but no port of the web
        {"http://93.184.216.34:25/", "address_refused"},
        {"http://93.184.216.34:6379/", "address_refused"},
        {"https://93.184.216.34:5432/", "address_refused"},
        {"file:///etc/passwd", "bad_request"},
        {"ftp://127.0.0.1/", "bad_request"},
        {"gopher://127.0.0.1:6379/_INFO", "bad_request"},
        {"dict://127.0.0.1:11211/stats", "bad_request"},
        {"ldap://127.0.0.1/", "bad_request"},
        {"telnet://127.0.0.1/", "bad_request"},
        {"scp://127.0.0.1/etc/passwd", "bad_request"},
        {"smb://127.0.0.1/share", "bad_request"},
        {"data:text/plain,hello", "bad_request"},
        {"http://", "bad_request"},
        {"http://[::1", "bad_request"},
        {"http://a b/", "bad_request"},
    };
    CurlHttpClient client;
    for (const auto& row : rows) {
        EXPECT_EQ(reason_of(client.send(post_to(row.url))), row.expected) << row.url;
    }
    EXPECT_TRUE(inside.requests().empty());
}

// What was public at the first request is private at the second: checked anew each time.
TEST(HostileTargets, ANameThatChangesItsMindIsNotFollowed) {
    ImageHost host({http_answer(200, "")});
    ImageHost inside(tell_secret, "127.0.0.2");
    const auto port = std::to_string(host.port());
    std::string address = "127.0.0.1";  // stands for a public one: the operator listed it
    HttpClientOptions options{.allowed_ranges = {AddressRange::parse("127.0.0.1").value()}};
    options.hosts = [&] {
        return std::vector<std::string>{"hooks.example:" + port + ":" + address};
    };
    CurlHttpClient client(options);
    const auto url = "http://hooks.example:" + port + "/";
    EXPECT_EQ(reason_of(client.send(post_to(url))), "answer 200");
    for (const auto* other : {"127.0.0.2", "10.0.0.1", "[::1]", "169.254.169.254"}) {
        address = other;
        EXPECT_EQ(reason_of(client.send(post_to(url))), "address_refused") << other;
    }
    EXPECT_TRUE(inside.requests().empty());
    EXPECT_EQ(host.requests().size(), 1);
}

TEST(HostileTargets, NoRedirectIsFollowed) {
    ImageHost inside(tell_secret, "127.0.0.2");
    const std::vector<std::string> targets = {inside.url("/", "127.0.0.2"),
                                              "http://169.254.169.254/latest/meta-data/",
                                              "http://[::1]/",
                                              "//10.0.0.1/",
                                              "file:///etc/passwd",
                                              "gopher://127.0.0.1:6379/_INFO"};
    CurlHttpClient client({.allowed_ranges = {AddressRange::parse("127.0.0.1").value()}});
    for (const auto& target : targets) {
        for (const int status : {301, 302, 303, 307, 308}) {
            ImageHost host({http_answer(status, "", "text/plain", "Location: " + target + "\r\n")});
            EXPECT_EQ(reason_of(client.send(post_to(host.url()))),
                      "answer " + std::to_string(status));
            EXPECT_EQ(host.requests().size(), 1);
        }
    }
    EXPECT_TRUE(inside.requests().empty());
}

TEST(HostileTargets, ALongAnswerMayBeCut) {
    const std::string body(3'000, 'x');
    ImageHost host({http_answer(200, body)});
    ImageHost endless({"HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n", HostAnswer::End::Drip});
    CurlHttpClient client({.allowed_ranges = {AddressRange::parse("127.0.0.1").value()}});
    auto request = post_to(host.url());
    request.max_response_bytes = 1'000;
    EXPECT_EQ(reason_of(client.send(request)), "response_too_large");
    request.cut_response = true;
    const auto cut = client.send(request);
    ASSERT_TRUE(cut.has_value()) << cut.error().message;
    EXPECT_EQ(cut->body, body.substr(0, 1'000));
    request.url = endless.url();
    request.max_response_bytes = 10;
    const auto dripped = client.send(request);
    ASSERT_TRUE(dripped.has_value()) << dripped.error().message;
    EXPECT_EQ(dripped->status, 500);
    EXPECT_EQ(dripped->body.size(), 10);
    EXPECT_EQ(client.stats().answers, 2);
    EXPECT_EQ(client.stats().failures, 1);
}

}  // namespace
}  // namespace hw
