// SPDX-License-Identifier: Apache-2.0
// Use cases in transactions: one that fails does not touch its neighbours, what is queued is
// finished, and what was acknowledged is seen.
#include <fmt/format.h>

#include <atomic>
#include <latch>
#include <thread>

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "store/conversions.hpp"
#include "store/jobs.hpp"
#include "store/tables.hpp"
#include "tests/fixture/digest.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

using Done = Result<bool>;

class GroupCommitTest : public EngineTest {
  protected:
    // A marker row that a use case leaves behind.
    static bool mark(Tx& tx, const std::string& name) {
        return !claim_payment_alias(tx, tx.workspace_id(), name, "x");
    }
    bool is_marked(const std::string& name) {
        return *read(
            [&](Tx& tx) -> Done { return find_payment_alias(tx, workspace_id, name).has_value(); });
    }

    // Keeps every writer busy until released, so that what is submitted meanwhile queues up.
    class Plug {
      public:
        Plug(Db& db, int writers, const std::string& workspace)
            : arrived_(writers), ended_(writers) {
            for (int i = 0; i < writers; ++i) {
                db.write<bool>(
                    workspace,
                    [this](Tx&) -> Done {
                        arrived_.count_down();
                        pulled_.wait();
                        return true;
                    },
                    [this](const Done&) { ended_.count_down(); });
            }
            arrived_.wait();
        }
        ~Plug() {
            if (!pulled_.try_wait()) pull();
            ended_.wait();
        }
        void pull() { pulled_.count_down(); }

      private:
        std::latch arrived_;
        std::latch pulled_{1};
        std::latch ended_;
    };
    int writers() const { return GetParam() == EngineKind::Sqlite ? 1 : 4; }
};

enum class Way { Keep, Error, Assertion, Exception, Race, Constraint, ConstraintUnread, Overflow };

// Marks, counts a click, and goes that way in between.
Done go(Tx& tx, Way way, const std::string& name) {
    const auto mark = claim_payment_alias(tx, tx.workspace_id(), name, "x");
    HW_ASSERT(!mark);
    if (way == Way::Error) return fail(ErrorCode::Conflict, "no", "refused");
    if (way == Way::Assertion) HW_ASSERT(name.empty());
    if (way == Way::Exception) throw std::runtime_error("thrown");
    if (way == Way::Race) throw Fault(FaultKind::Retryable, "lost for ever");
    if (way == Way::Constraint || way == Way::ConstraintUnread) {
        Conversion conversion;
        conversion.workspace_id = tx.workspace_id();
        conversion.conversion_id = name;
        insert_conversion(tx, conversion);
        insert_conversion(tx, conversion);
    }
    if (way == Way::Constraint) find_conversion(tx, tx.workspace_id(), name);
    if (way == Way::Overflow) {
        // Shows only when the counters are written, together with those of the neighbours.
        const auto most = std::numeric_limits<std::int64_t>::max();
        tx.counters().add(LinkTotalsKey{tx.workspace_id(), "full"}, {.sale_amount = most});
    }
    tx.counters().add(LinkTotalsKey{tx.workspace_id(), "link"}, {.clicks = 1});
    return true;
}

TEST_P(GroupCommitTest, OneFailureLeavesItsNeighboursAlone) {
    struct Case {
        Way way;
        std::string expected;  // "ok" or the reason of the error
    };
    const std::vector<Case> cases{
        {Way::Keep, "ok"},
        {Way::Error, "refused"},
        {Way::Assertion, "bug"},
        {Way::Keep, "ok"},
        {Way::Exception, "bug"},
        {Way::Keep, "ok"},
        {Way::Race, "busy"},
        {Way::Constraint, GetParam() == EngineKind::Sqlite ? "bug" : "busy"},
        {Way::Keep, "ok"},
        {Way::ConstraintUnread, GetParam() == EngineKind::Sqlite ? "bug" : "busy"},
        {Way::Overflow, "bug"},
        {Way::Keep, "ok"},
    };
    // The sum of the two does not fit.
    const auto ten = write([&](Tx& tx) -> Done {
        tx.counters().add(LinkTotalsKey{workspace_id, "full"}, {.sale_amount = 10});
        return true;
    });
    ASSERT_TRUE(ten);
    std::vector<std::string> outcomes(cases.size());
    std::latch answered(static_cast<std::ptrdiff_t>(cases.size()));
    Plug plug(*db, writers(), workspace_id);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        db->write<bool>(
            workspace_id,
            [&, i](Tx& tx) { return go(tx, cases[i].way, fmt::format("mark {}", i)); },
            [&, i](const Done& result) {
                outcomes[i] = result ? "ok" : result.error().reason;
                answered.count_down();
            });
    }
    plug.pull();
    answered.wait();
    for (std::size_t i = 0; i < cases.size(); ++i) {
        // Each connection of PostgreSQL has a slot of its own, where there may be room for the sum.
        if (cases[i].way == Way::Overflow && GetParam() == EngineKind::Postgres) continue;
        EXPECT_EQ(outcomes[i], cases[i].expected) << "case " << i;
        EXPECT_EQ(is_marked(fmt::format("mark {}", i)), outcomes[i] == "ok") << "case " << i;
    }
    const auto clicks = *read([&](Tx& tx) -> Result<std::int64_t> {
        return link_totals(tx, workspace_id, "link").clicks;
    });
    EXPECT_EQ(clicks, std::ranges::count(outcomes, "ok"));
}

