// SPDX-License-Identifier: Apache-2.0
#include "store/health.hpp"

#include <chrono>

#include "base/fault.hpp"
#include "store/migrate.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class HealthTest : public ::testing::TestWithParam<EngineKind> {};

TEST_P(HealthTest, SchemaVersionWithoutMakingAnything) {
    const auto own = own_database(GetParam(), false);
    EXPECT_THROW(demand_schema(own.url), Fault);
    const auto connection = connect(own.url, Access::ReadWrite);
    EXPECT_EQ(find_schema_version(*connection), 0);
    EXPECT_EQ(find_schema_version(*connection), 0) << "the first look made the table";
    EXPECT_THROW(demand_schema(own.url), Fault);
    migrate(own.url);
    EXPECT_EQ(find_schema_version(*connection), embedded_migrations().back().version);
    EXPECT_NO_THROW(demand_schema(own.url));
}

TEST_P(HealthTest, AHealthyDatabase) {
    const auto own = own_database(GetParam());
    const auto connection = connect(own.url, Access::ReadWrite);
    EXPECT_NO_THROW(probe_write(*connection));
    for (const auto& setting : durability_settings(*connection)) {
        EXPECT_TRUE(setting.safe) << setting.name << " is " << setting.value;
    }
    const auto tokens = count_setup_tokens(*connection, 0);
    EXPECT_EQ(tokens.open + tokens.expired, 0);
    const bool postgres = GetParam() == EngineKind::Postgres;
    EXPECT_EQ(database_clock_ms(*connection).has_value(), postgres);
    const auto security = row_security(*connection);
    ASSERT_EQ(security.has_value(), postgres);
    if (!security) return;
    EXPECT_TRUE(security->unprotected_tables.empty());
    EXPECT_TRUE(security->bound);
}

HW_ON_BOTH_ENGINES(HealthTest);

TEST(Health, SeesWhatIsUnsafe) {
    const auto own = own_database(EngineKind::Postgres);
    const auto owner = connect_as_owner(own.url);
    owner->run_script("alter table links no force row level security");
    owner->run_script("set synchronous_commit = off");
    const auto security = row_security(*owner);
    ASSERT_TRUE(security.has_value());
    EXPECT_EQ(security->unprotected_tables, std::vector<std::string>{"links"});
    EXPECT_FALSE(security->bound) << "a superuser is bound by nothing";
    bool found = false;
    for (const auto& setting : durability_settings(*owner)) {
        if (setting.name != "synchronous_commit") continue;
        found = true;
        EXPECT_FALSE(setting.safe);
    }
    EXPECT_TRUE(found);
}

TEST(Health, CountsOpenAndExpiredSetupTokens) {
    const auto own = own_database(EngineKind::Sqlite);
    const auto connection = connect(own.url, Access::ReadWrite);
    connection->run_script(
        "insert into setup_tokens values ('a', 100, null), ('b', 200, null), ('c', 200, 50)");
    const auto tokens = count_setup_tokens(*connection, 150);
    EXPECT_EQ(tokens.open, 1);
    EXPECT_EQ(tokens.expired, 1);
}

TEST(Health, NamesTheFileOfASqliteUrl) {
    struct Case {
        std::string_view url;
        std::string_view expected;  // empty: none
    };
    constexpr Case kCases[] = {
        {"sqlite:./a.db", "./a.db"},    {"sqlite:/var/a.db", "/var/a.db"},
        {"sqlite::memory:", ""},        {"sqlite:file:a.db?mode=ro", ""},
        {"postgres://localhost/a", ""},
    };
    for (const auto& row : kCases) {
        EXPECT_EQ(sqlite_file(row.url).value_or("").string(), row.expected) << row.url;
    }
}

}  // namespace
}  // namespace hw
