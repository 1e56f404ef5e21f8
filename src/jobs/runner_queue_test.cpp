// SPDX-License-Identifier: Apache-2.0
// What the runner owes to those who wait behind others: order, destinations that fail, clocks that
// jump, nodes that share a database.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "tests/fixture/job_runner_test.hpp"

namespace hw {
namespace {

using Names = std::vector<std::string>;

class RunnerQueueTest : public JobRunnerTest {
  protected:
    std::optional<JobDestination> destination(const std::string& name) {
        return in("ws_a", [&](Tx& tx) { return find_destination(tx, "ws_a", name); });
    }
    std::size_t steps(JobRunner& jobs) {
        std::size_t attempts = 0;
        for (auto made = jobs.step(); made > 0; made = jobs.step()) attempts += made;
        return attempts;
    }
};

// One destination among a thousand is dead and has ten thousand jobs at the head of the queue.
TEST_P(RunnerQueueTest, OneDeadDestinationAmongAThousandDelaysNobody) {
    constexpr int kHealthy = 999;
    constexpr int kDeadJobs = 10'000;
    std::size_t dead_attempts = 0;
    std::set<std::string> served;
    auto jobs = runner(
        [&](const Job& job) {
            if (job.destination == "hook:dead") {
                ++dead_attempts;
                return JobOutcome::again("timeout");
            }
            served.insert(job.destination);
            return JobOutcome::done();
        },
        {.threads = 32, .breaker_failures = 5});
    in("ws_a", [&](Tx& tx) {
        for (int i = 0; i < kDeadJobs; ++i) {
            insert_job(tx, {.kind = "fake",
                            .subject_id = "",
                            .payload = "",
                            .priority = -1,
                            .destination = "hook:dead"});
        }
        return true;
    });
    env.advance_ms(1);
    in("ws_a", [&](Tx& tx) {
        for (int i = 0; i < kHealthy; ++i) {
            insert_job(tx, {.kind = "fake",
                            .subject_id = "",
                            .payload = "",
                            .destination = fmt::format("hook:{}", i)});
        }
        return true;
    });
    // Destinations that nobody has tried yet hold at most half of the threads.
    const auto attempts = steps(*jobs);
    EXPECT_EQ(served.size(), static_cast<std::size_t>(kHealthy));
    EXPECT_LE(dead_attempts, 6U) << "two at a time until the breaker opens";
    EXPECT_EQ(attempts, kHealthy + dead_attempts);
    EXPECT_EQ(jobs->stats().breaker_opens, 1);
    EXPECT_EQ(in("ws_a", [&](Tx& tx) { return count_jobs(tx, 100'000).ready; }),
              kDeadJobs - static_cast<std::int64_t>(dead_attempts));
}

TEST_P(RunnerQueueTest, AFailingDestinationIsTriedByOneAtATime) {
    bool well = false;
    auto jobs = runner(
        [&](const Job&) { return well ? JobOutcome::done() : JobOutcome::again("status 503"); },
        {.attempts_max = 100, .breaker_first_ms = 1'000, .breaker_most_ms = 3'000});
    for (int i = 0; i < 20; ++i) add_to("hook");
    EXPECT_EQ(steps(*jobs), 6U) << "two, two, and the two with which it opened";
    std::int64_t failures = 6;
    // The second of the two that opened it doubled the rest.
    for (const std::int64_t most_ms : {2'000, 3'000, 3'000}) {
        const auto open = destination("hook");
        ASSERT_TRUE(open.has_value());
        EXPECT_EQ(open->failures, failures);
        EXPECT_EQ(open->last_error, "status 503");
        const auto rest_ms = open->open_until_ms - env.now_ms();
        EXPECT_GE(rest_ms, most_ms * 3 / 4);
        EXPECT_LE(rest_ms, most_ms);
        env.advance_ms(rest_ms - 1);
        EXPECT_EQ(steps(*jobs), 0U);
        env.advance_ms(1);
        EXPECT_EQ(steps(*jobs), 1U) << "the one that tries";
        ++failures;
    }
    env.advance_ms(3'000);
    well = true;
    EXPECT_EQ(jobs->step(), 1U);
    EXPECT_EQ(destination("hook")->failures, 0);
    EXPECT_GE(steps(*jobs), 10U) << "all that is due";
    EXPECT_EQ(jobs->stats().breaker_opens, 1);
}

TEST_P(RunnerQueueTest, OnlyTheDestinationsOwnFailuresCount) {
    struct Row {
        std::function<JobOutcome()> outcome;
        std::int64_t expected;
    };
    const Row rows[] = {
        {[] { return JobOutcome::again("status 500"); }, 1},
        {[] { return JobOutcome::again("ours", 0, false); }, 0},
        {[] { return JobOutcome::snooze(1, "early"); }, 0},
        {[] { return JobOutcome::never("gone"); }, 0},
        {[]() -> JobOutcome { throw std::runtime_error("bug"); }, 0},
    };
    std::size_t number = 0;
    for (const auto& row : rows) {
        auto jobs = runner([&](const Job&) { return row.outcome(); });
        const auto name = fmt::format("hook:{}", number++);
        add_to(name);
        EXPECT_GE(jobs->step(), 1U);
        const auto found = destination(name);
        EXPECT_EQ(found ? found->failures : 0, row.expected) << name;
    }
}

TEST_P(RunnerQueueTest, APausedDestinationWaitsForThePerson) {
    auto jobs = runner([](const Job&) { return JobOutcome::done(); });
    for (int i = 0; i < 3; ++i) add_to("hook");
    add_to("other");
    in("ws_a", [&](Tx& tx) { return pause_destination(tx, "ws_a", "hook", "they asked"); });
    EXPECT_EQ(steps(*jobs), 1U);
    env.advance_ms(86'400'000);
    EXPECT_EQ(steps(*jobs), 0U);
    in("ws_a", [&](Tx& tx) { return resume_destination(tx, "ws_a", "hook").has_value(); });
    EXPECT_EQ(steps(*jobs), 3U);
}

TEST_P(RunnerQueueTest, NotBeforeTheyAsked) {
    std::vector<JobOutcome> outcomes;
    outcomes.push_back(JobOutcome::again("status 429", 500'000));
    outcomes.push_back(JobOutcome::snooze(700'000, "not yet"));
    outcomes.push_back(JobOutcome::done());
    std::vector<std::int64_t> attempts;
    auto jobs = runner(
        [&](const Job& job) {
            attempts.push_back(job.attempts);
            return outcomes.at(attempts.size() - 1);
        },
        {.backoff_first_ms = 10});
    const auto id = add_job("ws_a", "x");
    EXPECT_EQ(jobs->step(), 1U);
    EXPECT_GE(state_of("ws_a", id).run_at_ms, env.now_ms() + 500'000);
    env.advance_ms(500'000);
    EXPECT_EQ(jobs->step(), 1U);
    EXPECT_EQ(state_of("ws_a", id).run_at_ms, env.now_ms() + 700'000);
    EXPECT_EQ(state_of("ws_a", id).attempts, 1) << "a snooze is none";
    EXPECT_EQ(state_of("ws_a", id).last_error, "not yet");
    env.advance_ms(700'000);
    EXPECT_EQ(jobs->step(), 1U);
    EXPECT_EQ(attempts, (std::vector<std::int64_t>{1, 2, 2}));
    EXPECT_EQ(jobs->stats().snoozed, 1);
    EXPECT_EQ(jobs->stats().retried, 1);
    EXPECT_EQ(jobs->stats().done, 1);
}

TEST_P(RunnerQueueTest, AFailedAttemptMayWriteToo) {
    auto jobs = runner([](const Job& job) {
        return JobOutcome::again("status 500").with([job](Tx& tx) {
            insert_job(tx, {.kind = "log", .subject_id = job.job_id, .payload = ""});
        });
    });
    const auto id = add_job("ws_a", "x");
    EXPECT_EQ(jobs->step(), 1U);
    EXPECT_EQ(state_of("ws_a", id).state, "waiting");
    EXPECT_EQ(claim_elsewhere("ws_a").subject_id, id);
}

class OwnSchedule final : public FakeKind {
  public:
    using FakeKind::FakeKind;
    std::optional<std::int64_t> pause_ms(std::int64_t attempts, Env&) override {
        return attempts < 3 ? std::optional(attempts * 1'000) : std::nullopt;
    }
    std::int64_t lease_ms() override { return 777'000; }
};

TEST_P(RunnerQueueTest, AKindMayHaveAScheduleAndALeaseOfItsOwn) {
    std::vector<std::int64_t> leases;
    auto jobs = runner(std::make_unique<OwnSchedule>([&](const Job&) {
        const auto running = in("ws_a", [](Tx& tx) { return list_running_jobs(tx, 10); });
        for (const auto& job : running) leases.push_back(job.lease_ms);
        return JobOutcome::again("no");
    }));
    const auto id = add_job("ws_a", "x");
    for (const std::int64_t pause_ms : {1'000, 2'000}) {
        EXPECT_EQ(jobs->step(), 1U);
        EXPECT_EQ(state_of("ws_a", id).run_at_ms, env.now_ms() + pause_ms);
        env.advance_ms(pause_ms);
    }
    EXPECT_EQ(jobs->step(), 1U);
    EXPECT_EQ(state_of("ws_a", id).state, "dead");
    EXPECT_EQ(leases, (std::vector<std::int64_t>(3, 777'000)));
}

TEST_P(RunnerQueueTest, OrderHoldsThroughFailuresAndDeath) {
    Names ran;
    std::map<std::string, int> failures_left{{"b", 2}, {"c", 100}};
    auto jobs = runner(
        [&](const Job& job) {
            ran.push_back(job.subject_id);
            return failures_left[job.subject_id]-- > 0 ? JobOutcome::again("no")
                                                       : JobOutcome::done();
        },
        {.attempts_max = 3, .backoff_first_ms = 1'000});
    std::map<std::string, std::string> ids;
    for (const auto* subject : {"a", "b", "c", "d"}) {
        ids[subject] =
            add("ws_a",
                {.kind = "fake", .subject_id = subject, .payload = "", .order_key = "sale:1"})
                .job_id;
    }
    add_job("ws_a", "free");
    const auto run_all = [&] {
        for (int i = 0; i < 20; ++i) {
            steps(*jobs);
            env.advance_ms(60'000);
        }
    };
    run_all();
    std::erase(ran, "free");
    EXPECT_EQ(ran, (Names{"a", "b", "b", "b", "c", "c", "c"})) << "and d waits behind the dead c";
    EXPECT_EQ(state_of("ws_a", ids["d"]).state, "blocked");
    failures_left["c"] = 0;
    ran.clear();
    in("ws_a", [&](Tx& tx) { return revive_job(tx, "ws_a", ids["c"]); });
    run_all();
    EXPECT_EQ(ran, (Names{"c", "d"}));
}

// Destinations that never answer are all at it at once, and others still get done.
TEST_P(RunnerQueueTest, HangingDestinationsLeaveHalfOfTheThreads) {
    std::atomic<bool> release{false};
    std::atomic<int> hanging{0};
    auto jobs = runner(
        [&](const Job& job) {
            if (!job.destination.starts_with("hangs")) return JobOutcome::done();
            ++hanging;
            wait_for([&] { return release.load(); });
            --hanging;
            return JobOutcome::done();
        },
        {.threads = 8, .jobs_per_workspace = 8, .period_ms = 5});
    add_to("well");
    jobs->start();
    ASSERT_TRUE(wait_for([&] { return jobs->stats().done == 1; }));
    for (int i = 0; i < 40; ++i) add_to(fmt::format("hangs:{}", i));
    ASSERT_TRUE(wait_for([&] { return hanging == 4; }));
    for (int i = 0; i < 20; ++i) add_to("well");
    EXPECT_TRUE(wait_for([&] { return jobs->stats().done == 21; })) << "while they hang";
    EXPECT_EQ(hanging, 4);
    release = true;
    EXPECT_TRUE(wait_for([&] { return jobs->stats().done == 61; }));
}

TEST_P(RunnerQueueTest, ADestinationHasItsLimit) {
    std::atomic<int> at_once{0};
    std::atomic<int> most{0};
    auto jobs = runner(
        [&](const Job&) {
            const int now = ++at_once;
            int seen = most;
            while (now > seen && !most.compare_exchange_weak(seen, now)) continue;
            wait_for([&] { return at_once == 2 || most == 2; });
            --at_once;
            return JobOutcome::done();
        },
        {.period_ms = 5});
    for (int i = 0; i < 20; ++i) add_to("hook");
    jobs->start();
    EXPECT_TRUE(wait_for([&] { return jobs->stats().done == 20; }));
    EXPECT_EQ(most, 2);
}

// The clock of the machine jumps while a job runs here and another at a neighbour's; a third waits.
TEST_P(RunnerQueueTest, AJumpOfTheClockDoesNoHarm) {
    constexpr std::int64_t kHourMs = 3'600'000;
    for (const std::int64_t jump_ms : {kHourMs, -kHourMs}) {
        std::int64_t steady_ms = 1'000;
        const auto pass = [&](std::int64_t ms) {
            steady_ms += ms;
            env.advance_ms(ms);
        };
        const auto workspace = fmt::format("ws_{}", jump_ms);
        Names ran;
        JobRunner* self = nullptr;
        std::size_t at_jump = 0;
        auto jobs = runner(
            [&](const Job& job) {
                ran.push_back(job.subject_id);
                if (job.subject_id == "waits" && ran.size() == 1) return JobOutcome::again("no");
                if (job.subject_id == "slow") {
                    env.advance_ms(jump_ms);
                    at_jump = self->step();  // what the dispatcher would find now
                }
                return JobOutcome::done();
            },
            {.lease_ms = 60'000, .backoff_first_ms = 100'000, .steady_ms = [&] {
                 return steady_ms;
             }});
        self = jobs.get();
        const auto waits = add_job(workspace, "waits");
        EXPECT_EQ(jobs->step(), 1U);
        const auto pause_ms = state_of(workspace, waits).run_at_ms - env.now_ms();
        add_job(workspace, "neighbour's");
        const auto theirs = claim_elsewhere(workspace, 120'000);
        add_job(workspace, "slow");
        EXPECT_EQ(jobs->step(), 1U);
        EXPECT_EQ(at_jump, 0U) << "neither lease is over, and the wait is not";
        EXPECT_EQ(jobs->step(), 0U);
        pass(119'999);
        const auto due = jobs->step();
        EXPECT_EQ(due, pause_ms < 100'000 / 2 || jump_ms > 0 ? 1U : due) << "half speed at worst";
        EXPECT_EQ(std::ranges::count(ran, "neighbour's"), 0);
        pass(100'000);
        steps(*jobs);
        EXPECT_EQ(std::ranges::count(ran, "waits"), 2) << "waits twice as long at worst";
        EXPECT_EQ(std::ranges::count(ran, "neighbour's"), 1) << "he gave no sign of life";
        EXPECT_EQ(std::ranges::count(ran, "slow"), 1);
        EXPECT_FALSE(in(workspace, [&](Tx& tx) { return finish_job(tx, theirs); }));
        env.advance_ms(-jump_ms);
    }
}

// Two nodes over one database, one of which loses leases all the time.
TEST_P(RunnerQueueTest, NoJobRunsTwiceAtOnce) {
    std::mutex mutex;
    std::map<std::string, int> at_once;
    std::map<std::string, int> results;
    const auto run = [&](const Job& job) {
        {
            const std::scoped_lock lock(mutex);
            EXPECT_EQ(++at_once[job.job_id], 1) << job.job_id;
        }
        std::this_thread::yield();
        const std::scoped_lock lock(mutex);
        --at_once[job.job_id];
        return JobOutcome::done([job](Tx& tx) {
            insert_job(tx, {.kind = "result",
                            .subject_id = job.job_id,
                            .payload = "",
                            .run_at_ms = tx.now_ms() + 1'000'000'000'000});
        });
    };
    const JobRunnerOptions options{.threads = 8, .period_ms = 5};
    auto one = runner(run, options);
    auto two = runner(run, options);
    constexpr int kJobs = 300;
    in("ws_a", [&](Tx& tx) {
        for (int i = 0; i < kJobs; ++i) {
            insert_job(tx, {.kind = "fake",
                            .subject_id = "",
                            .payload = "",
                            .destination = fmt::format("hook:{}", i % 7)});
        }
        return true;
    });
    // A third node claimed some and was cut off: it comes back when others have done its work.
    auto lost = in("ws_a", [&](Tx& tx) {
        return claim_jobs(tx, {.workspace_id = "ws_a",
                               .destination = "hook:0",
                               .lease = tx.new_id("lease_"),
                               .lease_ms = 1'000,
                               .limit = 20});
    });
    ASSERT_EQ(lost.size(), 20U);
    one->start();
    two->start();
    EXPECT_TRUE(wait_for([&] { return one->stats().done + two->stats().done == kJobs - 20; }));
    env.advance_ms(1'000);
    EXPECT_TRUE(wait_for([&] { return one->stats().done + two->stats().done == kJobs; }));
    one->stop();
    two->stop();
    for (const auto& job : lost) {
        EXPECT_FALSE(in("ws_a", [&](Tx& tx) { return finish_job(tx, job); }));
    }
    const auto written = in("ws_a", [&](Tx& tx) {
        std::multiset<std::string> of;
        for (const auto& job : list_jobs(tx, "ws_a", {.state = "waiting"}, "", 1'000)) {
            of.insert(job.subject_id);
        }
        return of;
    });
    EXPECT_EQ(written.size(), static_cast<std::size_t>(kJobs));
    EXPECT_EQ(std::set<std::string>(written.begin(), written.end()).size(),
              static_cast<std::size_t>(kJobs));
}

// Of a hundred workspaces whose only destination is paused, and one behind them that is well.
TEST_P(RunnerQueueTest, WorkspacesThatCannotBeServedHideNobody) {
    for (int i = 0; i < 100; ++i) {
        const auto workspace = fmt::format("ws_{:03}", i);
        add(workspace, {.kind = "fake", .subject_id = "", .payload = "", .destination = "hook"});
        in(workspace, [&](Tx& tx) { return pause_destination(tx, workspace, "hook", ""); });
    }
    add_job("ws_z", "well");
    Names ran;
    auto jobs = runner([&](const Job& job) {
        ran.push_back(job.subject_id);
        return JobOutcome::done();
    });
    EXPECT_EQ(jobs->step(), 1U);
    EXPECT_EQ(ran, Names{"well"});
    EXPECT_EQ(jobs->step(), 0U);
}

TEST_P(RunnerQueueTest, MeasuresTheQueue) {
    auto jobs = runner([](const Job&) { return JobOutcome::never("no"); });
    add_to("");
    EXPECT_EQ(jobs->step(), 1U);  // dead, and "given_up" is ready
    env.advance_ms(2'500);
    add_to("hook");
    add("ws_a", {.kind = "fake", .subject_id = "", .payload = "", .run_at_ms = env.now_ms() + 1});
    for (int i = 0; i < 2; ++i) {
        add("ws_a", {.kind = "fake", .subject_id = "", .payload = "", .order_key = "o"});
    }
    claim_elsewhere("ws_a");  // the oldest
    ASSERT_TRUE(jobs->measure().has_value());
    const auto& stats = jobs->stats();
    EXPECT_EQ(stats.depth_ready, 2);
    EXPECT_EQ(stats.depth_waiting, 1);
    EXPECT_EQ(stats.depth_running, 1);
    EXPECT_EQ(stats.depth_blocked, 1);
    EXPECT_EQ(stats.depth_dead, 1);
    EXPECT_EQ(stats.oldest_ready_age_ms, 0);
    env.advance_ms(700);
    ASSERT_TRUE(jobs->measure().has_value());
    EXPECT_EQ(stats.oldest_ready_age_ms, 700);
    EXPECT_EQ(stats.attempts, 1);
}

HW_ON_BOTH_ENGINES(RunnerQueueTest);

}  // namespace
}  // namespace hw
