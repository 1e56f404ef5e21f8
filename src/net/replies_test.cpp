// SPDX-License-Identifier: Apache-2.0
// Answers that come late, from other threads, or after everyone has left.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "net/exchange.hpp"
#include "tests/echo_server.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

// Keeps requests unanswered, as a queue before a database does.
class Desk {
  public:
    struct Waiting {
        const Request* request;
        Reply reply;
    };

    Service service() {
        return [this](const Request& request, Reply reply) {
            const std::lock_guard lock(mutex_);
            waiting_.push_back({&request, std::move(reply)});
            changed_.notify_all();
        };
    }

    std::vector<Waiting> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(waiting_, {});
    }

    std::size_t size() {
        const std::lock_guard lock(mutex_);
        return waiting_.size();
    }

    // Answers bursts until stop(): all that wait, then all that came meanwhile.
    void answer_until_stopped() {
        for (;;) {
            std::vector<Waiting> burst;
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
                if (waiting_.empty()) return;
                burst.swap(waiting_);
            }
            net::deliver_together([&] {
                for (auto& each : burst) each.reply(text_response(echo_text(*each.request)));
            });
        }
    }

    void stop() {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        changed_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Waiting> waiting_;
    bool stopped_ = false;
};

TEST(Replies, ComeFromOtherThreads) {
    Desk desk;
    ServerOptions options;
    options.threads = 2;
    RunningServer server(options, desk.service());
    std::vector<std::jthread> answering;
    for (int i = 0; i < 2; ++i) answering.emplace_back([&] { desk.answer_until_stopped(); });
    {
        std::vector<std::jthread> clients;
        std::atomic<int> wrong = 0;
        for (int c = 0; c < 8; ++c) {
            clients.emplace_back([&, c] {
                auto client = server.client();
                for (int i = 0; i < 200; ++i) {
                    const auto path = "/" + std::to_string(c) + "/" + std::to_string(i);
                    client.send(get(path));
                    const auto answer = client.answer();
                    if (!answer.has_value() || answer->body != "GET " + path) ++wrong;
                }
            });
        }
        clients.clear();
        EXPECT_EQ(wrong, 0);
    }
    EXPECT_EQ(server->counts().responses[2], 1'600U);
    desk.stop();
}

TEST(Replies, KeepTheOrderOfPipelinedRequests) {
    Desk desk;
    RunningServer server({}, desk.service());
    std::jthread answering([&] { desk.answer_until_stopped(); });
    auto client = server.client();
    std::string bytes;
    for (int i = 0; i < 64; ++i) bytes += get("/" + std::to_string(i));
    client.send(bytes);
    for (int i = 0; i < 64; ++i) {
        const auto answer = client.answer();
        ASSERT_TRUE(answer.has_value());
        ASSERT_EQ(answer->body, "GET /" + std::to_string(i));
    }
    desk.stop();
}

// The first answer must not wait for the second one, which may take long.
TEST(Replies, AreSentBeforeTheNextOneIsWaitedFor) {
    Desk desk;
    RunningServer server({}, [&](const Request& request, Reply reply) {
        if (request.path == "/slow") return desk.service()(request, std::move(reply));
        echo(request, std::move(reply));
    });
    auto client = server.client();
    client.send(get("/fast") + get("/slow"));
    EXPECT_EQ(client.answer()->body, "GET /fast");
    ASSERT_TRUE(wait_for([&] { return desk.size() == 1; }));
    for (auto& each : desk.take()) each.reply(text_response("slow"));
    EXPECT_EQ(client.answer()->body, "slow");
}

TEST(Replies, OfABurstReachAllConnections) {
    Desk desk;
    ServerOptions options;
    options.threads = 2;
    RunningServer server(options, desk.service());
    std::vector<RawClient> clients;
    for (int i = 0; i < 100; ++i) clients.push_back(server.client());
    for (int round = 0; round < 5; ++round) {
        for (auto& client : clients) client.send(get("/"));
        ASSERT_TRUE(wait_for([&] { return desk.size() == clients.size(); }));
        for (auto& each : desk.take()) each.reply(text_response("burst"));
        for (auto& client : clients) EXPECT_EQ(client.answer()->body, "burst");
    }
}

// A service may answer one connection from within the call of another.
TEST(Replies, OfACommitLeaveAtItsEnd) {
    Desk desk;
    ServerOptions options;
    options.threads = 2;
    RunningServer server(options, desk.service());
    std::vector<RawClient> clients;
    for (int i = 0; i < 8; ++i) {
        clients.push_back(server.client());
        clients.back().send(get("/" + std::to_string(i)));
    }
    ASSERT_TRUE(wait_for([&] { return desk.size() == clients.size(); }));
    net::deliver_together([&] {
        auto waiting = desk.take();
        waiting.front().reply(text_response("first"));
        waiting.erase(waiting.begin());
        EXPECT_EQ(server->counts().responses[2], 0U);
        waiting.clear();  // dropped without an answer: 500, together with the first
    });
    std::map<int, int> statuses;
    for (auto& client : clients) {
        const auto answer = client.answer();
        ASSERT_TRUE(answer.has_value());
        ++statuses[answer->status];
    }
    EXPECT_EQ(statuses, (std::map<int, int>{{200, 1}, {500, 7}}));
}

TEST(Replies, ComeFromTheCallOfAnotherRequest) {
    std::optional<Reply> kept;
    RunningServer server({}, [&](const Request& request, Reply reply) {
        if (request.path == "/wait") {
            kept = std::move(reply);
            return;
        }
        if (kept.has_value()) (*kept)(text_response("answered by another"));
        kept.reset();
        echo(request, std::move(reply));
    });
    auto waiting = server.client();
    waiting.send(get("/wait"));
    auto other = server.client();
    std::string last;
    ASSERT_TRUE(wait_for([&] {
        other.send(get("/other"));
        last = other.answer()->body;
        return server->counts().responses[2] >= 2 && !kept.has_value();
    }));
    EXPECT_EQ(last, "GET /other");
    EXPECT_EQ(waiting.answer()->body, "answered by another");
}

std::string everything(const Request& request) {
    std::string text = echo_text(request) + " " + std::string(request.host) + " " +
                       request.request_id + " " + request.client_ip;
    for (const auto& header : request.headers)
        text += " " + std::string(header.name) + "=" + std::string(header.value);
    return text;
}

// The kinds of request whose parts lie in different memory.
std::vector<std::string> kinds_of_request() {
    const std::string large(200'000, 'b');
    return {
        get("/short"),
        "POST /body HTTP/1.1\r\nHost: Example.com\r\nContent-Length: 5\r\n\r\nhello",
        "POST /large HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(9'000, 'x') +
            "\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" + large,
        "POST /chunked HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n0\r\n\r\n",
    };
}

TEST(Replies, KeepTheRequestWhenTheClientLeaves) {
    for (const auto& bytes : kinds_of_request()) {
        Desk desk;
        RunningServer server({}, desk.service());
        auto client = std::make_unique<RawClient>(server.client());
        client->send(bytes);
        ASSERT_TRUE(wait_for([&] { return desk.size() == 1; }));
        auto waiting = desk.take();
        const auto before = everything(*waiting[0].request);
        client->reset();
        // Others come and go, so that memory given back would be written over.
        for (int i = 0; i < 20; ++i) {
            auto other = server.client();
            other.send(bytes);
            ASSERT_TRUE(wait_for([&] { return desk.size() == 1; }));
            for (auto& each : desk.take()) each.reply(text_response(std::string(10'000, 'r')));
            ASSERT_TRUE(other.answer().has_value());
        }
        EXPECT_TRUE(everything(*waiting[0].request) == before);
        waiting[0].reply(text_response("too late"));
        EXPECT_TRUE(wait_for([&] { return server->counts().connections_open == 0; }));
    }
}

TEST(Replies, OutliveTheServer) {
    for (const auto& bytes : kinds_of_request()) {
        Desk desk;
        std::vector<Desk::Waiting> waiting;
        std::string before;
        {
            RunningServer server({}, desk.service());
            auto client = server.client();
            client.send(bytes);
            ASSERT_TRUE(wait_for([&] { return desk.size() == 1; }));
            waiting = desk.take();
            before = everything(*waiting[0].request);
        }
        EXPECT_TRUE(everything(*waiting[0].request) == before);
        waiting[0].reply(text_response("too late"));
    }
}

TEST(Replies, MayBeDroppedAfterTheServer) {
    Desk desk;
    {
        RunningServer server({}, desk.service());
        auto client = server.client();
        client.send(get("/"));
        ASSERT_TRUE(wait_for([&] { return desk.size() == 1; }));
    }
    EXPECT_EQ(desk.take().size(), 1U);
}

// Clients that vanish at any point while answers are on their way; a sanitizer sees what is wrong.
TEST(Replies, MeetClientsThatVanish) {
    Desk desk;
    ServerOptions options;
    options.threads = 2;
    RunningServer server(options, desk.service());
    std::jthread answering([&] { desk.answer_until_stopped(); });
    const auto kinds = kinds_of_request();
    for (std::size_t i = 0; i < 300; ++i) {
        auto client = server.client();
        const auto& bytes = kinds[i % kinds.size()];
        client.send(bytes + bytes.substr(0, i % bytes.size()));
        if (i % 3 == 0) client.answer();
        if (i % 2 == 0) client.reset();
    }
    EXPECT_TRUE(wait_for([&] { return server->counts().connections_open == 0; }));
    auto client = server.client();
    client.send(get("/after"));
    EXPECT_EQ(client.answer()->body, "GET /after");
    desk.stop();
}

}  // namespace
}  // namespace hw
