// SPDX-License-Identifier: Apache-2.0
#include "net/server.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/echo_server.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string get(const std::string& path, const std::string& headers = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

RawAnswer ask(RawClient& client, const std::string& bytes) {
    client.send(bytes);
    return client.answer().value_or(RawAnswer{});
}

TEST(Server, AnswersHeadWithoutBody) {
    RunningServer server;
    auto client = server.client();
    client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + kGet);
    const auto head = client.answer(true);
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->header("Content-Length"), std::to_string(std::string("HEAD /a").size()));
    EXPECT_EQ(client.answer()->body, "GET /");
}

struct StatusRow {
    int status;
    std::string body;
    std::string length;  // "none": no Content-Length
    std::string sent;
};

TEST(Server, SendsABodyWhereTheStatusAllowsOne) {
    const std::vector<StatusRow> rows = {
        {200, "", "0", ""},         {200, "hello", "5", "hello"}, {302, "", "0", ""},
        {404, "nope", "4", "nope"}, {204, "", "none", ""},        {204, "hello", "none", ""},
        {304, "hello", "none", ""}, {599, "", "0", ""},
    };
    for (const auto& row : rows) {
        RunningServer server({}, [&](const Request&, Reply reply) {
            reply({.status = row.status, .body = row.body, .content_type = {}, .headers = {}});
        });
        auto client = server.client();
        const auto answer = ask(client, kGet);
        EXPECT_EQ(answer.status, row.status);
        EXPECT_EQ(answer.has_header("Content-Length") ? answer.header("Content-Length") : "none",
                  row.length);
        EXPECT_EQ(answer.body, row.sent);
        EXPECT_EQ(ask(client, kGet).status, row.status) << "the next one on the connection";
    }
}

TEST(Server, GivesTheServiceWhatWasSent) {
    std::string seen;
    RunningServer server({}, [&](const Request& request, Reply reply) {
        seen = std::string(request.host) + "|" + request.client_ip + "|" +
               std::string(request.header("x-a")) + "|" + std::string(request.header("X-B")) + "|" +
               std::string(request.body) + "|" + (request.secure ? "secure" : "plain");
        reply(text_response(""));
    });
    auto client = server.client();
    ask(client,
        "POST / HTTP/1.1\r\nHost: Example.COM.:8080\r\nX-A: 1\r\nx-b:  two words \r\n"
        "Content-Length: 3\r\n\r\nabc");
    EXPECT_EQ(seen, "example.com|127.0.0.1|1|two words|abc|plain");
}

TEST(Server, AsksForABodyThatWaits) {
    RunningServer server;
    const std::string head =
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n";
    auto client = server.client();
    client.send(head);
    const std::string asked = "HTTP/1.1 100 Continue\r\n\r\n";
    ASSERT_TRUE(client.wait_for_bytes(asked.size()));
    client.send("hello" + get("/next", "Connection: close\r\n"));
    const auto bytes = client.until_closed();
    ASSERT_TRUE(bytes.has_value());
    EXPECT_TRUE(bytes->starts_with(asked + "HTTP/1.1 200 OK\r\n"));
    EXPECT_NE(bytes->find("POST / [hello]"), std::string::npos);
    EXPECT_TRUE(bytes->ends_with("GET /next"));

    auto eager = server.client();
    EXPECT_EQ(ask(eager, head + "hello").body, "POST / [hello]") << "sent without waiting";

    auto old = server.client();
    old.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    old.send("hello");
    EXPECT_EQ(old.answer()->body, "POST / [hello]") << "HTTP/1.0 knows no 100";
}

