// SPDX-License-Identifier: Apache-2.0
// Shops as earlier schemas left them, with partners and what became of their commissions, are
// brought to this schema: every book is still right, the same on both engines, and goes on.
// HW_WRITE_WORLD=FILE writes such a shop of this schema; a release keeps it in testdata/worlds.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/record_clicks.hpp"
#include "core/settle_commission.hpp"
#include "core/verify_books.hpp"
#include "store/backup.hpp"
#include "tests/fixture/digest.hpp"
#include "tests/fixture/random_run.hpp"

namespace hw {
namespace {

constexpr std::uint64_t kSeed = 11;
constexpr int kOperations = 250;

std::vector<std::string> worlds() {
    std::vector<std::string> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(HW_SOURCE_DIR "/testdata/worlds")) {
        files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

void settle(Db& db) {
    for (const auto* workspace_id : {"ws_a", "ws_b"}) {
        const auto settled = db.write_now<std::string>(
            workspace_id,
            [](Tx& tx) -> Result<std::string> { return settle_matured(tx, "", 1'000); });
        ASSERT_TRUE(settled);
    }
}

class OldWorldTest : public ::testing::TestWithParam<std::string> {
  protected:
    static void expect_right(Db& db) {
        const auto books = verify_all_books(db);
        ASSERT_TRUE(books);
        for (const auto& wrong : books->first) {
            ADD_FAILURE() << wrong.table << " " << wrong.key << ": expected " << wrong.expected
                          << ", found " << wrong.found;
        }
        EXPECT_EQ(books->workspaces, 2);
        EXPECT_GT(books->conversions, 0);
    }
};

TEST_P(OldWorldTest, ItsBooksAreRightInThisSchema) {
    std::vector<std::map<std::string, std::string>> digests;
    for (const auto engine : {EngineKind::Sqlite, EngineKind::Postgres}) {
        SCOPED_TRACE(engine == EngineKind::Sqlite ? "SQLite" : "PostgreSQL");
        const auto target = own_database(engine, false);
        const auto restored = restore(GetParam(), target.url);
        ASSERT_TRUE(restored) << restored.error().message;
        digests.push_back(database_digest(target.url));
        TestEnv env(kSeed + 1);
        env.advance_ms(400LL * 24 * 3'600'000);
        Db db({.url = target.url, .writers = 1, .readers = 1, .record_clicks = record_clicks}, env);
        expect_right(db);
        settle(db);
        expect_right(db);
    }
    EXPECT_EQ(digests[0], digests[1]);
    for (const auto* table : {"commissions", "commission_reviews", "refunds", "disputes", "payouts",
                              "postings", "ledger_seals"}) {
        EXPECT_FALSE(digests[0].at(table).starts_with("0 rows")) << table;
    }
}

INSTANTIATE_TEST_SUITE_P(Worlds, OldWorldTest, ::testing::ValuesIn(worlds()),
                         [](const auto& param) {
                             auto name = std::filesystem::path(param.param).stem().string();
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(OldWorld, IsWrittenOnRequest) {
    const char* file = std::getenv("HW_WRITE_WORLD");
    if (file == nullptr) GTEST_SKIP() << "HW_WRITE_WORLD names no file";
    const auto own = own_database(EngineKind::Sqlite);
    {
        TestEnv env(kSeed);
        Db db({.url = own.url, .writers = 1, .readers = 1, .record_clicks = record_clicks}, env);
        RandomRun(db, env, kSeed).run(kOperations);
    }
    const auto made = backup(own.url, file);
    ASSERT_TRUE(made) << made.error().message;
}

}  // namespace
}  // namespace hw
