// SPDX-License-Identifier: Apache-2.0
// Answers whose body is made piece by piece: as fast as the client reads, until it leaves.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/echo_server.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

using End = BodyPiece::End;

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

// The data of a chunked body; nothing when it is cut off.
std::optional<std::string> decode(std::string_view chunks) {
    std::string data;
    for (;;) {
        const auto line = chunks.find("\r\n");
        if (line == chunks.npos) return std::nullopt;
        const auto size = std::stoul(std::string(chunks.substr(0, line)), nullptr, 16);
        chunks.remove_prefix(line + 2);
        if (chunks.size() < size + 2) return std::nullopt;
        data += chunks.substr(0, size);
        chunks.remove_prefix(size + 2);
        if (size == 0) return data;
    }
}

std::string body_of(const std::string& bytes) {
    return bytes.substr(bytes.find("\r\n\r\n") + 4);
}

// Counts itself, and makes its pieces as it is told to.
class TestSource final : public BodySource {
  public:
    struct Counts {
        std::atomic<int> alive = 0;
        std::atomic<int> asked = 0;
        std::atomic<int> finished = 0;
    };
    using Next = std::function<void(int, Take)>;

    TestSource(Counts& counts, Next next) : counts_(counts), next_(std::move(next)) {
        ++counts_.alive;
    }
    ~TestSource() override { --counts_.alive; }
    void next(Take take) override {
        ++counts_.asked;
        next_(index_++, std::move(take));
    }
    void finish() override { ++counts_.finished; }

  private:
    Counts& counts_;
    Next next_;
    int index_ = 0;
};

class Streams : public testing::Test {
  protected:
    Service service(TestSource::Next next) {
        return [this, next = std::move(next)](const Request& request, Reply reply) {
            if (request.path == "/echo") return echo(request, std::move(reply));
            Response response{.content_type = "text/plain"};
            response.stream = std::make_shared<TestSource>(counts, next);
            reply(std::move(response));
        };
    }

    TestSource::Counts counts;
};

// Pieces "0;" to "9;", then the end.
void ten_pieces(int index, BodySource::Take take) {
    if (index == 9) return take({.bytes = "9;", .end = End::Complete});
    take({.bytes = std::to_string(index) + ";"});
}

constexpr auto kTen = "0;1;2;3;4;5;6;7;8;9;";