TEST(Server, TellsHttp10ThatTheConnectionStays) {
    RunningServer server;
    auto client = server.client();
    const std::string keep = "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
    EXPECT_EQ(ask(client, keep).header("Connection"), "keep-alive");
    EXPECT_EQ(ask(client, "GET / HTTP/1.0\r\n\r\n").header("Connection"), "close");
    EXPECT_EQ(client.until_closed(), "");
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    RunningServer server;
    for (const int count : {2, 64, 1'000}) {
        auto client = server.client();
        std::string bytes;
        for (int i = 0; i < count; ++i) bytes += get("/" + std::to_string(i));
        client.send(bytes);
        for (int i = 0; i < count; ++i) {
            const auto answer = client.answer();
            ASSERT_TRUE(answer.has_value()) << i << " of " << count;
            ASSERT_EQ(answer->body, "GET /" + std::to_string(i));
        }
    }
}

TEST(Server, PipelinesBodiesToo) {
    RunningServer server;
    auto client = server.client();
    std::string bytes;
    for (int i = 0; i < 64; ++i) {
        const std::string body(static_cast<std::size_t>(i) * 300, 'b');
        bytes += "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
                 "\r\n\r\n" + body;
    }
    client.send(bytes);
    for (int i = 0; i < 64; ++i) {
        const auto answer = client.answer();
        ASSERT_TRUE(answer.has_value()) << i;
        const std::string body(static_cast<std::size_t>(i) * 300, 'b');
        ASSERT_EQ(answer->body, body.empty() ? "POST /" : "POST / [" + body + "]");
    }
}

TEST(Server, KeepsOrMakesTheRequestId) {
    RunningServer server(
        {}, [](const Request& request, Reply reply) { reply(text_response(request.request_id)); });
    auto client = server.client();
    const std::string longest(64, 'x');
    for (const auto& id : {std::string("a"), std::string("A-z_0.9"), longest}) {
        const auto answer = ask(client, get("/", "X-Request-ID: " + id + "\r\n"));
        EXPECT_EQ(answer.header("X-Request-Id"), id);
        EXPECT_EQ(answer.body, id);
    }
    std::set<std::string> made;
    for (const auto& id : {std::string(""), longest + "x", std::string("a b"), std::string("a/b"),
                           std::string("a,b"), std::string("\xC3\xA9"), std::string("{}")}) {
        const auto answer = ask(client, get("/", "X-Request-Id: " + id + "\r\n"));
        EXPECT_EQ(answer.header("X-Request-Id"), answer.body);
        EXPECT_EQ(answer.body.size(), 32U);
        EXPECT_EQ(answer.body.find_first_not_of("0123456789abcdef"), std::string::npos);
        made.insert(answer.body);
    }
    EXPECT_EQ(made.size(), 7U);
    EXPECT_EQ(ask(client, "BAD\r\n\r\n").header("X-Request-Id").size(), 32U);
}

void misbehave(const Request& request, Reply reply) {
    if (request.path == "/throw") throw std::runtime_error("service failed");
    if (request.path == "/throw-number") throw 7;
    if (request.path == "/drop") return;
    if (request.path == "/twice") {
        reply(text_response("first"));
        return reply(text_response("second"));
    }
    reply(text_response("fine"));
    if (request.path == "/throw-late") throw std::runtime_error("service failed");
}

TEST(Server, SurvivesAServiceThatMisbehaves) {
    RunningServer server({}, misbehave);
    auto client = server.client();
    for (const std::string path : {"/throw", "/throw-number", "/drop"}) {
        const auto answer = ask(client, get(path));
        EXPECT_EQ(answer.status, 500) << path;
        EXPECT_NE(answer.body.find("\"internal_server_error\""), std::string::npos);
        EXPECT_NE(answer.body.find("#internal-server_error\""), std::string::npos);
    }
    EXPECT_EQ(ask(client, get("/twice")).body, "first");
    EXPECT_EQ(ask(client, get("/throw-late")).body, "fine");
    EXPECT_EQ(ask(client, get("/")).body, "fine") << "on the same connection";
}

struct UnsafeRow {
    std::string name;
    std::string value;
    int status;
};

TEST(Server, SendsNoUnsafeHeader) {
    const std::vector<UnsafeRow> rows = {
        {"Location", "https://example.com/?q=\xC3\xA9", 200},
        {"X-Tab", "a\tb", 200},
        {"Location", "/\r\nSet-Cookie: a=b", 500},
        {"Location", "/\nSet-Cookie: a=b", 500},
        {"Location", "/\rx", 500},
        {"Location", std::string("/\0x", 3), 500},
        {"Location", "/\x7F", 500},
        {"X\r\nY", "z", 500},
        {"X Y", "z", 500},
        {"X:", "z", 500},
        {"", "z", 500},
        {"Content-Length", "0", 500},
        {"content-length", "0", 500},
        {"Transfer-Encoding", "chunked", 500},
        {"Connection", "close", 500},
    };
    for (const auto& row : rows) {
        RunningServer server({}, [&](const Request&, Reply reply) {
            auto response = text_response("body");
            response.headers.emplace_back(row.name, row.value);
            reply(std::move(response));
        });
        auto client = server.client();
        const auto answer = ask(client, kGet);
        EXPECT_EQ(answer.status, row.status) << row.name;
        if (row.status == 200) {
            EXPECT_EQ(answer.header(row.name), row.value);
        }
        EXPECT_EQ(answer.head.find("Set-Cookie"), std::string::npos);
        EXPECT_EQ(ask(client, kGet).status, row.status) << "the connection goes on";
    }
}

TEST(Server, SendsNoUnsafeStatusOrContentType) {
    for (auto response : {Response{.status = 99}, Response{.status = 100}, Response{.status = 600},
                          Response{.status = 200, .content_type = "text/html\r\nX: y"}}) {
        RunningServer server({}, [&](const Request&, Reply reply) { reply(Response(response)); });
        auto client = server.client();
        EXPECT_EQ(ask(client, kGet).status, 500) << response.status;
    }
}

TEST(Server, SendsItsOwnRequestIdOnce) {
    RunningServer server({}, [](const Request&, Reply reply) {
        auto response = text_response("");
        response.headers.emplace_back("x-request-id", "other");
        reply(std::move(response));
    });
    auto client = server.client();
    const auto answer = ask(client, get("/", "X-Request-Id: mine\r\n"));
    EXPECT_EQ(answer.header("X-Request-Id"), "mine");
    EXPECT_EQ(answer.head.find("other"), std::string::npos);
}

TEST(Server, SendsLargeAnswersToASlowReader) {
    const std::string large(8 * 1024 * 1024, 'L');
    RunningServer server({}, [&](const Request&, Reply reply) { reply(text_response(large)); });
    RawClient client(server->port(), 4'096);
    client.send(kGet + kGet);
    for (int i = 0; i < 2; ++i) {
        const auto answer = client.answer();
        ASSERT_TRUE(answer.has_value());
        EXPECT_TRUE(answer->body == large);
    }
}

TEST(Server, CountsWhatItDid) {
    RunningServer server({}, misbehave);
    auto client = server.client();
    ask(client, get("/"));
    ask(client, get("/"));
    ask(client, get("/drop"));
    ask(client, "BAD\r\n\r\n");
    client.close();
    ASSERT_TRUE(wait_for([&] { return server->counts().connections_open == 0; }));
    const auto counts = server->counts();
    EXPECT_EQ(counts.connections_accepted, 1U);
    EXPECT_EQ(counts.connections_refused, 0U);
    EXPECT_EQ(counts.responses[2], 2U);
    EXPECT_EQ(counts.responses[4], 1U);
    EXPECT_EQ(counts.responses[5], 1U);
    EXPECT_EQ(counts.bytes_received, 2 * get("/").size() + get("/drop").size() + 7);
    EXPECT_GT(counts.bytes_sent, 4U * 60);
}

TEST(Server, ServesOnSeveralThreads) {
    std::mutex mutex;
    std::set<std::thread::id> threads;
    ServerOptions options;
    options.threads = 3;
    options.pin_threads = true;
    RunningServer server(options, [&](const Request&, Reply reply) {
        {
            const std::lock_guard lock(mutex);
            threads.insert(std::this_thread::get_id());
        }
        reply(text_response("fine"));
    });
    // The kernel spreads connections by a hash of their ports, so three threads show soon.
    EXPECT_TRUE(wait_for([&] {
        auto client = server.client();
        EXPECT_EQ(ask(client, kGet).body, "fine");
        const std::lock_guard lock(mutex);
        return threads.size() == 3;
    }));
}

TEST(Server, ListensOnIpv6) {
    ServerOptions options;
    options.host = "::1";
    CountingEnv env;
    Server server(options, echo, env);
    const auto started = server.start();
    if (!started.has_value()) GTEST_SKIP() << started.error().message;
    EXPECT_GT(server.port(), 0);
}

struct OptionRow {
    std::string name;
    ServerOptions options;
    std::string message;
};

TEST(Server, RefusesOptionsThatCannotWork) {
    RunningServer taken;
    const std::vector<OptionRow> rows = {
        {"host", {.host = "example.com"}, "\"example.com\" is not an IP address"},
        {"foreign host", {.host = "192.0.2.1"}, "Cannot listen on 192.0.2.1"},
        {"port", {.port = taken->port()}, "Address already in use"},
        {"ports", {.port = taken->port(), .threads = 2}, "Address already in use"},
        {"proxy", {.trusted_proxies = {"10.0.0.0/8", "proxy"}}, "\"proxy\""},
        {"key without certificate", {.tls_key_path = "key.pem"}, "Give both paths"},
        {"certificate without key", {.tls_certificate_path = "cert.pem"}, "Give both paths"},
        {"no such certificate",
         {.tls_certificate_path = "/nonexistent/c.pem", .tls_key_path = "/nonexistent/k.pem"},
         "certificate \"/nonexistent/c.pem\" cannot be used"},
    };
    for (const auto& row : rows) {
        CountingEnv env;
        Server server(row.options, echo, env);
        const auto started = server.start();
        ASSERT_FALSE(started.has_value()) << row.name;
        EXPECT_NE(started.error().message.find(row.message), std::string::npos)
            << started.error().message;
    }
}

}  // namespace
}  // namespace hw
