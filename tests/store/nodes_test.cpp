// SPDX-License-Identifier: Apache-2.0
// Several nodes on one PostgreSQL, and a server that goes away and comes back.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <latch>
#include <set>
#include <thread>

#include "base/fault.hpp"
#include "core/record_clicks.hpp"
#include "store/conversions.hpp"
#include "store/links.hpp"
#include "store/migrate.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/postgres_cluster.hpp"
#include "tests/wait_for.hpp"

namespace hw {
namespace {

using Done = Result<bool>;

// What a node's caches were told to forget.
class Forgotten {
  public:
    std::function<void(std::string_view)> callback() {
        return [this](std::string_view name) {
            const std::scoped_lock lock(mutex_);
            names_.emplace(name);
        };
    }
    bool has(const std::string& name) const {
        const std::scoped_lock lock(mutex_);
        return names_.contains(name);
    }

  private:
    mutable std::mutex mutex_;
    std::set<std::string> names_;
};

std::unique_ptr<Db> node(const std::string& url, Env& env, Forgotten* forgotten = nullptr) {
    DbOptions options{.url = url, .writers = 4, .readers = 2, .record_clicks = record_clicks};
    if (forgotten != nullptr) options.on_invalidate = forgotten->callback();
    return std::make_unique<Db>(std::move(options), env);
}

bool mark(Tx& tx, const std::string& name) {
    return !claim_payment_alias(tx, tx.workspace_id(), name, "x");
}

Touch touch_of(Env& env, std::int64_t visitor) {
    Touch touch;
    touch.workspace_id = "ws_1";
    touch.at_ms = env.now_ms();
    touch.touch_id = new_click_id(touch.at_ms, env);
    touch.link_id = "link_1";
    touch.visitor = visitor;
    return touch;
}

TEST(Nodes, OneClickCountsAcrossNodes) {
    constexpr int kVisitors = 200;
    const auto own = own_database(EngineKind::Postgres);
    TestEnv env(7);
    const auto a = node(own.url, env);
    const auto b = node(own.url, env);
    std::vector<std::vector<std::string>> ids(2, std::vector<std::string>(kVisitors));
    std::latch done(2 * kVisitors);
    const auto visit = [&](Db& db, std::size_t which) {
        for (std::size_t v = 0; v < kVisitors; ++v) {
            db.record_click(touch_of(env, static_cast<std::int64_t>(v)),
                            [&, which, v](const Result<RecordedClick>& result) {
                                EXPECT_TRUE(result.has_value());
                                if (result) ids[which][v] = result->click_id;
                                done.count_down();
                            });
        }
    };
    std::thread first([&] { visit(*a, 0); });
    std::thread second([&] { visit(*b, 1); });
    first.join();
    second.join();
    done.wait();
    EXPECT_EQ(ids[0], ids[1]);
    EXPECT_EQ(std::set(ids[0].begin(), ids[0].end()).size(), static_cast<std::size_t>(kVisitors));
    const auto clicks = a->read_now<std::int64_t>("ws_1", [](Tx& tx) -> Result<std::int64_t> {
        return link_totals(tx, "ws_1", "link_1").clicks;
    });
    EXPECT_EQ(clicks, kVisitors);
    // The hour ends for both at once.
    env.advance_ms(3'600'000);
    std::promise<std::string> again;
    b->record_click(touch_of(env, 0), [&](const Result<RecordedClick>& result) {
        again.set_value(result->click_id);
    });
    EXPECT_NE(again.get_future().get(), ids[0][0]);
}

TEST(Nodes, EachHearsWhatTheOtherChanged) {
    const auto own = own_database(EngineKind::Postgres);
    TestEnv env;
    Forgotten by_a;
    Forgotten by_b;
    const auto a = node(own.url, env, &by_a);
    const auto b = node(own.url, env, &by_b);
    EXPECT_TRUE(wait_for([&] { return by_a.has("*") && by_b.has("*"); }));  // they listen
    const auto say = [](Db& db, const std::string& name, bool keep) {
        std::ignore = db.write_now<bool>("ws_1", [&](Tx& tx) -> Done {
            tx.invalidate(name);
            if (!keep) return fail(ErrorCode::Gone, "no");
            return true;
        });
    };
    const auto odd = std::string("link:d.example/\xF0\x9F\xA6\x86 'quoted'");
    say(*a, "not this", false);
    say(*a, odd, true);
    EXPECT_TRUE(by_a.has(odd));
    EXPECT_TRUE(wait_for([&] { return by_b.has(odd); }));
    say(*b, "back", true);
    EXPECT_TRUE(wait_for([&] { return by_a.has("back"); }));
    EXPECT_FALSE(by_b.has("not this"));
    a->stop();
    b->stop();
}

TEST(Nodes, ConcurrentClaimsOfOneNameHaveOneWinner) {
    const auto own = own_database(EngineKind::Postgres);
    TestEnv env;
    const auto a = node(own.url, env);
    const auto b = node(own.url, env);
    std::atomic<int> winners{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20; ++i) {
                const auto won =
                    (t % 2 == 0 ? *a : *b).write_now<bool>("ws_1", [&](Tx& tx) -> Done {
                        return mark(tx, fmt::format("name {}", i));
                    });
                winners += won.value_or(false) ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(winners, 20);
}

TEST(Nodes, DeadlockIsRunAgain) {
    const auto own = own_database(EngineKind::Postgres);
    TestEnv env;
    const auto db = node(own.url, env);
    std::latch both_hold_one(2);
    std::atomic<int> runs{0};
    const auto cross = [&](const std::string& first, const std::string& second) {
        return db->write_now<bool>("ws_1", [&, waited = false](Tx& tx) mutable -> Done {
            ++runs;
            mark(tx, first);
            if (!std::exchange(waited, true)) both_hold_one.arrive_and_wait();
            mark(tx, second);
            return true;
        });
    };
    Done one;
    std::thread other([&] { one = cross("a", "b"); });
    const auto two = cross("b", "a");
    other.join();
    EXPECT_TRUE(one.has_value());
    EXPECT_TRUE(two.has_value());
    EXPECT_GE(runs, 3);
    EXPECT_EQ(db->stats().retries, runs - 2);
}

TEST(Nodes, ServerThatComesBackIsUsedAgain) {
    PostgresCluster cluster;
    const auto url = cluster.fresh_database();
    migrate(url);
    TestEnv env;
    Forgotten forgotten;
    const auto db = node(url, env, &forgotten);
    const auto try_mark = [&](const std::string& name) {
        return db->write_now<bool>("ws_1", [&](Tx& tx) -> Done { return mark(tx, name); });
    };
    ASSERT_TRUE(try_mark("before"));
    EXPECT_TRUE(wait_for([&] { return db->healthy(); }));

    cluster.kill_hard();
    const auto failed = try_mark("while it is away");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::Unavailable);
    EXPECT_FALSE(db->healthy());

    cluster.start();
    // By itself: with a load balancer that asks healthy() nobody would come to try.
    EXPECT_TRUE(wait_for([&] { return db->healthy(); }));
    // Every pooled connection is dead; no request pays for that.
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(try_mark(fmt::format("after {}", i))) << i;
    const auto seen = db->read_now<bool>("ws_1", [](Tx& tx) -> Done {
        return find_payment_alias(tx, "ws_1", "before").has_value();
    });
    EXPECT_TRUE(seen.value_or(false));
    db->stop();
}

TEST(Nodes, ConnectionThatWasCutIsReplacedWithoutAnError) {
    const auto own = own_database(EngineKind::Postgres);
    TestEnv env;
    const auto db = node(own.url, env);
    const auto cut_all = [&] {
        const auto killer = connect_as_owner(own.url);
        killer->run_script(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()");
    };
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 8; ++i) {
            EXPECT_TRUE(db->write_now<bool>(
                "ws_1", [&](Tx& tx) -> Done { return mark(tx, fmt::format("{} {}", round, i)); }));
            EXPECT_TRUE(db->read_now<bool>("ws_1", [](Tx& tx) -> Done {
                return find_payment_alias(tx, "ws_1", "0 0").has_value();
            }));
        }
        cut_all();
    }
}

}  // namespace
}  // namespace hw
