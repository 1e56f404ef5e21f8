// SPDX-License-Identifier: Apache-2.0
// The same random life on both engines ends in the same rows, and its books are right.
#include "tests/fixture/random_run.hpp"

#include <fmt/format.h>

#include "core/record_clicks.hpp"
#include "core/verify_books.hpp"
#include "tests/fixture/digest.hpp"

namespace hw {
namespace {

class RandomRunTest : public ::testing::TestWithParam<std::uint64_t> {};

struct Ending {
    std::map<std::string, std::string> digest;
    RandomRun::Seen seen;
    Result<VerifiedBooks> books;
};

Ending live(EngineKind engine, std::uint64_t seed, int operations) {
    const auto own = own_database(engine);
    TestEnv env(seed);
    Db db({.url = own.url, .writers = 4, .readers = 1, .record_clicks = record_clicks}, env);
    RandomRun life(db, env, seed);
    life.run(operations);
    auto books = verify_all_books(db);
    db.stop();
    return {database_digest(own.url), life.seen(), std::move(books)};
}

TEST_P(RandomRunTest, EndsInTheSameRows) {
    constexpr int kOperations = 2'000;
    SCOPED_TRACE(fmt::format("seed {}", GetParam()));
    fmt::print("seed {}\n", GetParam());
    const auto sqlite = live(EngineKind::Sqlite, GetParam(), kOperations);
    const auto postgres = live(EngineKind::Postgres, GetParam(), kOperations);
    EXPECT_EQ(sqlite.digest, postgres.digest);
    for (const auto* ending : {&sqlite, &postgres}) {
        ASSERT_TRUE(ending->books);
        EXPECT_EQ(ending->books->differences, 0);
        EXPECT_EQ(ending->books->workspaces, 2);
        for (const auto& difference : ending->books->first) {
            ADD_FAILURE() << difference.table << " " << difference.key << ": expected "
                          << difference.expected << ", found " << difference.found;
        }
    }
    const auto& seen = sqlite.seen;
    for (const int count :
         {seen.links, seen.clicks, seen.repeated_clicks, seen.bots, seen.leads, seen.sales,
          seen.repeated_sales, seen.orphans, seen.refusals, seen.without_rate, seen.errors,
          seen.commissions, seen.refunds, seen.disputes, seen.reviews, seen.moves, seen.payouts,
          seen.payments, seen.matured}) {
        EXPECT_GT(count, 0);
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomRunTest, ::testing::Values(1, 2, 3, 20'261'121));

}  // namespace
}  // namespace hw
