// SPDX-License-Identifier: Apache-2.0
#include "jobs/periodic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <set>
#include <stdexcept>

#include "base/civil_time.hpp"
#include "core/rollups.hpp"
#include "jobs/runner.hpp"
#include "store/advisory_lock.hpp"
#include "store/job_list.hpp"
#include "store/rollup_days.hpp"
#include "store/salts.hpp"
#include "store/workspaces.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

class PeriodicTest : public EngineTest {
  protected:
    PeriodicTest() : own_(own_database(GetParam())) { db = open({.url = own_.url}); }
    ~PeriodicTest() override { db.reset(); }

    template <class F>
    auto as_operator(F work) {
        using R = decltype(work(std::declval<Tx&>()));
        return db->write_now<typename R::value_type>(std::string(kOperator), std::move(work))
            .value();
    }

    OwnDatabase own_;
};

TEST_P(PeriodicTest, RunsWhatIsDue) {
    int often = 0;
    int seldom = 0;
    PeriodicWork work(*db, {{"often", 1'000,
                             [&](Db&) {
                                 ++often;
                                 return Result<void>{};
                             }},
                            {"seldom", 10'000, [&](Db&) {
                                 ++seldom;
                                 return Result<void>{};
                             }}});
    EXPECT_EQ(work.run_due(), 2) << "at first";
    EXPECT_EQ(work.run_due(), 0);
    env.advance_ms(999);
    EXPECT_EQ(work.run_due(), 0);
    env.advance_ms(1);
    EXPECT_EQ(work.run_due(), 1);
    env.advance_ms(50'000);
    EXPECT_EQ(work.run_due(), 2) << "once, however late";
    EXPECT_EQ(often, 3);
    EXPECT_EQ(seldom, 2);
}

TEST_P(PeriodicTest, TriesAgainSoonAfterAFailure) {
    int runs = 0;
    PeriodicWork work(*db, {{"throws", kDayMs, [&](Db&) -> Result<void> {
                                 if (++runs == 1) throw std::runtime_error("fault");
                                 if (runs == 2) return fail(ErrorCode::Unavailable, "busy");
                                 return {};
                             }}});
    EXPECT_EQ(work.run_due(), 1);
    env.advance_ms(kMinuteMs);
    EXPECT_EQ(work.run_due(), 1);
    env.advance_ms(kMinuteMs);
    EXPECT_EQ(work.run_due(), 1);
    env.advance_ms(kMinuteMs);
    EXPECT_EQ(work.run_due(), 0) << "it worked, so the next is in a day";
    EXPECT_EQ(runs, 3);
}

TEST_P(PeriodicTest, OneNodeAtATime) {
    if (GetParam() == EngineKind::Sqlite) {
        int runs = 0;
        ASSERT_TRUE(on_one_node(*db, "name", [&](Tx&) { ++runs; }).has_value());
        EXPECT_EQ(runs, 1);
        return;
    }
    std::promise<void> inside;
    std::promise<void> release;
    auto first = std::async(std::launch::async, [&] {
        return on_one_node(*db, "name", [&](Tx&) {
            inside.set_value();
            release.get_future().wait();
        });
    });
    inside.get_future().wait();
    int same = 0;
    int other = 0;
    ASSERT_TRUE(on_one_node(*db, "name", [&](Tx&) { ++same; }).has_value());
    ASSERT_TRUE(on_one_node(*db, "another", [&](Tx&) { ++other; }).has_value());
    EXPECT_EQ(same, 0);
    EXPECT_EQ(other, 1);
    release.set_value();
    ASSERT_TRUE(first.get().has_value());
    ASSERT_TRUE(on_one_node(*db, "name", [&](Tx&) { ++same; }).has_value());
    EXPECT_EQ(same, 1);
}

TEST_P(PeriodicTest, KeepsTwoSalts) {
    const auto today_ms = start_of_day_ms(env.now_ms());
    const auto salts = [&] {
        return as_operator([&](Tx& tx) -> Result<std::vector<std::string>> {
            std::vector<std::string> found;
            for (int ago = 0; ago < 4; ++ago) {
                found.push_back(ensure_salt(tx, date_text(today_ms - ago * kDayMs)));
            }
            return found;
        });
    };
    const auto before = salts();
    PeriodicWork work(*db, periodic_tasks());
    EXPECT_EQ(work.run_due(), periodic_tasks().size());
    const auto after = salts();  // makes those anew that are gone
    EXPECT_EQ(after[0], before[0]);
    EXPECT_EQ(after[1], before[1]);
    EXPECT_NE(after[2], before[2]);
    EXPECT_NE(after[3], before[3]);
}

