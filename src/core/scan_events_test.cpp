// SPDX-License-Identifier: Apache-2.0
#include "core/scan_events.hpp"

#include <functional>

#include "base/id.hpp"
#include "base/limits.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class ScanEventsTest : public EngineTest {
  protected:
    ScanEventsTest() { db = open({.url = url}); }

    // One click per second, the oldest first.
    void make_touches(std::int64_t count) {
        const auto done = write([&](Tx& tx) -> Result<bool> {
            std::vector<Touch> touches;
            for (std::int64_t i = 0; i < count; ++i) {
                Touch touch;
                touch.workspace_id = workspace_id;
                touch.at_ms = tx.now_ms() + i * 1'000;
                touch.touch_id = new_click_id(touch.at_ms, env);
                touch.link_id = "link_1";
                touches.push_back(touch);
            }
            std::vector<const Touch*> pointers;
            for (const auto& touch : touches) pointers.push_back(&touch);
            insert_touches(tx, pointers, Counted::Yes);
            return true;
        });
        ASSERT_TRUE(done);
    }

    struct Scanned {
        std::int64_t complete_from_ms;
        std::int64_t clicks;
    };
    Scanned scan(const Scan& wanted) {
        const auto done = read([&](Tx& tx) -> Result<Scanned> {
            const EventFilter filter;
            LinkBook links(tx);
            Tally tally({.filter = &filter}, links);
            const auto since_ms = scan_clicks(tx, wanted, links, tally);
            const auto groups = tally.groups();
            return Scanned{since_ms, groups.empty() ? 0 : groups.front().counts.clicks};
        });
        return *done;
    }
};

TEST(FirstEventId, LiesBetweenTheIdsOfItsTimeAndThoseBefore) {
    TestEnv env;
    const struct {
        std::string_view kind;
        std::function<std::string(std::int64_t)> make;
    } rows[] = {
        {"", [&](std::int64_t at_ms) { return new_click_id(at_ms, env); }},
        {"lead", [&](std::int64_t at_ms) { return new_id("ld_", at_ms, env); }},
        {"purchase", [&](std::int64_t at_ms) { return new_id("sale_", at_ms, env); }},
    };
    for (const auto& row : rows) {
        for (const std::int64_t at_ms : {std::int64_t{1}, env.now_ms(), kLatestEventMs}) {
            EXPECT_LE(first_event_id(row.kind, at_ms), row.make(at_ms)) << row.kind << at_ms;
            EXPECT_GT(first_event_id(row.kind, at_ms), row.make(at_ms - 1)) << row.kind << at_ms;
        }
        EXPECT_EQ(first_event_id(row.kind, -1), first_event_id(row.kind, 0));
        EXPECT_EQ(first_event_id(row.kind, kLatestEventMs + 1),
                  first_event_id(row.kind, kLatestEventMs));
    }
}

TEST_P(ScanEventsTest, SeesTheRangeAlone) {
    const auto start_ms = env.now_ms();
    make_touches(100);
    const auto all = scan({start_ms, start_ms + 100'000, env.now_ms() + 1});
    EXPECT_EQ(all.clicks, 100);
    EXPECT_EQ(all.complete_from_ms, start_ms);
    EXPECT_EQ(scan({start_ms + 10'000, start_ms + 20'000, env.now_ms() + 1}).clicks, 10);
    EXPECT_EQ(scan({start_ms + 10'000, start_ms + 10'000, env.now_ms() + 1}).clicks, 0);
}

TEST_P(ScanEventsTest, SaysFromWhenItIsCompleteWhenTimeRunsOut) {
    const auto start_ms = env.now_ms();
    const auto count = 2 * limits::kScanRowsAtOnce;
    make_touches(count);
    const auto end_ms = start_ms + count * 1'000;
    const auto part = scan({start_ms, end_ms, env.now_ms()});
    EXPECT_EQ(part.clicks, limits::kScanRowsAtOnce);
    EXPECT_GT(part.complete_from_ms, end_ms - limits::kScanRowsAtOnce * 1'000);
    EXPECT_LT(part.complete_from_ms, end_ms);
    const auto all = scan({start_ms, end_ms, env.now_ms() + 1});
    EXPECT_EQ(all.clicks, count);
    EXPECT_EQ(all.complete_from_ms, start_ms);
}

HW_ON_BOTH_ENGINES(ScanEventsTest);

}  // namespace
}  // namespace hw
