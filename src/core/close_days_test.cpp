// SPDX-License-Identifier: Apache-2.0
#include "core/close_days.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <future>

#include "base/civil_time.hpp"
#include "core/rollups.hpp"
#include "store/rollup_days.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

class CloseDaysTest : public EngineTest {
  protected:
    CloseDaysTest() {
        db = open({.url = url});
        env.set_now_ms(today_ms + 3 * kHourMs);
    }

    // A lead on a link of that many, so many days ago.
    void count(std::int64_t days_ago, int link = 0, Db* node = nullptr) {
        const auto at_ms = env.now_ms() - days_ago * kDayMs;
        const auto done = (node == nullptr ? *db : *node)
                              .write_now<bool>(workspace_id, [&](Tx& tx) -> Result<bool> {
                                  count_lead(tx, nullptr, fmt::format("link_{:05}", link), at_ms);
                                  return true;
                              });
        ASSERT_TRUE(done.has_value());
    }
    std::size_t close(std::size_t at_most = 100) {
        return close_days(*db, workspace_id, at_most).value();
    }
    // Days ago; `until` is the end of the last closed one.
    struct State {
        std::int64_t until = 0;
        std::vector<std::int64_t> open;
        bool operator==(const State&) const = default;
    };
    State state() {
        const auto closed =
            read([](Tx& tx) -> Result<ClosedDays> { return closed_days(tx); }).value();
        State found{(today_ms - closed.until_ms) / kDayMs, {}};
        for (const auto day_ms : closed.open) found.open.push_back((today_ms - day_ms) / kDayMs);
        return found;
    }
    RollupCounts of_day(std::int64_t days_ago, const std::string& dimension = "all",
                        const std::string& value = "") {
        const auto day_ms = today_ms - days_ago * kDayMs;
        const auto sums = read([&](Tx& tx) -> Result<std::vector<ValueCounts>> {
            return sum_values(tx, dimension, std::vector{value},
                              {day_ms, day_ms + kDayMs, RollupRows::Days});
        });
        return sums->empty() ? RollupCounts{} : sums->front().counts;
    }

    // For a lock of PostgreSQL.
    bool somebody_waits() {
        std::int64_t count = 0;
        const auto connection = connect_as_owner(url);
        connection->begin(kOperator);
        connection->stream(
            "select count(*) from pg_stat_activity "
            "where datname = current_database() and wait_event_type = 'Lock'",
            [&](const Row& row) { count = row.int64(0); });
        connection->rollback();
        return count > 0;
    }
    static bool is_done(const std::future<void>& work) {
        return work.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    }

    const std::int64_t today_ms = start_of_day_ms(1'790'000'000'000);
};

TEST_P(CloseDaysTest, ClosesWhatIsOldFromTheOldestOn) {
    EXPECT_EQ(close(), 0U);
    for (const auto days_ago : {9, 9, 7, 3, 2, 1, 0}) count(days_ago);
    EXPECT_EQ(close(2), 2U);
    EXPECT_EQ(state(), (State{6, {}}));
    EXPECT_EQ(close(), 2U) << "not yesterday, which sales still come for";
    EXPECT_EQ(state(), (State{1, {}}));
    EXPECT_EQ(of_day(9), RollupCounts{.leads = 2});
    EXPECT_EQ(of_day(9, "link", "link_00000"), RollupCounts{.leads = 2});
    EXPECT_EQ(of_day(8), RollupCounts{});
    EXPECT_EQ(of_day(2), RollupCounts{.leads = 1});
    EXPECT_EQ(close(), 0U);
}

TEST_P(CloseDaysTest, WaitsUntilEveryNodeCallsTheDayOld) {
    count(1);
    env.set_now_ms(today_ms + kDayMs + kDayCloseDelayMs - 1);
    EXPECT_EQ(close(), 0U);
    env.advance_ms(1);
    EXPECT_EQ(close(), 1U);
}

TEST_P(CloseDaysTest, WhoCountsIntoAnOldDayOpensIt) {
    for (const auto days_ago : {5, 4, 3}) count(days_ago);
    EXPECT_EQ(close(), 3U);
    count(1);
    count(0);
    EXPECT_EQ(state(), (State{2, {}})) << "young days open nothing";
    count(4);
    count(8);
    EXPECT_EQ(state(), (State{2, {8, 4}}));
    EXPECT_EQ(close(), 2U);
    EXPECT_EQ(state(), (State{2, {}}));
    EXPECT_EQ(of_day(4), RollupCounts{.leads = 2});
    EXPECT_EQ(of_day(8), RollupCounts{.leads = 1});
}

