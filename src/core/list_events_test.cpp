// SPDX-License-Identifier: Apache-2.0
#include "core/list_events.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class ListEventsTest : public EngineTest {
  protected:
    ListEventsTest() { db = open({.url = url}); }
};

TEST_P(ListEventsTest, AWalkGoesOnWhereItStopped) {
    const auto link = make_link("a");
    std::vector<std::string> clicks;
    for (int visitor = 0; visitor < 7; ++visitor) {
        clicks.push_back(make_click(link, visitor));
        env.advance_ms(1'000);
    }
    for (const bool newest_first : {true, false}) {
        const EventFilter filter;
        EventWalk walk{.filter = &filter,
                       .from_ms = env.now_ms() - 3'600'000,
                       .to_ms = env.now_ms(),
                       .newest_first = newest_first};
        std::vector<std::string> seen;
        for (int pieces = 0; pieces < 3; ++pieces) {
            const auto done = read([&](Tx& tx) -> Result<bool> {
                int left = 3;
                return walk_events(tx, walk, [&](Event&& event) {
                    seen.push_back(event.id);
                    return --left > 0;
                });
            });
            EXPECT_TRUE(done && *done);
        }
        if (newest_first) std::ranges::reverse(seen);
        EXPECT_EQ(seen, clicks);
    }
}

TEST_P(ListEventsTest, SaysWhenTimeRanOut) {
    const auto link = make_link("a");
    make_clicks(link, limits::kScanRowsAtOnce + 1);
    const EventFilter filter;
    EventWalk walk{.filter = &filter, .from_ms = env.now_ms(), .to_ms = env.now_ms() + 1};
    std::int64_t seen = 0;
    const auto go_on = [&](Event&&) { return ++seen > 0; };
    EXPECT_FALSE(*read([&](Tx& tx) -> Result<bool> { return walk_events(tx, walk, go_on); }));
    EXPECT_EQ(seen, limits::kScanRowsAtOnce);
    EXPECT_TRUE(*read([&](Tx& tx) -> Result<bool> { return walk_events(tx, walk, go_on); }));
    EXPECT_EQ(seen, limits::kScanRowsAtOnce + 1);
}

HW_ON_BOTH_ENGINES(ListEventsTest);

}  // namespace
}  // namespace hw
