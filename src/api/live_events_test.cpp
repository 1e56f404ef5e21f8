// SPDX-License-Identifier: Apache-2.0
#include "api/live_events.hpp"

#include "tests/fixture/api_test.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

class LiveEventsTest : public ApiTest {
  protected:
    class Listener final : public LiveListener {
      public:
        void deliver(Events events) override { heard += static_cast<int>(events.size()); }
        void beat() override { ++beats; }
        std::atomic<int> heard = 0;
        std::atomic<int> beats = 0;
    };
    std::shared_ptr<LiveFeed> open(LiveEvents& live) {
        return *read([&](Tx& tx) -> Result<std::shared_ptr<LiveFeed>> {
            return live.open(tx, "https://hw.example");
        });
    }
};

TEST_P(LiveEventsTest, OneFeedForAllListeners) {
    LiveEvents live(*db, {.poll_ms = 1, .polls_per_beat = 2});
    const auto link = make_link("spring");
    make_click(link, 1);
    auto feed = open(live);
    EXPECT_EQ(open(live), feed);
    const Listener* last = nullptr;
    {
        const auto one = std::make_shared<Listener>();
        const auto other = std::make_shared<Listener>();
        last = other.get();
        feed->attach(one);
        feed->attach(other);
        make_click(link, 2);
        make_click(link, 3);
        EXPECT_TRUE(wait_for([&] { return one->heard == 2 && other->heard == 2; }));
        EXPECT_TRUE(wait_for([&] { return last->beats > 1; }));
        EXPECT_EQ(one->heard, 2);
    }
    const std::weak_ptr<LiveFeed> gone = feed;
    feed.reset();
    EXPECT_TRUE(wait_for([&] { return gone.expired(); })) << "nobody listens, nobody asks";
}

// An event that is committed long after its id was made, as under overload.
TEST_P(LiveEventsTest, WhatIsLateIsFound) {
    LiveEvents live(*db, {.poll_ms = 1, .polls_per_sweep = 5});
    const auto link = make_link("spring");
    const auto feed = open(live);
    const auto listener = std::make_shared<Listener>();
    feed->attach(listener);
    int expected = 0;
    for (const std::int64_t late_ms : {0, 1'000, 3'000, 20'000, 29'000}) {
        const auto made_ms = env.now_ms();
        env.advance_ms(late_ms);
        Touch touch;
        touch.workspace_id = workspace_id;
        touch.touch_id = new_click_id(made_ms, env);
        touch.at_ms = made_ms;
        touch.link_id = link.link_id;
        const Touch* const touches[] = {&touch};
        ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
            insert_touches(tx, touches, Counted::Yes);
            return true;
        }));
        ++expected;
        EXPECT_TRUE(wait_for([&] { return listener->heard == expected; })) << late_ms;
    }
}

TEST_P(LiveEventsTest, StreamsAreBounded) {
    LiveEvents live(*db, {.streams_max = 3, .streams_of_workspace_max = 2});
    auto first = live.admit("ws_1");
    const auto second = live.admit("ws_1");
    ASSERT_TRUE(first && second);
    const auto refused = live.admit("ws_1");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::RateLimitExceeded);
    EXPECT_EQ(refused.error().message,
              "This workspace has 2 live streams open on this server, the most that it may have. "
              "Close one of them first.");
    first->reset();
    first = live.admit("ws_1");
    ASSERT_TRUE(first);
    const auto other = live.admit("ws_2");
    ASSERT_TRUE(other);
    const auto full = live.admit("ws_3");
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ErrorCode::Unavailable);
    EXPECT_EQ(full.error().message,
              "This server has 3 live streams open, the most that it may have. Try again when one "
              "has ended.");
}

HW_ON_BOTH_ENGINES(LiveEventsTest);

}  // namespace
}  // namespace hw