TEST_P(CloseDaysTest, WhoHeldADayLosesItToACountAndToAnother) {
    count(4);
    const auto day_ms = today_ms - 4 * kDayMs;
    const auto begin = [&](std::int64_t closer) {
        ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
            begin_closing(tx, day_ms, closer);
            return true;
        }));
    };
    const auto holds = [&](std::int64_t closer) {
        return *write([&](Tx& tx) -> Result<bool> { return hold_closing(tx, day_ms, closer); });
    };
    begin(7);
    EXPECT_TRUE(holds(7));
    begin(8);
    EXPECT_FALSE(holds(7)) << "another began";
    EXPECT_TRUE(holds(8));
    count(4);
    EXPECT_FALSE(holds(8)) << "there is more to sum up";
    EXPECT_EQ(close(), 1U);
    begin(9);
    EXPECT_FALSE(holds(9)) << "closed already";
    EXPECT_EQ(state(), (State{3, {}}));
}

TEST_P(CloseDaysTest, SeveralPagesOfValues) {
    constexpr int kLinks = 1'100;
    ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
        for (int i = 0; i < kLinks; ++i) {
            count_lead(tx, nullptr, fmt::format("link_{:05}", i), env.now_ms() - 4 * kDayMs);
        }
        return true;
    }));
    EXPECT_EQ(close(), 1U);
    for (const int i : {0, 499, 500, 1'099}) {
        EXPECT_EQ(of_day(4, "link", fmt::format("link_{:05}", i)), RollupCounts{.leads = 1}) << i;
    }
    EXPECT_EQ(of_day(4), RollupCounts{.leads = kLinks});
}

// Nodes of their own close and count at the same time; what is closed in the end is right.
TEST_P(CloseDaysTest, ClosersAndLateCountsAtOnce) {
    constexpr int kDays = 6;
    constexpr int kLate = 60;
    const auto other = GetParam() == EngineKind::Postgres ? open({.url = url}) : nullptr;
    for (int day = 0; day < kDays; ++day) count(4 + day);
    std::atomic<bool> counting{true};
    const auto keep_closing = [&](Db& node) {
        while (counting) EXPECT_TRUE(close_days(node, workspace_id, 2).has_value());
    };
    auto first = std::async(std::launch::async, [&] { keep_closing(*db); });
    auto second = std::async(std::launch::async, [&] { keep_closing(other ? *other : *db); });
    for (int i = 0; i < kLate; ++i) count(4 + i % kDays, i % 7, i % 2 == 0 ? other.get() : nullptr);
    counting = false;
    first.get();
    second.get();
    while (close() > 0) continue;
    EXPECT_EQ(state(), (State{3, {}}));
    for (int day = 0; day < kDays; ++day) {
        EXPECT_EQ(of_day(4 + day), RollupCounts{.leads = 1 + kLate / kDays}) << day;
    }
}

// The two orders that the row lock allows: whoever is second waits for the first.
TEST_P(CloseDaysTest, ACountWaitsForTheEndOfTheClosing) {
    if (GetParam() == EngineKind::Sqlite) return;  // one writer
    const auto other = open({.url = url});
    count(4);
    const auto day_ms = today_ms - 4 * kDayMs;
    ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
        begin_closing(tx, day_ms, 7);
        return true;
    }));
    std::promise<void> held;
    std::promise<void> release;
    auto closing = std::async(std::launch::async, [&] {
        return db->write_now<bool>(workspace_id, [&](Tx& tx) -> Result<bool> {
            const bool mine = hold_closing(tx, day_ms, 7);
            held.set_value();
            release.get_future().wait();
            finish_closing(tx, day_ms);
            return mine;
        });
    });
    held.get_future().wait();
    auto counting = std::async(std::launch::async, [&] { count(4, 0, other.get()); });
    EXPECT_TRUE(wait_for([&] { return somebody_waits() || is_done(counting); }));
    EXPECT_FALSE(is_done(counting));
    release.set_value();
    EXPECT_TRUE(closing.get().value());
    counting.get();
    EXPECT_EQ(state(), (State{today_ms / kDayMs, {}})) << "no day is closed";
    EXPECT_EQ(close(), 1U);
    EXPECT_EQ(of_day(4), RollupCounts{.leads = 2});
}

HW_ON_BOTH_ENGINES(CloseDaysTest);

}  // namespace
}  // namespace hw