TEST_P(GroupCommitTest, FullQueueRefusesAtOnce) {
    std::atomic<int> done{0};
    int refused = 0;
    {
        Plug plug(*db, writers(), workspace_id);
        for (std::size_t i = 0; i < limits::kWriteQueueMax + 5; ++i) {
            bool answered = false;
            db->write<bool>(
                workspace_id, [](Tx&) -> Done { return true; },
                [&, inside = true](const Done& result) {
                    if (result) {
                        ++done;
                        return;
                    }
                    EXPECT_TRUE(inside);
                    EXPECT_EQ(result.error().code, ErrorCode::Unavailable);
                    EXPECT_EQ(result.error().reason, "queue_full");
                    answered = true;
                });
            refused += answered ? 1 : 0;
        }
        EXPECT_EQ(refused, 5);
        EXPECT_EQ(db->stats().refused, 5);
        EXPECT_EQ(done, 0);
    }
    EXPECT_TRUE(wait_for([&] { return done == static_cast<int>(limits::kWriteQueueMax); }));
}

TEST_P(GroupCommitTest, StopFinishesWhatIsQueued) {
    constexpr int kMany = 300;
    std::atomic<int> written{0};
    std::atomic<int> read_back{0};
    std::atomic<int> clicked{0};
    const auto link = make_link("stop");
    {
        Plug plug(*db, writers(), workspace_id);
        for (int i = 0; i < kMany; ++i) {
            db->write<bool>(
                workspace_id, [i](Tx& tx) -> Done { return mark(tx, fmt::format("queued {}", i)); },
                [&](const Done& result) { written += result && *result ? 1 : 0; });
            db->read<bool>(
                workspace_id, [](Tx&) -> Done { return true; },
                [&](const Done& result) { read_back += result.has_value() ? 1 : 0; });
            Touch touch;
            touch.workspace_id = workspace_id;
            touch.at_ms = env.now_ms();
            touch.touch_id = new_click_id(touch.at_ms, env);
            touch.link_id = link.link_id;
            touch.visitor = i;
            db->record_click(touch, [&](const Result<RecordedClick>& result) {
                clicked += result.has_value() ? 1 : 0;
            });
        }
    }
    db->stop();
    EXPECT_EQ(written, kMany);
    EXPECT_EQ(read_back, kMany);
    EXPECT_EQ(clicked, kMany);
    const auto late = write([](Tx&) -> Done { return true; });
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::Unavailable);
    EXPECT_FALSE(read([](Tx&) -> Done { return true; }));

    db = open({.url = url});
    EXPECT_TRUE(is_marked("queued 0"));
    EXPECT_TRUE(is_marked(fmt::format("queued {}", kMany - 1)));
}

