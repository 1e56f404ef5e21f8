// SPDX-License-Identifier: Apache-2.0
// The queue as the store keeps it: leases, lanes, turns and keys.
#include "store/jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <thread>

#include "store/job_destinations.hpp"
#include "store/job_list.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

class JobsTest : public EngineTest {
  protected:
    template <class F>
    auto done(F work) {
        using R = decltype(work(std::declval<Tx&>()));
        return *write([&](Tx& tx) -> Result<R> { return work(tx); });
    }
    InsertedJob add(NewJob job = {}) {
        job.kind = job.kind.empty() ? "kind" : job.kind;
        return done([&](Tx& tx) { return insert_job(tx, job); });
    }
    InsertedJob add_in_order(const std::string& subject) {
        return add({.kind = "", .subject_id = subject, .payload = "", .order_key = "order"});
    }
    std::vector<Job> claim(std::int64_t limit = 10, const std::string& destination = "") {
        return done([&](Tx& tx) {
            return claim_jobs(tx, {.workspace_id = workspace_id,
                                   .destination = destination,
                                   .lease = tx.new_id("lease_"),
                                   .lease_ms = 1'000,
                                   .limit = limit});
        });
    }
    // Subjects of what can be claimed, in order.
    std::string claimed() {
        std::string subjects;
        for (const auto& job : claim()) subjects += job.subject_id + " ";
        return subjects;
    }
    JobState state_of(const std::string& job_id) {
        return *done([&](Tx& tx) { return find_job_state(tx, workspace_id, job_id); });
    }
    bool finish(const Job& job) {
        return done([&](Tx& tx) { return finish_job(tx, job); });
    }
    // Of this workspace: the database is that of every test.
    std::vector<RunningJob> running() {
        return done([&](Tx& tx) {
            auto jobs = list_running_jobs(tx, 10'000);
            std::erase_if(jobs, [&](const auto& job) { return job.workspace_id != workspace_id; });
            return jobs;
        });
    }
    void wake() {
        done([&](Tx& tx) {
            auto due = list_due_jobs(tx, tx.now_ms(), 10'000);
            std::erase_if(due, [&](const auto& job) { return job.workspace_id != workspace_id; });
            make_ready(tx, due);
            return true;
        });
    }
};

TEST_P(JobsTest, AreClaimedUnderALease) {
    add({.kind = "copy_avatar", .subject_id = "cus_1", .payload = "\xF0\x9F\xA6\x86"});
    env.advance_ms(1);
    add({.kind = "copy_avatar", .subject_id = "cus_2", .payload = ""});
    const auto first = claim(1);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].kind, "copy_avatar");
    EXPECT_EQ(first[0].subject_id, "cus_1");
    EXPECT_EQ(first[0].payload, "\xF0\x9F\xA6\x86");
    EXPECT_EQ(first[0].attempts, 1);
    EXPECT_EQ(state_of(first[0].job_id).state, "running");
    const auto second = claim();
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].subject_id, "cus_2");
    EXPECT_TRUE(claim().empty());

    // Both are taken away; whoever had them may not settle them any more.
    const auto held = running();
    ASSERT_EQ(held.size(), 2U);
    done([&](Tx& tx) {
        for (const auto& job : held) EXPECT_TRUE(take_lease_away(tx, job));
        return true;
    });
    const auto again = claim();
    ASSERT_EQ(again.size(), 2U);
    EXPECT_EQ(again[0].attempts, 2);
    done([&](Tx& tx) {
        EXPECT_FALSE(finish_job(tx, first[0]));
        EXPECT_FALSE(retry_job(tx, first[0], tx.now_ms(), "late"));
        EXPECT_FALSE(snooze_job(tx, first[0], tx.now_ms(), "late"));
        EXPECT_FALSE(bury_job(tx, second[0], "late"));
        EXPECT_TRUE(finish_job(tx, again[0]));
        EXPECT_FALSE(finish_job(tx, again[0]));
        EXPECT_TRUE(retry_job(tx, again[1], tx.now_ms() + 5'000, "once more"));
        return true;
    });
    EXPECT_TRUE(claim().empty());
    wake();
    EXPECT_TRUE(claim().empty()) << "too early";
    env.advance_ms(5'000);
    wake();
    const auto last = claim();
    ASSERT_EQ(last.size(), 1U);
    EXPECT_EQ(last[0].job_id, again[1].job_id);
    EXPECT_TRUE(done([&](Tx& tx) { return bury_job(tx, last[0], "given up"); }));
    env.advance_ms(1'000'000);
    wake();
    EXPECT_TRUE(claim().empty());
}

TEST_P(JobsTest, WhoGivesASignOfLifeKeepsTheLease) {
    add();
    const auto job = claim().at(0);
    const auto seen = running();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].lease_ms, 1'000);
    done([&](Tx& tx) {
        extend_lease(tx, job);
        set_lease(tx, job, 7'000);
        return true;
    });
    EXPECT_FALSE(done([&](Tx& tx) { return take_lease_away(tx, seen[0]); }));
    EXPECT_EQ(running().at(0).lease_ms, 7'000);
    EXPECT_TRUE(finish(job));
    EXPECT_TRUE(running().empty());
}

TEST_P(JobsTest, TwoWorkersNeverHoldTheSameJob) {
    constexpr int kJobs = 40;
    done([&](Tx& tx) {
        for (int i = 0; i < kJobs; ++i) {
            insert_job(tx, {.kind = "k", .subject_id = fmt::format("{}", i), .payload = ""});
        }
        return true;
    });
    std::mutex mutex;
    std::set<std::string> held;
    std::atomic<int> count{0};
    {
        std::vector<std::jthread> workers;
        for (int w = 0; w < 4; ++w) {
            workers.emplace_back([&] {
                for (auto jobs = claim(3); !jobs.empty(); jobs = claim(3)) {
                    EXPECT_LE(jobs.size(), 3U);
                    const std::scoped_lock lock(mutex);
                    for (const auto& job : jobs) held.insert(job.job_id);
                    count += static_cast<int>(jobs.size());
                }
            });
        }
    }
    EXPECT_EQ(held.size(), static_cast<std::size_t>(count));
    // A worker may have found the last rows locked by another; nothing is lost by that.
    EXPECT_EQ(claim(kJobs).size() + held.size(), static_cast<std::size_t>(kJobs));
}

TEST_P(JobsTest, TheSmallestPriorityGoesFirstThenTheOldest) {
    struct Row {
        std::string subject;
        std::int64_t priority;
        std::int64_t in_ms;
    };
    for (const auto& row : std::vector<Row>{
             {"b", 0, 0}, {"a", -5, 0}, {"d", 3, 0}, {"c", 0, 0}, {"later", -9, 60'000}}) {
        env.advance_ms(1);
        add({.kind = "",
             .subject_id = row.subject,
             .payload = "",
             .priority = row.priority,
             .run_at_ms = env.now_ms() + row.in_ms});
    }
    EXPECT_EQ(claimed(), "a b c d ");
    env.advance_ms(60'000);
    wake();
    EXPECT_EQ(claimed(), "later ");
}

TEST_P(JobsTest, AKeyIsThereOnce) {
    const NewJob job{.kind = "k", .subject_id = "s", .payload = "p", .dedupe_key = "sale:1"};
    const auto first = add(job);
    EXPECT_TRUE(first.is_new);
    const auto second = add(job);
    EXPECT_FALSE(second.is_new);
    EXPECT_EQ(second.job_id, first.job_id);
    EXPECT_TRUE(finish(claim().at(0)));
    EXPECT_EQ(add(job).job_id, first.job_id) << "also when it has ended";
    EXPECT_TRUE(add().is_new) << "no key is no key";
    EXPECT_TRUE(add().is_new);
    // Another workspace has keys of its own.
    const auto other = db->write_now<InsertedJob>(
        "ws_other", [&](Tx& tx) -> Result<InsertedJob> { return insert_job(tx, job); });
    EXPECT_TRUE(other->is_new || other->job_id != first.job_id);
}

TEST_P(JobsTest, OneOfManyAtOnceIsInserted) {
    std::mutex mutex;
    std::set<std::string> ids;
    std::atomic<int> fresh{0};
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 64; ++t) {
            threads.emplace_back([&] {
                const auto inserted =
                    add({.kind = "k", .subject_id = "s", .payload = "", .dedupe_key = "same"});
                fresh += inserted.is_new ? 1 : 0;
                const std::scoped_lock lock(mutex);
                ids.insert(inserted.job_id);
            });
        }
    }
    EXPECT_EQ(fresh, 1);
    EXPECT_EQ(ids.size(), 1U);
    EXPECT_EQ(claim(100).size(), 1U);
}

TEST_P(JobsTest, AJobVanishesWithItsFact) {
    const auto refused = write([&](Tx& tx) -> Result<bool> {
        insert_job(tx, {.kind = "k", .subject_id = "s", .payload = "", .dedupe_key = "d"});
        insert_job(tx, {.kind = "k", .subject_id = "s", .payload = "", .order_key = "o"});
        return fail(ErrorCode::Conflict, "no sale");
    });
    EXPECT_FALSE(refused);
    EXPECT_TRUE(claim().empty());
    EXPECT_TRUE(add({.kind = "k", .subject_id = "s", .payload = "", .dedupe_key = "d"}).is_new);
    add_in_order("after");
    EXPECT_EQ(claim().size(), 2U);
}

TEST_P(JobsTest, OneOfAnOrderAtATimeOldestFirst) {
    const auto a = add_in_order("a");
    const auto b = add_in_order("b");
    const auto c = add_in_order("c");
    EXPECT_EQ(state_of(b.job_id).state, "blocked");
    const auto first = claim().at(0);
    EXPECT_EQ(first.job_id, a.job_id);
    EXPECT_EQ(claimed(), "") << "while a runs";
    done([&](Tx& tx) { return retry_job(tx, first, tx.now_ms() + 1'000, "not yet"); });
    EXPECT_EQ(claimed(), "") << "while a waits";
    env.advance_ms(1'000);
    wake();
    EXPECT_TRUE(finish(claim().at(0)));
    const auto second = claim().at(0);
    EXPECT_EQ(second.job_id, b.job_id);

    // A dead one blocks, until it is tried again or discarded.
    EXPECT_TRUE(done([&](Tx& tx) { return bury_job(tx, second, "given up"); }));
    EXPECT_EQ(claimed(), "");
    EXPECT_TRUE(done([&](Tx& tx) { return revive_job(tx, workspace_id, b.job_id); }));
    const auto revived = claim().at(0);
    EXPECT_EQ(revived.job_id, b.job_id);
    EXPECT_EQ(revived.attempts, 1);
    EXPECT_TRUE(done([&](Tx& tx) { return bury_job(tx, revived, "given up"); }));
    EXPECT_EQ(claimed(), "");
    EXPECT_TRUE(done([&](Tx& tx) { return discard_job(tx, workspace_id, b.job_id, "wrong"); }));
    const auto third = claim().at(0);
    EXPECT_EQ(third.job_id, c.job_id);
    EXPECT_TRUE(finish(third));
    add_in_order("d");
    EXPECT_EQ(claimed(), "d ");
}

TEST_P(JobsTest, DiscardingOneInTheLineLetsNobodyIn) {
    add_in_order("a");
    const auto b = add_in_order("b");
    add_in_order("c");
    const auto first = claim().at(0);
    EXPECT_TRUE(done([&](Tx& tx) { return discard_job(tx, workspace_id, b.job_id, "why"); }));
    EXPECT_EQ(claimed(), "");
    EXPECT_FALSE(done([&](Tx& tx) { return discard_job(tx, workspace_id, first.job_id, ""); }))
        << "it is being attempted";
    EXPECT_TRUE(finish(first));
    EXPECT_EQ(claimed(), "c ");
}

// Jobs queue up while others of the same order end: none is forgotten, and no two run at once.
TEST_P(JobsTest, NoTurnIsLostBetweenThoseWhoComeAndThoseWhoGo) {
    constexpr int kComers = 4;
    constexpr int kJobsEach = 15;
    std::atomic<int> at_once{0};
    std::atomic<int> finished{0};
    std::atomic<bool> stop{false};
    std::vector<std::jthread> threads;
    for (int t = 0; t < kComers; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < kJobsEach; ++i) add_in_order("x");
        });
    }
    for (int t = 0; t < 2; ++t) {
        threads.emplace_back([&] {
            while (!stop) {
                for (const auto& job : claim()) {
                    EXPECT_EQ(++at_once, 1);
                    --at_once;
                    EXPECT_TRUE(finish(job));
                    ++finished;
                }
            }
        });
    }
    EXPECT_TRUE(wait_for([&] { return finished == kComers * kJobsEach; }));
    stop = true;
}

TEST_P(JobsTest, ManyAreFinishedAtOnceButNotThoseThatWereLost) {
    for (int i = 0; i < 3; ++i) {
        add();
        env.advance_ms(1);  // ids of the same millisecond have no order
    }
    add_in_order("a");
    env.advance_ms(1);
    add_in_order("b");
    const auto jobs = claim();
    ASSERT_EQ(jobs.size(), 4U);
    const auto held = running();
    done([&](Tx& tx) {
        for (const auto& job : held) {
            if (job.job_id == jobs[0].job_id) take_lease_away(tx, job);
        }
        return true;
    });
    std::vector<const Job*> all;
    for (const auto& job : jobs) all.push_back(&job);
    const auto finished = done([&](Tx& tx) { return finish_jobs(tx, all); });
    EXPECT_EQ(std::set<std::string>(finished.begin(), finished.end()),
              (std::set{jobs[1].job_id, jobs[2].job_id, jobs[3].job_id}));
    EXPECT_EQ(claim().size(), 2U) << "the lost one, and the next of the order";
}

TEST_P(JobsTest, ASnoozeIsNoAttempt) {
    const auto id = add().job_id;
    for (int i = 0; i < 3; ++i) {
        const auto job = claim().at(0);
        EXPECT_EQ(job.attempts, 1);
        done([&](Tx& tx) { return snooze_job(tx, job, tx.now_ms() + 10, "too early"); });
        EXPECT_EQ(state_of(id).attempts, 0);
        EXPECT_EQ(state_of(id).last_error, "too early");
        env.advance_ms(10);
        wake();
    }
}

TEST_P(JobsTest, LanesAreThoseWithReadyJobsWhoseDestinationIsWell) {
    for (const auto* to : {"", "a", "b", "c", "d", "d"}) {
        add({.kind = "", .subject_id = "", .payload = "", .destination = to});
    }
    add({.kind = "",
         .subject_id = "",
         .payload = "",
         .run_at_ms = env.now_ms() + 1'000,
         .destination = "later"});
    const auto lanes = [&](const std::string& from = "", std::int64_t limit = 10) {
        return done([&](Tx& tx) {
            std::string names;
            for (const auto& lane : list_job_lanes(tx, workspace_id, from, tx.now_ms(), limit)) {
                names += "<" + lane.destination + (lane.open_until_ms > 0 ? "?" : "") + ">";
            }
            return names;
        });
    };
    EXPECT_EQ(lanes(), "<><a><b><c><d>");
    EXPECT_EQ(lanes("b"), "<b><c><d>");
    EXPECT_EQ(lanes("b", 2), "<b><c>");
    done([&](Tx& tx) {
        pause_destination(tx, workspace_id, "a", "why");
        add_destination_failure(tx, workspace_id, "c", "503");
        break_off_destination(tx, workspace_id, "c", tx.now_ms() + 10);
        return true;
    });
    EXPECT_EQ(lanes(), "<><b><d>");
    EXPECT_EQ(lanes("", 3), "<><b><d>") << "what is skipped is not counted";
    env.advance_ms(10);
    EXPECT_EQ(lanes(), "<><b><c?><d>");
    done([&](Tx& tx) {
        forgive_destination(tx, workspace_id, "c");
        return true;
    });
    EXPECT_EQ(lanes(), "<><b><c><d>");
    EXPECT_TRUE(done([&](Tx& tx) { return resume_destination(tx, workspace_id, "a"); }));
    EXPECT_EQ(lanes(), "<><a><b><c><d>");
    EXPECT_EQ(claim(10, "d").size(), 2U);
    EXPECT_EQ(lanes(), "<><a><b><c>");
}

TEST_P(JobsTest, OneOfAllNodesMayTryADestination) {
    std::atomic<int> tries{0};
    done([&](Tx& tx) {
        add_destination_failure(tx, workspace_id, "a", "503");
        break_off_destination(tx, workspace_id, "a", 1'000);
        return true;
    });
    {
        std::vector<std::jthread> nodes;
        for (int i = 0; i < 8; ++i) {
            nodes.emplace_back([&] {
                const bool mine = done([&](Tx& tx) {
                    return take_destination_probe(tx, workspace_id, "a", 1'000, 2'000);
                });
                tries += mine ? 1 : 0;
            });
        }
    }
    EXPECT_EQ(tries, 1);
}

// A plan that reads what has ended, or a backlog, is slow where nobody looks: in a large queue.
TEST_P(JobsTest, EveryReadOfTheQueueHasItsIndex) {
    if (GetParam() == EngineKind::Postgres) return;  // plans by what is in the tables
    struct Row {
        std::string_view query;
        std::string_view expected;
    };
    const Row rows[] = {
        {"claim_jobs", "INDEX jobs_ready (workspace_id=? AND destination=?)"},
        {"count_jobs", "INDEX jobs_by_state (state=?)"},
        {"count_ready_jobs", "INDEX jobs_ready (workspace_id>?)"},
        {"delete_ended_jobs", "INDEX jobs_ended (run_at_ms<?)"},
        {"find_job_by_dedupe_key", "INDEX jobs_by_dedupe_key (workspace_id=? AND dedupe_key=?)"},
        {"find_last_job_in_line", "INDEX jobs_blocked (workspace_id=? AND order_key=?)"},
        {"find_oldest_ready_job", "INDEX jobs_ready (workspace_id=? AND destination=?)"},
        {"let_next_job_in", "INDEX jobs_blocked (workspace_id=? AND order_key=?)"},
        {"list_due_jobs", "INDEX jobs_waiting (run_at_ms<?)"},
        {"list_job_lanes", "INDEX jobs_ready (workspace_id=? AND destination>?)"},
        {"list_jobs_of_state", "INDEX jobs_by_state (state=? AND workspace_id=?"},
        {"list_running_jobs", "INDEX jobs_by_state (state=?)"},
        {"lock_job_at_turn", "INDEX jobs_at_turn (workspace_id=? AND order_key=?)"},
        {"next_workspace_with_ready_job", "INDEX jobs_ready (workspace_id>?)"},
        {"revive_jobs", "INDEX jobs_by_state (state=? AND workspace_id=?"},
    };
    const auto connection = connect(url, Access::ReadWrite);
    for (const auto& row : rows) {
        const auto queries = all_queries();
        const auto query = std::ranges::find(queries, row.query, &Query::name);
        ASSERT_NE(query, queries.end()) << row.query;
        const auto plan = connection->explain(**query);
        EXPECT_TRUE(plan.contains(row.expected)) << row.query << "\n" << plan;
        EXPECT_FALSE(plan.contains("TEMP B-TREE")) << row.query << "\n" << plan;
    }
}

HW_ON_BOTH_ENGINES(JobsTest);

}  // namespace
}  // namespace hw
