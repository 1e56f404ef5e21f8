// SPDX-License-Identifier: Apache-2.0
// Migrations: applied once, in order, by one node at a time, and only to a database of ours.
#include "store/migrate.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <latch>
#include <regex>
#include <thread>

#include "base/fault.hpp"
#include "store/tables.hpp"
#include "tests/child_process.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

using Versions = std::vector<int>;

class MigrateTest : public ::testing::TestWithParam<EngineKind> {
  protected:
    MigrateTest() : database(own_database(GetParam(), false)) {}

    int version() { return current_version(database.url); }
    static int current_version(const std::string& url) {
        const auto connection = connect_as_owner(url);
        connection->begin(kOperator);
        return current_schema_version(*connection);
    }
    std::vector<std::string> names() {
        const auto connection = connect_as_owner(database.url);
        connection->begin(kOperator);
        std::vector<std::string> found;
        for (const auto& table : list_tables(*connection)) found.push_back(table.name);
        return found;
    }
    std::string refusal(FunctionRef<void()> work) {
        try {
            work();
        } catch (const Fault& fault) {
            EXPECT_EQ(fault.kind(), FaultKind::Incompatible);
            return fault.what();
        }
        ADD_FAILURE() << "was not refused";
        return {};
    }

    OwnDatabase database;
};

const std::vector<Migration> kThree{
    {1, "0001_one.sql", "create table a (x @TEXT@ primary key) @STRICT@;\n"},
    {2, "0002_two.sql",
     "alter table a add column y @INT64@ not null default 7;\n"
     "-- @sqlite\ncreate table only_sqlite (x @INT64@) @STRICT@;\n-- @end\n"
     "-- @postgres\ncreate table only_postgres (x @INT64@) @STRICT@;\n-- @end\n"},
    {3, "0003_three.sql",
     "create table c (x @TEXT@ primary key) @BY_KEY@;\ninsert into c values ('1');\n"},
};

TEST_P(MigrateTest, FromEmptyAndAgain) {
    EXPECT_EQ(version(), 0);
    EXPECT_EQ(names(), std::vector<std::string>{});  // looking makes nothing
    const auto all = migrate(database.url);
    EXPECT_EQ(all.size(), embedded_migrations().size());
    EXPECT_EQ(version(), embedded_migrations().back().version);
    EXPECT_EQ(migrate(database.url), Versions{});
}

TEST_P(MigrateTest, EachStepInOrder) {
    EXPECT_EQ(migrate(database.url, kThree, 1), Versions{1});
    const auto connection = connect_as_owner(database.url);
    connection->begin(kOperator);
    connection->exec_text("insert into a (x) values ('kept')", {});
    connection->commit();
    EXPECT_EQ(migrate(database.url, kThree, 1), Versions{});
    EXPECT_EQ(migrate(database.url, kThree, 9), (Versions{2, 3}));
    EXPECT_EQ(version(), 3);
    const std::string only = GetParam() == EngineKind::Sqlite ? "only_sqlite" : "only_postgres";
    EXPECT_EQ(names(), (std::vector<std::string>{"a", "c", only}));
    connection->begin(kOperator);
    std::string row_of_a;
    connection->stream("select x, y from a", [&](const Row& row) {
        row_of_a = fmt::format("{} {}", row.text(0), row.int64(1));
    });
    EXPECT_EQ(row_of_a, "kept 7");
}

TEST_P(MigrateTest, FailureLeavesTheDatabaseAsItWas) {
    migrate(database.url, kThree, 1);
    auto broken = kThree;
    broken[2].text = "create table c (x @TEXT@); no such statement;";
    EXPECT_THROW(migrate(database.url, broken, 9), Fault);
    EXPECT_EQ(version(), 1);
    EXPECT_EQ(names(), std::vector<std::string>{"a"});
    EXPECT_EQ(migrate(database.url, kThree, 9), (Versions{2, 3}));
}

TEST_P(MigrateTest, RefusesWhatIsNotItsOwn) {
    migrate(database.url, kThree, 3);
    auto changed = kThree;
    changed[1].text = "create table other (x @TEXT@);";
    EXPECT_EQ(refusal([&] { migrate(database.url, changed, 9); }),
              "migration 0002_two.sql was changed after it was applied to this database: use the "
              "headwater release that made the database");
    const std::vector<Migration> older(kThree.begin(), kThree.begin() + 2);
    EXPECT_EQ(refusal([&] { migrate(database.url, older, 9); }),
              "the database has schema version 3, this headwater knows up to 2: run the newer "
              "headwater that upgraded it");
    const auto connection = connect_as_owner(database.url);
    connection->run_script("delete from schema_versions where version = 2");
    EXPECT_EQ(refusal([&] { migrate(database.url, kThree, 9); }),
              "schema version 2 is missing in the database's history, which goes up to 3: it was "
              "not made by headwater alone");
    connection->run_script("delete from schema_versions");
    EXPECT_NE(refusal([&] { migrate(database.url); }).find("not empty and not headwater's"),
              std::string::npos);
}

