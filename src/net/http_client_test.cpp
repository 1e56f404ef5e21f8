// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/certificate.hpp"
#include "tests/echo_server.hpp"
#include "tests/peers/image_host.hpp"

namespace hw {
namespace {

using End = HostAnswer::End;

AddressRange range(const char* text) {
    return AddressRange::parse(text).value();
}

// May connect to 127.0.0.1 and nothing else that is private.
HttpClientOptions loopback_allowed() {
    return {.allowed_ranges = {range("127.0.0.1")}};
}

std::string reason_of(const Result<HttpResponse>& result) {
    return result ? "answer " + std::to_string(result->status) : result.error().reason;
}

TEST(HttpClient, SendsWhatItIsGiven) {
    ImageHost host({http_answer(201, "made", "text/plain", "X-Thing:  a b \r\n")});
    CurlHttpClient client(loopback_allowed());
    const auto response = client.send({.method = "PATCH",
                                       .url = host.url("/path?q=1"),
                                       .headers = {{"X-Id", "7"}, {"X-Empty", ""}},
                                       .body = "hello"});
    ASSERT_TRUE(response.has_value()) << response.error().message;
    EXPECT_EQ(response->status, 201);
    EXPECT_EQ(response->body, "made");
    EXPECT_EQ(response->header("x-thing"), "a b");
    EXPECT_EQ(response->header("absent"), "");
    const auto request = host.requests().at(0);
    EXPECT_TRUE(request.starts_with("PATCH /path?q=1 HTTP/1.1\r\n")) << request;
    for (const auto* line :
         {"X-Id: 7\r\n", "X-Empty:", "User-Agent: Headwater\r\n", "Content-Length: 5\r\n"}) {
        EXPECT_TRUE(request.contains(line)) << line << " in " << request;
    }
    for (const auto* line : {"Expect:", "Content-Type:", "Accept-Encoding:"}) {
        EXPECT_FALSE(request.contains(line)) << line << " in " << request;
    }
}

struct MethodRow {
    std::string method;
    std::string body;
    std::string first_line;
};

TEST(HttpClient, SendsEveryMethod) {
    const std::vector<MethodRow> rows = {
        {"GET", "", "GET / HTTP/1.1"},       {"HEAD", "", "HEAD / HTTP/1.1"},
        {"POST", "x=1", "POST / HTTP/1.1"},  {"POST", "", "POST / HTTP/1.1"},
        {"DELETE", "", "DELETE / HTTP/1.1"}, {"PUT", "{}", "PUT / HTTP/1.1"},
    };
    ImageHost host({http_answer(204, "")});
    CurlHttpClient client(loopback_allowed());
    for (const auto& row : rows) {
        const auto response =
            client.send({.method = row.method, .url = host.url(), .body = row.body});
        EXPECT_EQ(reason_of(response), "answer 204");
        EXPECT_TRUE(host.requests().back().starts_with(row.first_line)) << host.requests().back();
    }
}

TEST(HttpClient, RefusesHeadersThatWouldHoldOthers) {
    CurlHttpClient client;
    const std::vector<HttpRequest> rows = {
        {.method = "GET\r\nX: 1", .url = "http://a.example/"},
        {.method = "", .url = "http://a.example/"},
        {.url = "http://a.example/", .headers = {{"X", "1\r\nY: 2"}}},
        {.url = "http://a.example/", .headers = {{"X: 1\r\nY", "2"}}},
        {.url = "http://a.example/", .headers = {{"", "2"}}},
        {.url = std::string("http://a.example/\0x", 19)},
        {.url = ""},
    };
    for (const auto& row : rows) EXPECT_EQ(reason_of(client.send(row)), "bad_request");
}

struct UrlRow {
    std::string url;
    std::string outcome;
};

// 127.0.0.1 is not listed here, so a refusal shows that nothing private was reached.
TEST(HttpClient, ConnectsToPublicAddressesOnly) {
    ImageHost host({http_answer(200, "secret")});
    const auto port = ":" + std::to_string(host.port()) + "/";
    const std::vector<UrlRow> rows = {
        {"http://127.0.0.1" + port, "address_refused"},
        {"http://localhost" + port, "address_refused"},
        {"http://127.1" + port, "address_refused"},
        {"http://127.0.1" + port, "address_refused"},
        {"http://2130706433" + port, "address_refused"},
        {"http://0x7f000001" + port, "address_refused"},
        {"http://0x7f.0.0.1" + port, "address_refused"},
        {"http://0177.0.0.1" + port, "address_refused"},
        {"http://017700000001" + port, "address_refused"},
        {"http://0" + port, "address_refused"},
        {"http://0.0.0.0" + port, "address_refused"},
        {"http://127.0.0.1." + port, "host_not_found"},
        {"http://user:pass@127.0.0.1" + port, "address_refused"},
        {"http://%31%32%37.0.0.1" + port, "address_refused"},
        {"http://[::1]" + port, "address_refused"},
        {"http://[::]" + port, "address_refused"},
        {"http://[::ffff:127.0.0.1]" + port, "address_refused"},
        {"http://[::ffff:7f00:1]" + port, "address_refused"},
        {"http://[0:0:0:0:0:ffff:7f00:0001]" + port, "address_refused"},
        {"http://[::127.0.0.1]" + port, "address_refused"},
        {"http://[64:ff9b::127.0.0.1]" + port, "address_refused"},
        {"http://[64:ff9b:1::7f00:1]" + port, "address_refused"},
        {"http://[2002:7f00:1::]" + port, "address_refused"},
        {"http://[2001::1]" + port, "address_refused"},
        {"http://[fe80::1%25lo]" + port, "address_refused"},
        {"http://[fd00::1]" + port, "address_refused"},
        {"http://[fec0::1]" + port, "address_refused"},
        {"http://[ff02::1]" + port, "address_refused"},
        {"http://[2001:db8::1]" + port, "address_refused"},
        {"http://[fd00:ec2::254]/latest", "address_refused"},
        {"http://169.254.169.254/latest/meta-data/", "address_refused"},
        {"http://0xa9fea9fe/latest/meta-data/", "address_refused"},
        {"http://10.0.0.1/", "address_refused"},
        {"http://172.31.255.255/", "address_refused"},
        {"http://192.168.0.1/", "address_refused"},
        {"http://100.64.0.1/", "address_refused"},
        {"http://192.0.2.1/", "address_refused"},
        {"http://198.18.0.1/", "address_refused"},
        {"http://224.0.0.1/", "address_refused"},
        {"http://255.255.255.255/", "address_refused"},
        {"https://10.0.0.1/", "address_refused"},
        {"http://93.184.216.34:22/", "address_refused"},  // public, but no port of the web
        {"http://93.184.216.34:6379/", "address_refused"},
        {"file:///etc/passwd", "bad_request"},
        {"ftp://127.0.0.1/", "bad_request"},
        {"gopher://127.0.0.1/", "bad_request"},
        {"dict://127.0.0.1/", "bad_request"},
        {"data:image/png;base64,AAAA", "bad_request"},
        {"http://", "bad_request"},
        {"http://[::1", "bad_request"},
        {"http://a b/", "bad_request"},
    };
    CurlHttpClient client;
    for (const auto& row : rows) {
        EXPECT_EQ(reason_of(client.send({.url = row.url})), row.outcome) << row.url;
    }
    EXPECT_TRUE(host.requests().empty());
}

TEST(HttpClient, ConnectsToPrivateAddressesThatTheOperatorListed) {
    ImageHost host({http_answer(200, "fine")});
    const std::vector<UrlRow> rows = {
        {"127.0.0.1", "answer 200"},       {"127.0.0.0/8", "answer 200"},
        {"0.0.0.0/0", "answer 200"},       {"127.0.0.2", "address_refused"},
        {"10.0.0.0/8", "address_refused"}, {"::/0", "address_refused"},
    };
    for (const auto& row : rows) {
        CurlHttpClient client({.allowed_ranges = {range(row.url.c_str())}});
        EXPECT_EQ(reason_of(client.send({.url = host.url()})), row.outcome) << row.url;
    }
}

TEST(HttpClient, ANameThatTurnsPrivateIsRefusedAtConnect) {
    ImageHost host({http_answer(200, "fine")});
    const auto name = "shop.example:" + std::to_string(host.port());
    const std::vector<UrlRow> rows = {
        {"127.0.0.1", "answer 200"},
        {"127.0.0.2", "address_refused"},
        {"[::1]", "address_refused"},
        {"[::ffff:127.0.0.2]", "address_refused"},
        {"127.0.0.2,[::1],10.1.2.3", "address_refused"},
        {"127.0.0.2,127.0.0.1", "answer 200"},  // the bad one is skipped, the listed one reached
        {"169.254.169.254", "address_refused"},
    };
    std::string address;
    auto options = loopback_allowed();
    options.hosts = [&] { return std::vector{name + ":" + address}; };
    CurlHttpClient client(options);
    for (const auto& row : rows) {
        address = row.url;
        EXPECT_EQ(reason_of(client.send({.url = "http://" + name + "/"})), row.outcome) << row.url;
    }
    EXPECT_EQ(host.requests().size(), 2);
}

TEST(HttpClient, ProxiesOfTheEnvironmentAreNotUsed) {
    ImageHost proxy({http_answer(200, "from the proxy")});
    ::setenv("http_proxy", proxy.url().c_str(), 1);
    ::setenv("all_proxy", proxy.url().c_str(), 1);
    CurlHttpClient client(loopback_allowed());
    EXPECT_EQ(reason_of(client.send({.url = "http://10.0.0.1/"})), "address_refused");
    ::unsetenv("http_proxy");
    ::unsetenv("all_proxy");
    EXPECT_TRUE(proxy.requests().empty());
}

TEST(HttpClient, FollowsNoRedirect) {
    ImageHost target({http_answer(200, "inside")});
    ImageHost host(
        {http_answer(302, "", "text/plain", "Location: " + target.url("/inside") + "\r\n")});
    CurlHttpClient client(loopback_allowed());
    const auto response = client.send({.url = host.url()});
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, 302);
    EXPECT_EQ(response->header("location"), target.url("/inside"));
    EXPECT_TRUE(target.requests().empty());
}

struct PeerRow {
    std::string name;
    HostAnswer answer;
    std::string outcome;
};

TEST(HttpClient, EndsWithWhateverThePeerDoes) {
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string until_close = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    const std::string body(1'000, 'x');
    const std::string more(1'001, 'x');
    const std::vector<PeerRow> rows = {
        {"as large as allowed", {http_answer(200, body)}, "answer 200"},
        {"one byte more, announced", {http_answer(200, more)}, "response_too_large"},
        {"one byte more, until close", {until_close + more}, "response_too_large"},
        {"one byte more, chunked",
         {chunked + "3e9\r\n" + more + "\r\n0\r\n\r\n"},
         "response_too_large"},
        {"announces more than it sends",
         {"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort"},
         "connection_failed"},
        {"announces less than it sends",
         {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + more},
         "answer 200"},
        {"announces far too much",
         {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", End::Hang},
         "response_too_large"},
        {"announces nonsense",
         {"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc"},
         "connection_failed"},
        {"drips for ever", {until_close, End::Drip}, "timeout"},
        {"drips chunks for ever", {chunked + "5000\r\n", End::Drip}, "timeout"},
        {"hangs before the head", {"", End::Hang}, "timeout"},
        {"hangs in the head", {"HTTP/1.1 200 OK\r\nX-A", End::Hang}, "timeout"},
        {"hangs in the body",
         {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", End::Hang},
         "timeout"},
        {"drips a header", {"HTTP/1.1 200 OK\r\nX-A: ", End::Drip}, "timeout"},
        {"closes at once", {""}, "connection_failed"},
        {"resets",
         {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", End::Reset},
         "connection_failed"},
        {"is no web server", {"220 mail.example ESMTP\r\n"}, "connection_failed"},
        {"too many headers",
         {"HTTP/1.1 200 OK\r\n" + std::string(70'000, 'h') + ": 1\r\n\r\n"},
         "response_too_large"},
        {"continues first",
         {"HTTP/1.1 100 Continue\r\n\r\n" + http_answer(200, "a")},
         "answer 200"},
    };
    CurlHttpClient client(loopback_allowed());
    for (const auto& row : rows) {
        ImageHost host(row.answer);
        const auto response = client.send({.url = host.url(),
                                           .timeout_ms = row.outcome == "timeout" ? 200 : 30'000,
                                           .max_response_bytes = 1'000});
        EXPECT_EQ(reason_of(response), row.outcome) << row.name;
        if (!response) {
            EXPECT_EQ(response.error().code == ErrorCode::Unavailable,
                      row.outcome != "response_too_large")
                << row.name;
        }
    }
}

TEST(HttpClient, SaysWhenNobodyListensOrNoNameIsKnown) {
    std::uint16_t port = 0;
    {
        const ImageHost closed({""});
        port = closed.port();
    }
    CurlHttpClient client(loopback_allowed());
    EXPECT_EQ(reason_of(client.send({.url = "http://127.0.0.1:" + std::to_string(port) + "/"})),
              "connection_failed");
    EXPECT_EQ(reason_of(client.send({.url = "http://nowhere.invalid/"})), "host_not_found");
}

TEST(HttpClient, TrustsKnownAuthoritiesOnly) {
    const TempDir folder;
    const auto files = make_certificate(folder, "server");
    ServerOptions options;
    options.tls_certificate_path = files.certificate;
    options.tls_key_path = files.key;
    RunningServer server(options);
    const auto port = std::to_string(server->port());
    const std::vector<std::array<std::string, 3>> rows = {
        {"https://localhost:", files.certificate, "answer 200"},
        {"https://localhost:", "", "tls_failed"},
        {"https://127.0.0.1:", files.certificate, "tls_failed"},  // made out to another name
    };
    for (const auto& [start, ca_path, outcome] : rows) {
        auto client_options = loopback_allowed();
        client_options.ca_path = ca_path;
        CurlHttpClient client(client_options);
        EXPECT_EQ(reason_of(client.send({.url = start + port + "/"})), outcome) << start << ca_path;
    }
}

TEST(HttpClient, ServesManyThreadsAtOnce) {
    ImageHost host([](const std::string& request) -> HostAnswer {
        const auto from = request.find('/');
        return {http_answer(200, request.substr(from, request.find(' ', from) - from))};
    });
    CurlHttpClient client(loopback_allowed());
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    const auto ask = [&](int thread, int i) {
        const auto path = "/" + std::to_string(thread) + "-" + std::to_string(i);
        const auto response = client.send({.url = host.url(path), .timeout_ms = 60'000});
        if (response && response->body == path) ++good;
    };
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20; ++i) ask(t, i);
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(good, 160);
}

}  // namespace
}  // namespace hw
