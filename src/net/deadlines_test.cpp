// SPDX-License-Identifier: Apache-2.0
// Clients that are slow or silent. The deadlines are short here and the patience of the client is
// long: a test waits for what must happen and never measures how long it took.
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>

#include "tests/echo_server.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

constexpr int kShortMs = 40;
constexpr int kNeverMs = 3'600'000;

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

ServerOptions patient() {
    ServerOptions options;
    options.header_deadline_ms = kNeverMs;
    options.body_deadline_ms = kNeverMs;
    options.idle_deadline_ms = kNeverMs;
    options.write_deadline_ms = kNeverMs;
    return options;
}

void expect_timed_out(RawClient& client, const std::string& what) {
    const auto answer = client.answer();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 408);
    EXPECT_EQ(answer->header("Connection"), "close");
    EXPECT_NE(answer->body.find("The " + what + " of the request took too long"),
              std::string::npos);
    EXPECT_EQ(client.until_closed(), "");
    EXPECT_FALSE(client.was_reset());
}

TEST(Deadlines, CloseAConnectionThatSaysNothing) {
    auto options = patient();
    options.header_deadline_ms = kShortMs;
    RunningServer server(options);
    auto client = server.client();
    EXPECT_EQ(client.until_closed(), "");
}

TEST(Deadlines, RefuseAHeadThatStops) {
    auto options = patient();
    options.header_deadline_ms = kShortMs;
    RunningServer server(options);
    auto client = server.client();
    client.send("GET / HTTP/1.1\r\nHo");
    expect_timed_out(client, "head");
    // The second request of a connection has the same deadline.
    auto second = server.client();
    second.send(kGet);
    EXPECT_EQ(second.answer()->status, 200);
    second.send("GET");
    expect_timed_out(second, "head");
    // So has what was pipelined.
    auto third = server.client();
    third.send(kGet + "GET");
    EXPECT_EQ(third.answer()->status, 200);
    expect_timed_out(third, "head");
}

TEST(Deadlines, AreNotPutOffByDripping) {
    auto options = patient();
    options.header_deadline_ms = kShortMs;
    RunningServer server(options);
    auto client = server.client();
    client.send("GET / HTTP/1.1\r\nX: ");
    std::jthread dripping([&](const std::stop_token& stop) {
        wait_for([&] { return stop.stop_requested() || !client.send("x"); }, RawClient::kPatience);
    });
    expect_timed_out(client, "head");
    dripping.request_stop();
}

TEST(Deadlines, RefuseABodyThatStops) {
    auto options = patient();
    options.body_deadline_ms = kShortMs;
    RunningServer server(options);
    auto client = server.client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell");
    expect_timed_out(client, "body");
    auto chunked = server.client();
    chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    expect_timed_out(chunked, "body");
    auto expecting = server.client();
    expecting.send(
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    EXPECT_TRUE(expecting.wait_for_bytes(25));
    const auto bytes = expecting.until_closed();
    EXPECT_NE(bytes->find("HTTP/1.1 408 "), std::string::npos);
}

TEST(Deadlines, CloseAnIdleConnection) {
    auto options = patient();
    options.idle_deadline_ms = kShortMs;
    RunningServer server(options);
    auto client = server.client();
    client.send(kGet);
    EXPECT_EQ(client.answer()->status, 200);
    EXPECT_EQ(client.until_closed(), "") << "silently: nothing was asked";
}

TEST(Deadlines, CloseAConnectionThatReadsNothing) {
    auto options = patient();
    options.write_deadline_ms = kShortMs;
    RunningServer server(options, [](const Request&, Reply reply) {
        reply(text_response(std::string(32 * 1024 * 1024, 'L')));
    });
    RawClient client(server->port(), 4'096);
    client.send(kGet);
    EXPECT_TRUE(client.wait_for_bytes(1));
    EXPECT_TRUE(wait_for([&] { return server->counts().connections_open == 0; }));
}

// No deadline runs while the service works, however long that takes.
TEST(Deadlines, DoNotRunWhileTheServiceWorks) {
    auto options = patient();
    options.header_deadline_ms = options.body_deadline_ms = kShortMs;
    options.idle_deadline_ms = options.write_deadline_ms = kShortMs;
    std::optional<Reply> kept;
    std::atomic<bool> has_kept = false;
    RunningServer server(options, [&](const Request& request, Reply reply) {
        if (request.path == "/probe") return echo(request, std::move(reply));
        kept = std::move(reply);
        has_kept = true;
    });
    auto client = server.client();
    client.send(kGet);
    ASSERT_TRUE(wait_for([&] { return has_kept.load(); }));
    // Ten connections that come later are closed for idleness, one after the other.
    for (int i = 0; i < 10; ++i) EXPECT_EQ(server.client().until_closed(), "");
    (*kept)(text_response("done"));
    EXPECT_EQ(client.answer()->body, "done");
}

}  // namespace
}  // namespace hw