TEST_P(MigrateTest, RefusesSomeoneElsesDatabase) {
    connect_as_owner(database.url)->run_script("create table invoices (id int)");
    EXPECT_EQ(refusal([&] { migrate(database.url); }),
              "the database is not empty and not headwater's: it has 1 tables, one of them "
              "\"invoices\". Give headwater a database of its own");
    EXPECT_EQ(names(), std::vector<std::string>{"invoices"});
}

TEST_P(MigrateTest, NodesThatStartTogetherWaitForEachOther) {
    constexpr int kNodes = 6;
    std::latch together(kNodes);
    std::atomic<int> applied{0};
    std::vector<std::thread> nodes;
    for (int i = 0; i < kNodes; ++i) {
        nodes.emplace_back([&] {
            together.arrive_and_wait();
            try {
                applied += static_cast<int>(migrate(database.url).size());
            } catch (const Fault& fault) {
                ADD_FAILURE() << fault.what();
            }
        });
    }
    for (auto& node : nodes) node.join();
    EXPECT_EQ(applied, static_cast<int>(embedded_migrations().size()));
}

// One of the processes of the test below: this program again, told what to migrate.
TEST(MigrateChild, MigratesWhatItIsTold) {
    const char* url = std::getenv("HW_MIGRATE_URL");
    if (url == nullptr) return;
    const auto applied = migrate(url).size();
    fmt::print("applied {}\n", applied);
}

// SQLite's locks tell processes apart, and what threads of one process share is not what processes
// share.
TEST_P(MigrateTest, ProcessesThatStartTogetherWaitForEachOther) {
    constexpr int kProcesses = 5;
    const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
    std::vector<std::unique_ptr<ChildProcess>> processes;
    for (int i = 0; i < kProcesses; ++i) {
        processes.push_back(std::make_unique<ChildProcess>(
            ChildOptions{.argv = {self, "--gtest_filter=MigrateChild.*"},
                         .env = {"HW_MIGRATE_URL=" + database.url}}));
    }
    const auto all = fmt::format("applied {}\n", embedded_migrations().size());
    int migrated = 0;
    for (auto& process : processes) {
        EXPECT_EQ(process->wait(), 0) << process->output();
        migrated += process->output().find(all) != std::string::npos ? 1 : 0;
    }
    EXPECT_EQ(migrated, 1);
    EXPECT_EQ(version(), embedded_migrations().back().version);
}

TEST(Migrations, TextForEachEngine) {
    struct Case {
        std::string_view text;
        std::string sqlite;
        std::string postgres;
    };
    const std::vector<Case> cases{
        {"a @INT64@ b", "a integer b\n", "a bigint b\n"},
        {"@TEXT@ @BLOB@", "text blob\n", "text collate \"C\" bytea\n"},
        {") @STRICT@;\n) @BY_KEY@;", ") strict;\n) strict, without rowid;\n", ") ;\n) ;\n"},
        {"1\n-- @sqlite\n2\n-- @end\n3\n-- @postgres\n4\n-- @end\n5", "1\n2\n3\n5\n",
         "1\n3\n4\n5\n"},
        {"1\n-- @postgres\n2\n-- @sqlite\n3\n-- @end\n4\n", "1\n3\n4\n", "1\n2\n4\n"},
        {"-- a comment\n", "-- a comment\n", "-- a comment\n"},
        {"", "", ""},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(migration_sql(c.text, EngineKind::Sqlite), c.sqlite) << c.text;
        EXPECT_EQ(migration_sql(c.text, EngineKind::Postgres), c.postgres) << c.text;
    }
    EXPECT_THROW(migration_sql("-- @mysql\n", EngineKind::Sqlite), Fault);
}

TEST(Migrations, EmbeddedOnesLeaveNoTokenBehind) {
    int expected = 0;
    for (const auto& migration : embedded_migrations()) {
        EXPECT_EQ(migration.version, ++expected);
        for (const auto engine : {EngineKind::Sqlite, EngineKind::Postgres}) {
            EXPECT_FALSE(std::regex_search(migration_sql(migration.text, engine),
                                           std::regex("@[A-Z0-9_]+@")))
                << migration.name;
        }
    }
}

HW_ON_BOTH_ENGINES(MigrateTest);

}  // namespace
}  // namespace hw
