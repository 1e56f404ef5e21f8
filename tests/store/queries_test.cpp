// SPDX-License-Identifier: Apache-2.0
// Every statement of the program compiles on both engines, so that a typing error in SQL fails here
// and not in production.
#include "store/query.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "base/fault.hpp"
#include "store/connection.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class QueriesTest : public ::testing::TestWithParam<EngineKind> {};

// PostgreSQL cuts names of prepared statements at 63 characters; the driver adds a number.
constexpr std::size_t kNameCharactersMax = 48;

TEST(Queries, NamesAreUniqueAndShort) {
    std::set<std::string_view> names;
    const std::regex snake_case("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    for (const auto* query : all_queries()) {
        const auto name = query->name();
        EXPECT_TRUE(names.insert(name).second) << name << " is taken twice";
        EXPECT_LE(name.size(), kNameCharactersMax) << name;
        EXPECT_TRUE(std::regex_match(std::string(name), snake_case)) << name;
        EXPECT_FALSE(query->sql(EngineKind::Sqlite).empty() &&
                     query->sql(EngineKind::Postgres).empty())
            << name << " is for no engine";
    }
    EXPECT_GT(names.size(), 50U);
}

TEST_P(QueriesTest, EachIsPrepared) {
    const auto connection = connect(test_database_url(GetParam()), Access::ReadWrite);
    for (const auto* query : all_queries()) {
        if (query->sql(GetParam()).empty()) continue;
        EXPECT_NO_THROW(connection->prepare(*query)) << query->name();
    }
}

TEST_P(QueriesTest, EachIsExplained) {
    const auto connection = connect(test_database_url(GetParam()), Access::ReadWrite);
    for (const auto* query : all_queries()) {
        if (query->sql(GetParam()).empty()) continue;
        std::string plan;
        EXPECT_NO_THROW(plan = connection->explain(*query)) << query->name();
        // SQLite has nothing to say about a plain insert.
        EXPECT_TRUE(GetParam() == EngineKind::Sqlite || !plan.empty()) << query->name();
    }
}

TEST_P(QueriesTest, NoStatementScansTheTouches) {
    // On SQLite with its clustered tables, which need no statistics to say so. Backups, checks of
    // the books and the fill at the start read everything on purpose.
    if (GetParam() == EngineKind::Postgres) return;
    const auto connection = connect(test_database_url(GetParam()), Access::ReadWrite);
    for (const auto* query : all_queries()) {
        if (query->sql(GetParam()).empty()) continue;
        const auto plan = connection->explain(*query);
        EXPECT_EQ(plan.find("SCAN touches"), std::string::npos) << query->name() << "\n" << plan;
    }
}

HW_ON_BOTH_ENGINES(QueriesTest);

}  // namespace
}  // namespace hw