TEST_P(PeriodicTest, ForgetsJobsAWeekAfterTheyEnded) {
    const auto add = [&](std::string_view end) {
        return db
            ->write_now<Job>("ws_a",
                             [&](Tx& tx) -> Result<Job> {
                                 insert_job(tx, {.kind = "fake", .subject_id = "", .payload = ""});
                                 const auto lease = tx.new_id("lease_");
                                 auto job =
                                     claim_jobs(tx, {.workspace_id = "ws_a", .lease = lease}).at(0);
                                 if (end == "done") HW_ASSERT(finish_job(tx, job));
                                 if (end == "dead" || end == "discarded") {
                                     HW_ASSERT(bury_job(tx, job, "why"));
                                 }
                                 if (end == "discarded") {
                                     HW_ASSERT(discard_job(tx, "ws_a", job.job_id, "note"));
                                 }
                                 if (end == "waiting") {
                                     HW_ASSERT(retry_job(tx, job, tx.now_ms() + kHourMs, "why"));
                                 }
                                 return job;
                             })
            .value();
    };
    const auto exists = [&](const Job& job) {
        return as_operator([&](Tx& tx) -> Result<bool> {
            return find_job_state(tx, job.workspace_id, job.job_id).has_value();
        });
    };
    struct Row {
        std::string_view end;
        bool expected;
    };
    const Row rows[] = {{"done", false}, {"discarded", false}, {"dead", true}, {"waiting", true}};
    std::vector<Job> old;
    for (const auto& row : rows) old.push_back(add(row.end));
    env.advance_ms(7 * kDayMs + 1);
    const auto recent = add("done");
    PeriodicWork(*db, periodic_tasks()).run_due();
    for (std::size_t i = 0; i < old.size(); ++i) {
        EXPECT_EQ(exists(old[i]), rows[i].expected) << rows[i].end;
    }
    EXPECT_TRUE(exists(recent)) << "done just now";
}

TEST_P(PeriodicTest, TheRunnerRunsIt) {
    std::atomic<int> runs{0};
    JobRunner runner(*db, {},
                     {{"count", 1,
                       [&](Db&) {
                           ++runs;
                           return Result<void>{};
                       }}},
                     {.period_ms = 1});
    runner.start();
    EXPECT_TRUE(wait_for([&] { return runs > 0; }));
    const int seen = runs;
    env.advance_ms(10);
    EXPECT_TRUE(wait_for([&] { return runs > seen; }));
    runner.stop();
}

TEST(PeriodicTasks, HaveNamesOfTheirOwn) {
    std::set<std::string> names;
    for (const auto& task : periodic_tasks()) {
        EXPECT_TRUE(names.insert(task.name).second) << task.name;
        EXPECT_GE(task.period_ms, kMinuteMs) << task.name;
    }
}

TEST_P(PeriodicTest, ClosesTheDaysOfEveryWorkspace) {
    const auto old_ms = env.now_ms() - 9 * kDayMs;
    const std::vector<std::string> names{"ws_a", "ws_b"};
    for (const auto& name : names) {
        ASSERT_TRUE(db->write_now<bool>(name, [&](Tx& tx) -> Result<bool> {
            Workspace workspace;
            workspace.workspace_id = workspace.slug = workspace.name = name;
            insert_workspace(tx, workspace);
            for (int day = 0; day < 3; ++day) {
                count_lead(tx, nullptr, "link_1", old_ms + day * kDayMs);
            }
            return true;
        }));
    }
    PeriodicWork work(*db, periodic_tasks());
    work.run_due();
    for (const auto& name : names) {
        const auto closed = db->read_now<ClosedDays>(
            name, [](Tx& tx) -> Result<ClosedDays> { return closed_days(tx); });
        EXPECT_EQ(closed->until_ms, start_of_day_ms(old_ms) + 3 * kDayMs) << name;
        EXPECT_TRUE(closed->open.empty()) << name;
    }
}

HW_ON_BOTH_ENGINES(PeriodicTest);

}  // namespace
}  // namespace hw