TEST_P(GroupCommitTest, WhatWasAcknowledgedIsSeenByEveryThread) {
    constexpr int kThreads = 8;
    constexpr int kRounds = 40;
    std::array<std::atomic<int>, kThreads> acknowledged{};
    std::atomic<int> missed{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            for (int round = 1; round <= kRounds; ++round) {
                EXPECT_TRUE(write(
                    [&](Tx& tx) -> Done { return mark(tx, fmt::format("{} {}", t, round)); }));
                acknowledged[static_cast<std::size_t>(t)] = round;
                const int other = (t + round) % kThreads;
                const int seen = acknowledged[static_cast<std::size_t>(other)];
                if (seen > 0 && !is_marked(fmt::format("{} {}", other, seen))) ++missed;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(missed, 0);
}

TEST_P(GroupCommitTest, ReadsSeeOneSnapshotAndKeepNothing) {
    const auto before = *read([&](Tx& tx) -> Result<std::vector<bool>> {
        std::vector<bool> seen{find_payment_alias(tx, workspace_id, "between").has_value()};
        std::thread([&] {
            EXPECT_TRUE(write([](Tx& inner) -> Done { return mark(inner, "between"); }));
        }).join();
        seen.push_back(find_payment_alias(tx, workspace_id, "between").has_value());
        return seen;
    });
    EXPECT_EQ(before, (std::vector{false, false}));
    EXPECT_TRUE(is_marked("between"));
    const auto wrote = read([](Tx& tx) -> Done { return mark(tx, "by a reader"); });
    ASSERT_FALSE(wrote);
    EXPECT_EQ(wrote.error().reason, "bug");
    EXPECT_FALSE(is_marked("by a reader"));
}

TEST_P(GroupCommitTest, DryRunLeavesNoTrace) {
    const auto own = own_database(GetParam());
    std::vector<std::string> forgotten;
    std::mutex mutex;
    auto other = open({.url = own.url, .on_invalidate = [&](std::string_view name) {
                           const std::scoped_lock lock(mutex);
                           if (name != "*") forgotten.emplace_back(name);
                       }});
    const auto before = database_digest(own.url);
    const auto result = other->dry_run_now<std::string>("ws_1", [](Tx& tx) -> Result<std::string> {
        mark(tx, "dry");
        tx.counters().add(LinkTotalsKey{"ws_1", "link"}, {.clicks = 1});
        tx.invalidate("link:d/k");
        // Its own writes it sees.
        return find_payment_alias(tx, "ws_1", "dry").value_or("none");
    });
    EXPECT_EQ(result, "x");
    const auto refused = other->dry_run_now<bool>(
        "ws_1", [](Tx&) -> Done { return fail(ErrorCode::Gone, "gone", "why"); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, "why");
    EXPECT_EQ(database_digest(own.url), before);
    other->stop();
    EXPECT_EQ(forgotten, std::vector<std::string>{});
}

TEST_P(GroupCommitTest, CallbackThatThrowsEndsNothing) {
    std::latch called(2);
    for (int i = 0; i < 2; ++i) {
        db->write<bool>(
            workspace_id, [](Tx&) -> Done { return true; },
            [&](const Done&) {
                called.count_down();
                throw std::runtime_error("from a callback");
            });
    }
    called.wait();
    EXPECT_TRUE(write([](Tx& tx) -> Done { return mark(tx, "after"); }));
    EXPECT_TRUE(is_marked("after"));
}

TEST_P(GroupCommitTest, JobsAreToldOfWhenTheyAreCommittedOnly) {
    std::atomic<int> told = 0;
    db = open({.url = url, .on_jobs = [&] { ++told; }});
    const auto put = [](Tx& tx) {
        return insert_job(tx,
                          {.kind = "test", .subject_id = "1", .payload = "", .dedupe_key = "once"})
            .job_id;
    };
    EXPECT_TRUE(write([](Tx& tx) -> Done { return mark(tx, "no job"); }));
    EXPECT_FALSE(write([&](Tx& tx) -> Done {
        put(tx);
        return fail(ErrorCode::Gone, "no");
    }));
    EXPECT_EQ(told, 0);
    EXPECT_TRUE(write([&](Tx& tx) -> Done { return !put(tx).empty(); }));
    EXPECT_EQ(told, 1);
    EXPECT_TRUE(write([&](Tx& tx) -> Done { return !put(tx).empty(); }));  // the same job
    EXPECT_EQ(told, 1);
}

TEST_P(GroupCommitTest, InvalidationsFollowTheCommitOnly) {
    std::vector<std::string> heard;
    std::mutex mutex;
    db = open({.url = url, .on_invalidate = [&](std::string_view name) {
                   const std::scoped_lock lock(mutex);
                   heard.emplace_back(name);
               }});
    const auto has_heard = [&](const std::string& name) {
        const std::scoped_lock lock(mutex);
        return std::ranges::find(heard, name) != heard.end();
    };
    EXPECT_TRUE(write([&](Tx& tx) -> Done {
        tx.invalidate(workspace_id + " kept");
        return true;
    }));
    // Before the answer, so that the caller's next request finds nothing stale on this node.
    EXPECT_TRUE(has_heard(workspace_id + " kept"));
    EXPECT_FALSE(write([&](Tx& tx) -> Done {
        tx.invalidate(workspace_id + " refused");
        return fail(ErrorCode::Gone, "no");
    }));
    EXPECT_FALSE(write([&](Tx& tx) -> Done {
        tx.invalidate(workspace_id + " bug");
        HW_ASSERT(heard.empty());
        return true;
    }));
    EXPECT_FALSE(has_heard(workspace_id + " refused"));
    EXPECT_FALSE(has_heard(workspace_id + " bug"));
    db->stop();
}

HW_ON_BOTH_ENGINES(GroupCommitTest);

}  // namespace
}  // namespace hw
