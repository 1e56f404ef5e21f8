// SPDX-License-Identifier: Apache-2.0
#include "jobs/runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/fixture/job_runner_test.hpp"

namespace hw {
namespace {

class RunnerTest : public JobRunnerTest {};

TEST_P(RunnerTest, RunsAJobOnceAndWritesWithIt) {
    std::vector<Job> seen;
    auto jobs = runner([&](const Job& job) {
        seen.push_back(job);
        return JobOutcome::done([job](Tx& tx) {
            insert_job(tx, {.kind = "result", .subject_id = job.subject_id, .payload = ""});
        });
    });
    EXPECT_EQ(jobs->step(), 0);
    add_job("ws_a", "cus_1", "fake", "payload");
    EXPECT_EQ(jobs->step(), 1);
    ASSERT_EQ(seen.size(), 1);
    EXPECT_EQ(seen[0].subject_id, "cus_1");
    EXPECT_EQ(seen[0].payload, "payload");
    EXPECT_EQ(seen[0].attempts, 1);
    EXPECT_EQ(state_of(seen[0]).state, "done");
    EXPECT_EQ(claim_elsewhere("ws_a").kind, "result");
    EXPECT_EQ(jobs->step(), 0);
    EXPECT_EQ(jobs->stats().done, 1);
}

TEST_P(RunnerTest, ComesBackWithGrowingPausesThenBuriesWithTheReason) {
    std::optional<Job> last;
    auto jobs = runner(
        [&](const Job& job) {
            last = job;
            return JobOutcome::again("status 503");
        },
        {.attempts_max = 4, .backoff_first_ms = 1'000, .backoff_most_ms = 3'000});
    add_job("ws_a", "cus_1");
    for (const std::int64_t pause_ms : {1'000, 2'000, 3'000}) {
        ASSERT_EQ(jobs->step(), 1);
        const auto state = state_of(*last);
        EXPECT_EQ(state.state, "waiting");
        EXPECT_EQ(state.last_error, "status 503");
        const auto wait_ms = state.run_at_ms - env.now_ms();
        EXPECT_GE(wait_ms, 1);
        EXPECT_LE(wait_ms, pause_ms);
        EXPECT_EQ(jobs->step(), 0) << "too early";
        env.advance_ms(wait_ms);
    }
    ASSERT_EQ(jobs->step(), 1);
    EXPECT_EQ(last->attempts, 4);
    EXPECT_EQ(state_of(*last).state, "dead");
    EXPECT_EQ(state_of(*last).last_error, "status 503");
    EXPECT_EQ(claim_elsewhere("ws_a").kind, "given_up") << "in the same transaction";
    EXPECT_EQ(jobs->stats().retried, 3);
    EXPECT_EQ(jobs->stats().dead, 1);
}

TEST_P(RunnerTest, BuriesAtOnceWhatCannotWork) {
    std::optional<Job> last;
    auto jobs = runner([&](const Job& job) {
        last = job;
        return JobOutcome::never(std::string("bad \xFF\0 bytes", 12));
    });
    add_job("ws_a", "cus_1");
    EXPECT_EQ(jobs->step(), 1);
    EXPECT_EQ(state_of(*last).state, "dead");
    EXPECT_TRUE(state_of(*last).last_error.starts_with("bad ")) << state_of(*last).last_error;
    EXPECT_EQ(claim_elsewhere("ws_a").kind, "given_up");
}

TEST_P(RunnerTest, AFaultIsAnAttempt) {
    std::optional<Job> last;
    auto jobs = runner([&](const Job& job) -> JobOutcome {
        last = job;
        throw std::runtime_error("out of luck");
    });
    add_job("ws_a", "cus_1");
    EXPECT_EQ(jobs->step(), 1);
    EXPECT_EQ(state_of(*last).state, "waiting");
    EXPECT_EQ(state_of(*last).last_error, "fault: out of luck");
}

TEST_P(RunnerTest, AResultThatCannotBeWrittenIsAnAttempt) {
    std::optional<Job> last;
    auto jobs = runner([&](const Job& job) {
        last = job;
        return JobOutcome::done([](Tx& tx) {
            insert_job(tx, {.kind = "result", .subject_id = "", .payload = ""});
            throw std::runtime_error("bug");
        });
    });
    add_job("ws_a", "cus_1");
    EXPECT_EQ(jobs->step(), 1);
    EXPECT_EQ(state_of(*last).state, "waiting");
    EXPECT_EQ(state_of(*last).last_error, "what it made could not be written");
    EXPECT_EQ(jobs->step(), 0) << "nothing of it was kept";
}

TEST_P(RunnerTest, BuriesEvenWhatCannotBeGivenUp) {
    std::optional<Job> last;
    auto jobs = runner([&](const Job& job) {
        last = job;
        return JobOutcome::never("hopeless");
    });
    add_job("ws_a", "cus_1", "fake", "cannot give up");
    EXPECT_EQ(jobs->step(), 1);
    EXPECT_EQ(state_of(*last).state, "dead");
    EXPECT_EQ(state_of(*last).last_error, "hopeless");
}

TEST_P(RunnerTest, AnUnknownKindWaitsForAServerThatKnowsIt) {
    auto jobs = runner([](const Job&) { return JobOutcome::done(); });
    add_job("ws_a", "cus_1", "of_the_future");
    EXPECT_EQ(jobs->step(), 1);
    EXPECT_EQ(jobs->stats().retried, 1);
}

TEST_P(RunnerTest, TakesOverFromAWorkerThatDied) {
    int runs = 0;
    auto jobs = runner([&](const Job&) {
        ++runs;
        return JobOutcome::done();
    });
    add_job("ws_a", "cus_1");
    const auto lost = claim_elsewhere("ws_a", 5'000);
    EXPECT_EQ(jobs->step(), 0);
    env.advance_ms(4'999);
    EXPECT_EQ(jobs->step(), 0);
    env.advance_ms(1);
    EXPECT_EQ(jobs->step(), 1);
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(state_of(lost).state, "done");
    EXPECT_EQ(state_of(lost).attempts, 2);
}

TEST_P(RunnerTest, WaitsForAWorkerThatGivesSignsOfLife) {
    auto jobs = runner([&](const Job&) { return JobOutcome::done(); });
    add_job("ws_a", "cus_1");
    const auto held = claim_elsewhere("ws_a", 5'000);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(jobs->step(), 0);
        env.advance_ms(4'999);
        in("ws_a", [&](Tx& tx) {
            extend_lease(tx, held);
            return true;
        });
    }
    EXPECT_TRUE(in("ws_a", [&](Tx& tx) { return finish_job(tx, held); }));
}

TEST_P(RunnerTest, WhoLostTheLeaseWritesNothing) {
    auto jobs = runner([&](const Job& job) {
        take_away(job.workspace_id);
        claim_elsewhere(job.workspace_id);  // the other one is at it now
        return JobOutcome::done(
            [](Tx& tx) { insert_job(tx, {.kind = "result", .subject_id = "", .payload = ""}); });
    });
    add_job("ws_a", "cus_1");
    EXPECT_EQ(jobs->step(), 1);
    EXPECT_EQ(jobs->stats().leases_lost, 1);
    EXPECT_EQ(jobs->stats().done, 0);
    EXPECT_EQ(jobs->step(), 0) << "neither the result nor the job itself is there to take";
}

TEST_P(RunnerTest, AJobThatKillsTheServerIsGivenUp) {
    int runs = 0;
    auto jobs = runner(
        [&](const Job&) {
            ++runs;
            return JobOutcome::done();
        },
        {.attempts_max = 3});
    add_job("ws_a", "cus_1");
    for (int i = 0; i < 3; ++i) {
        claim_elsewhere("ws_a");
        take_away("ws_a");
    }
    EXPECT_EQ(jobs->step(), 1);
    EXPECT_EQ(runs, 0);
    EXPECT_EQ(jobs->stats().dead, 1);
}

TEST_P(RunnerTest, ServesEveryWorkspaceInTurn) {
    std::vector<std::string> served;
    auto jobs = runner(
        [&](const Job& job) {
            served.push_back(job.workspace_id);
            return JobOutcome::done();
        },
        {.threads = 3, .jobs_per_workspace = 2});
    for (int i = 0; i < 20; ++i) add_job("ws_a", "noisy");
    for (const auto* name : {"ws_b", "ws_c", "ws_d"}) add_job(name, "quiet");
    EXPECT_EQ(jobs->step(), 3);
    EXPECT_EQ(served, (std::vector<std::string>{"ws_a", "ws_a", "ws_b"}));
    EXPECT_EQ(jobs->step(), 3) << "goes on behind ws_b, and around";
    EXPECT_EQ(std::set<std::string>(served.begin() + 3, served.end()),
              (std::set<std::string>{"ws_a", "ws_c", "ws_d"}));
    while (jobs->step() > 0) continue;
    EXPECT_EQ(served.size(), 23);
    EXPECT_EQ(std::ranges::count(served, "ws_a"), 20);
}

TEST_P(RunnerTest, FindsMoreWorkspacesThanOneLookHolds) {
    std::set<std::string> served;
    auto jobs = runner(
        [&](const Job& job) {
            served.insert(job.workspace_id);
            return JobOutcome::done();
        },
        {.threads = 50});
    for (int i = 0; i < 150; ++i) add_job("ws_" + std::to_string(i), "x");
    while (jobs->step() > 0) continue;
    EXPECT_EQ(served.size(), 150);
}

TEST_P(RunnerTest, ThreadsRunEverythingAndStopInOrder) {
    std::atomic<int> at_once{0};
    std::atomic<int> most_at_once{0};
    auto jobs = runner(
        [&](const Job&) {
            const int now = ++at_once;
            int most = most_at_once;
            while (now > most && !most_at_once.compare_exchange_weak(most, now)) continue;
            wait_for([&] { return at_once == 4 || most_at_once == 4; });
            --at_once;
            return JobOutcome::done();
        },
        {.threads = 4, .jobs_per_workspace = 4, .period_ms = 3'600'000});
    for (int i = 0; i < 40; ++i) add_job("ws_" + std::to_string(i % 5), "x");
    jobs->start();
    ASSERT_TRUE(wait_for([&] { return jobs->stats().done == 40; }));
    EXPECT_EQ(most_at_once, 4);
    add_job("ws_new", "x");
    jobs->nudge();  // an hour before it would look by itself
    ASSERT_TRUE(wait_for([&] { return jobs->stats().done == 41; }));
    jobs->stop();
    jobs->stop();
    add_job("ws_new", "x");
    jobs->nudge();
    EXPECT_EQ(jobs->stats().done, 41);
}

TEST_P(RunnerTest, LooksByItself) {
    auto jobs = runner([](const Job&) { return JobOutcome::done(); }, {.period_ms = 5});
    jobs->start();
    add_job("ws_a", "x");
    EXPECT_TRUE(wait_for([&] { return jobs->stats().done == 1; }));
}

TEST_P(RunnerTest, ANoisyWorkspaceLeavesThreadsToOthers) {
    std::atomic<bool> release{false};
    std::atomic<int> stuck{0};
    auto jobs = runner(
        [&](const Job& job) {
            if (job.workspace_id != "ws_a") return JobOutcome::done();
            ++stuck;
            wait_for([&] { return release.load(); });
            return JobOutcome::done();
        },
        {.threads = 3, .jobs_per_workspace = 2, .period_ms = 5});
    for (int i = 0; i < 10; ++i) add_job("ws_a", "slow");
    jobs->start();
    ASSERT_TRUE(wait_for([&] { return stuck == 2; }));
    add_job("ws_b", "quick");
    EXPECT_TRUE(wait_for([&] { return jobs->stats().done == 1; })) << "while ws_a is stuck";
    EXPECT_EQ(stuck, 2);
    release = true;
    EXPECT_TRUE(wait_for([&] { return jobs->stats().done == 11; }));
}

TEST_P(RunnerTest, TwoRunnersNeverDoTheSameJob) {
    std::mutex mutex;
    std::multiset<std::string> ran;
    const auto run = [&](const Job& job) {
        const std::scoped_lock lock(mutex);
        ran.insert(job.job_id);
        return JobOutcome::done();
    };
    auto one = runner(run, {.period_ms = 5});
    auto two = runner(run, {.period_ms = 5});
    one->start();
    two->start();
    for (int i = 0; i < 60; ++i) add_job("ws_" + std::to_string(i % 3), "x");
    EXPECT_TRUE(wait_for([&] { return one->stats().done + two->stats().done == 60; }));
    one->stop();
    two->stop();
    EXPECT_EQ(ran.size(), 60);
    EXPECT_EQ(std::set<std::string>(ran.begin(), ran.end()).size(), 60);
}

HW_ON_BOTH_ENGINES(RunnerTest);

}  // namespace
}  // namespace hw
