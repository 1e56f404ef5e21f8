// SPDX-License-Identifier: Apache-2.0
// The end of a server: what was asked is answered, what is idle is closed, nothing is lost.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/echo_server.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

TEST(Drain, ClosesIdleConnectionsAtOnce) {
    RunningServer server;
    auto fresh = server.client();
    auto used = server.client();
    used.send(get("/"));
    EXPECT_EQ(used.answer()->status, 200);
    ASSERT_TRUE(wait_for([&] { return server->counts().connections_open == 2; }));
    server->drain();
    EXPECT_EQ(fresh.until_closed(), "");
    EXPECT_EQ(used.until_closed(), "");
    EXPECT_FALSE(used.was_reset());
    EXPECT_EQ(server->counts().connections_open, 0U);
    EXPECT_THROW(server.client(), std::system_error) << "nobody listens any more";
    server->drain();  // again is harmless
}

TEST(Drain, AnswersWhatIsInFlight) {
    std::optional<Reply> kept;
    std::atomic<bool> has_kept = false;
    RunningServer server({}, [&](const Request&, Reply reply) {
        kept = std::move(reply);
        has_kept = true;
    });
    auto waiting = server.client();
    waiting.send(get("/") + get("/pipelined"));
    ASSERT_TRUE(wait_for([&] { return has_kept.load(); }));
    auto idle = server.client();
    ASSERT_TRUE(wait_for([&] { return server->counts().connections_open == 2; }));
    std::jthread draining([&] { server->drain(); });
    EXPECT_EQ(idle.until_closed(), "");
    (*kept)(text_response("answered"));
    const auto answer = waiting.answer();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->body, "answered");
    EXPECT_EQ(answer->header("Connection"), "close");
    EXPECT_EQ(waiting.until_closed(), "") << "the pipelined request was not taken";
    EXPECT_FALSE(waiting.was_reset());
    waiting.close();
}

TEST(Drain, ReadsARequestThatHasBegun) {
    RunningServer server;
    auto client = server.client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    ASSERT_TRUE(wait_for([&] { return server->counts().bytes_received > 0; }));
    auto idle = server.client();
    ASSERT_TRUE(wait_for([&] { return server->counts().connections_open == 2; }));
    std::jthread draining([&] { server->drain(); });
    EXPECT_EQ(idle.until_closed(), "");
    client.send("llo");
    const auto answer = client.answer();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->body, "POST / [hello]");
    EXPECT_EQ(answer->header("Connection"), "close");
    client.close();
}

TEST(Drain, GivesUpAfterItsTime) {
    ServerOptions options;
    options.drain_seconds = 1;
    std::optional<Reply> kept;
    std::atomic<bool> has_kept = false;
    RunningServer server(options, [&](const Request&, Reply reply) {
        kept = std::move(reply);
        has_kept = true;
    });
    auto waiting = server.client();
    waiting.send(get("/"));
    auto stuck = server.client();
    stuck.send("GET / HT");
    ASSERT_TRUE(wait_for([&] { return has_kept && server->counts().connections_open == 2; }));
    server->drain();
    EXPECT_EQ(server->counts().connections_open, 0U);
    EXPECT_EQ(waiting.until_closed(), "");
    EXPECT_EQ(stuck.until_closed(), "");
    (*kept)(text_response("too late"));
}

// Clients ask as fast as they can while the server drains. Each counts what it was answered; that
// must be what the service answered to it.
class DrainUnderLoad : public testing::TestWithParam<bool> {};

TEST_P(DrainUnderLoad, LosesNoAnswer) {
    constexpr std::size_t kClients = 16;
    std::array<std::atomic<int>, kClients> answered{};
    std::array<std::atomic<int>, kClients> received{};
    const bool by_other_thread = GetParam();
    std::mutex mutex;
    std::vector<std::pair<std::size_t, Reply>> waiting;
    const auto service = [&](const Request& request, Reply reply) {
        const auto who = std::stoul(std::string(request.path.substr(1)));
        if (by_other_thread) {
            const std::lock_guard lock(mutex);
            waiting.emplace_back(who, std::move(reply));
        } else {
            ++answered[who];
            reply(text_response("fine"));
        }
    };
    ServerOptions options;
    options.threads = 2;
    std::optional<RunningServer> server(std::in_place, options, service);
    std::atomic<bool> over = false;
    std::jthread answering([&] {
        while (!over) {
            std::vector<std::pair<std::size_t, Reply>> burst;
            {
                const std::lock_guard lock(mutex);
                burst.swap(waiting);
            }
            for (auto& [who, reply] : burst) {
                ++answered[who];
                reply(text_response("fine"));
            }
            std::this_thread::yield();
        }
    });
    std::vector<std::jthread> clients;
    for (std::size_t who = 0; who < kClients; ++who) {
        clients.emplace_back([&, who] {
            auto client = server->client();
            const auto request = get("/" + std::to_string(who));
            // Every other client pipelines.
            const auto bytes = who % 2 == 0 ? request : request + request + request;
            const int count = who % 2 == 0 ? 1 : 3;
            for (bool open = true; open;) {
                client.send(bytes);
                for (int i = 0; i < count && open; ++i) {
                    const auto answer = client.answer();
                    open = answer.has_value();
                    if (open) ++received[who];
                }
            }
        });
    }
    ASSERT_TRUE(wait_for([&] { return (*server)->counts().responses[2] > 2'000; }));
    (*server)->drain();
    clients.clear();
    over = true;
    for (std::size_t who = 0; who < kClients; ++who)
        EXPECT_EQ(received[who], answered[who]) << "client " << who;
}

INSTANTIATE_TEST_SUITE_P(Replies, DrainUnderLoad, testing::Bool(),
                         [](const auto& row) { return row.param ? "FromOtherThread" : "Inline"; });

}  // namespace
}  // namespace hw