TEST_F(Streams, ArriveWhole) {
    const auto later = [](int index, BodySource::Take take) {
        std::thread([index, take = std::move(take)]() mutable {
            ten_pieces(index, std::move(take));
        }).detach();
    };
    const auto with_gaps = [](int index, BodySource::Take take) {
        if (index == 20) return take({.end = End::Complete});
        take({.bytes = index % 2 == 0 ? std::to_string(index / 2) + ";" : ""});
    };
    struct Row {
        TestSource::Next next;
        std::string expected;
    };
    const Row rows[] = {
        {ten_pieces, kTen},
        {later, kTen},
        {with_gaps, kTen},
        {[](int, BodySource::Take take) { take({.end = End::Complete}); }, ""},
    };
    for (const auto& row : rows) {
        RunningServer server({}, service(row.next));
        auto client = server.client();
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        const auto bytes = client.until_closed();
        ASSERT_TRUE(bytes.has_value());
        EXPECT_NE(bytes->find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
        EXPECT_EQ(bytes->find("Content-Length"), std::string::npos);
        EXPECT_EQ(decode(body_of(*bytes)), row.expected);
        EXPECT_EQ(counts.alive, 0);
    }
}

TEST_F(Streams, OfOldClientsEndWithTheConnection) {
    RunningServer server({}, service(ten_pieces));
    auto client = server.client();
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const auto bytes = client.until_closed();
    ASSERT_TRUE(bytes.has_value());
    EXPECT_EQ(bytes->find("Transfer-Encoding"), std::string::npos);
    EXPECT_NE(bytes->find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_EQ(body_of(*bytes), kTen);
}

TEST_F(Streams, ARequestAfterOneIsAnswered) {
    RunningServer server({}, service(ten_pieces));
    auto client = server.client();
    client.send(get("/") + get("/echo") + get("/") +
                "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    auto bytes = client.until_closed();
    ASSERT_TRUE(bytes.has_value());
    for (int i = 0; i < 2; ++i) {
        const auto end = bytes->find("0\r\n\r\n") + 5;
        EXPECT_EQ(decode(body_of(bytes->substr(0, end))), kTen);
        bytes->erase(0, end);
        EXPECT_EQ(take_answer(*bytes)->body, "GET /echo");
    }
}

TEST_F(Streams, HaveNoBodyForHead) {
    RunningServer server({}, service(ten_pieces));
    auto client = server.client();
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/echo"));
    const auto head = client.answer(true);
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->header("Transfer-Encoding"), "chunked");
    EXPECT_EQ(client.answer()->body, "GET /echo");
    EXPECT_EQ(counts.asked, 0);
    EXPECT_EQ(counts.alive, 0);
}

TEST_F(Streams, ThatBreakAreCutOff) {
    const TestSource::Next rows[] = {
        [](int index, BodySource::Take take) {
            if (index < 2) return ten_pieces(index, std::move(take));
            take({.bytes = "lost", .end = End::Broken});
        },
        [](int index, BodySource::Take take) {
            if (index < 2) ten_pieces(index, std::move(take));  // else dropped
        },
        [](int index, BodySource::Take take) {
            if (index < 2) return ten_pieces(index, std::move(take));
            throw std::runtime_error("no more");
        },
    };
    for (const auto& next : rows) {
        RunningServer server({}, service(next));
        auto client = server.client();
        client.send(get("/") + get("/echo"));
        const auto bytes = client.until_closed();
        ASSERT_TRUE(bytes.has_value());
        EXPECT_EQ(decode(body_of(*bytes)), std::nullopt);
        EXPECT_EQ(bytes->find("GET /echo"), std::string::npos);
        EXPECT_EQ(counts.alive, 0);
    }
}

TEST_F(Streams, SendTheirHeadBeforeTheFirstPiece) {
    std::mutex mutex;
    std::optional<BodySource::Take> kept;
    RunningServer server({}, service([&](int, BodySource::Take take) {
                             const std::scoped_lock lock(mutex);
                             kept = std::move(take);
                         }));
    auto client = server.client();
    client.send(get("/"));
    EXPECT_TRUE(client.wait_for_bytes(17));
    const std::scoped_lock lock(mutex);
    (*kept)({.bytes = "only", .end = End::Complete});
}

// However much the source could make, it is asked only for what fits between it and the client.
TEST_F(Streams, WaitForASlowReader) {
    constexpr int kPieces = 1'000;
    const std::string piece(64 * 1024, 'x');
    RunningServer server(
        {}, service([&](int index, BodySource::Take take) {
            take({.bytes = piece, .end = index + 1 == kPieces ? End::Complete : End::No});
        }));
    RawClient client(server->port(), 4'096);
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(client.wait_for_bytes(1));
    auto other = server.client();
    other.send(get("/echo"));
    EXPECT_EQ(other.answer()->status, 200) << "nobody else waits";
    EXPECT_LT(counts.asked, kPieces / 2);
    const auto data = decode(body_of(*client.until_closed()));
    ASSERT_TRUE(data.has_value());
    EXPECT_EQ(data->size(), piece.size() * kPieces);
}

TEST_F(Streams, AreGivenUpWhenNothingIsRead) {
    ServerOptions options;
    options.write_deadline_ms = 40;
    RunningServer server(options, service([](int, BodySource::Take take) {
                             take({.bytes = std::string(64 * 1024, 'x')});
                         }));
    RawClient client(server->port(), 4'096);
    client.send(get("/"));
    EXPECT_TRUE(client.wait_for_bytes(1));
    EXPECT_TRUE(wait_for([&] { return server->counts().connections_open == 0; }));
    EXPECT_EQ(counts.alive, 0);
}

TEST_F(Streams, EndWhenTheClientLeaves) {
    std::mutex mutex;
    std::vector<BodySource::Take> kept;
    RunningServer server({}, service([&](int, BodySource::Take take) {
                             const std::scoped_lock lock(mutex);
                             kept.push_back(std::move(take));
                         }));
    for (const bool by_reset : {false, true}) {
        auto client = server.client();
        client.send(get("/"));
        EXPECT_TRUE(client.wait_for_bytes(17));
        ASSERT_TRUE(wait_for([&] { return counts.alive == 1; }));
        by_reset ? client.reset() : client.close();
        EXPECT_TRUE(wait_for([&] { return counts.alive == 0; }));
    }
    const std::scoped_lock lock(mutex);
    for (auto& take : kept) take({.bytes = "too late"});
}

TEST_F(Streams, AreAskedToFinishWhenTheServerDrains) {
    std::mutex mutex;
    std::optional<BodySource::Take> kept;
    RunningServer server({}, service([&](int index, BodySource::Take take) {
                             if (index == 0) return take({.bytes = "first;"});
                             const std::scoped_lock lock(mutex);
                             kept = std::move(take);
                         }));
    auto client = server.client();
    client.send(get("/"));
    ASSERT_TRUE(wait_for([&] { return counts.asked == 2; }));
    std::jthread draining([&] { server->drain(); });
    ASSERT_TRUE(wait_for([&] { return counts.finished == 1; }));
    {
        const std::scoped_lock lock(mutex);
        (*kept)({.bytes = "last", .end = End::Complete});
    }
    const auto bytes = client.until_closed();
    ASSERT_TRUE(bytes.has_value());
    EXPECT_EQ(decode(body_of(*bytes)), "first;last");
    EXPECT_FALSE(client.was_reset());
}

TEST_F(Streams, AreCutOffAtTheEndOfTheDrain) {
    ServerOptions options;
    options.drain_seconds = 1;
    std::mutex mutex;
    std::vector<BodySource::Take> kept;
    RunningServer server(options, service([&](int, BodySource::Take take) {
                             const std::scoped_lock lock(mutex);
                             kept.push_back(std::move(take));
                         }));
    auto client = server.client();
    client.send(get("/"));
    ASSERT_TRUE(wait_for([&] { return counts.asked == 1; }));
    server->drain();
    EXPECT_EQ(counts.alive, 0);
    EXPECT_EQ(decode(body_of(*client.until_closed())), std::nullopt);
    kept.front()({.bytes = "too late"});
}

TEST_F(Streams, ManyAtOnce) {
    constexpr int kStreams = 200;
    ServerOptions options;
    options.threads = 2;
    std::mutex mutex;
    std::vector<BodySource::Take> kept;
    RunningServer server(options, service([&](int index, BodySource::Take take) {
                             if (index > 0) return ten_pieces(index, std::move(take));
                             const std::scoped_lock lock(mutex);
                             kept.push_back(std::move(take));
                         }));
    std::vector<RawClient> clients;
    for (int i = 0; i < kStreams; ++i) {
        clients.push_back(server.client());
        clients.back().send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }
    ASSERT_TRUE(wait_for([&] { return counts.asked == kStreams; }));
    {
        const std::scoped_lock lock(mutex);
        for (auto& take : kept) take({.bytes = "0;"});
    }
    for (auto& client : clients) EXPECT_EQ(decode(body_of(*client.until_closed())), kTen);
    EXPECT_TRUE(wait_for([&] { return counts.alive == 0; }));
}

}  // namespace
}  // namespace hw
