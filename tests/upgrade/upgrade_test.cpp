// SPDX-License-Identifier: Apache-2.0
// Every migration is applied to a database of the schema before it that has rows in every table:
// the rows are still there, and the schema is the one that a new database gets.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "store/migrate.hpp"
#include "store/tables.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/sample_rows.hpp"

namespace hw {
namespace {

// What a migration changes in rows that were there before, on purpose: "table.column". A migration
// that rewrites a column names it here.
const std::map<int, std::vector<std::string>> kRewritten{};

struct Case {
    EngineKind engine;
    int version;  // the migration under test
};

class UpgradeTest : public ::testing::TestWithParam<Case> {
  protected:
    UpgradeTest() : database(own_database(GetParam().engine, false)) {}

    static std::vector<Table> tables_of(const std::string& url) {
        const auto connection = connect_as_owner(url);
        connection->begin(kOperator);
        return list_tables(*connection);
    }
    static void fill(const std::string& url) {
        const auto connection = connect_as_owner(url);
        connection->begin(kOperator);
        for (const auto& table : list_tables(*connection)) {
            for (const auto* workspace : {"ws_1", "ws_2"}) {
                // Without a workspace_id they would be the same rows.
                if (!table.has_column("workspace_id") && std::string_view(workspace) == "ws_2") {
                    continue;
                }
                for (int i = 1; i <= 4; ++i) insert_sample_row(*connection, table, workspace, i);
            }
        }
        connection->commit();
    }
    // Table -> its rows through these columns, which may be more than the schema still has.
    std::map<std::string, std::vector<std::string>> rows_of(const std::vector<Table>& tables) {
        const auto connection = connect_as_owner(database.url);
        connection->begin(kOperator);
        std::map<std::string, std::vector<std::string>> all;
        for (const auto& table : tables) {
            connection->stream(
                fmt::format("select {} from {} order by {}", table.column_list(), table.name,
                            table.key_list()),
                [&](const Row& row) { all[table.name].push_back(text_of(row, table)); });
        }
        return all;
    }
    static std::string text_of(const Row& row, const Table& table) {
        std::string text;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const auto at = static_cast<int>(i);
            const bool bytes = table.columns[i].type == ColumnType::Bytes;
            text += row.is_null(at) ? "null" : bytes ? row.bytes(at) : row.text(at);
            text += "|";
        }
        return text;
    }
    // The columns of both schemas that the migration leaves alone.
    static std::vector<Table> kept(const std::vector<Table>& before,
                                   const std::vector<Table>& after, int version) {
        std::vector<std::string> rewritten;
        if (kRewritten.contains(version)) rewritten = kRewritten.at(version);
        std::vector<Table> both;
        for (auto table : before) {
            const auto now = std::ranges::find(after, table.name, &Table::name);
            if (now == after.end()) continue;
            std::erase_if(table.columns, [&](const Column& column) {
                const auto name = table.name + "." + column.name;
                return !now->has_column(column.name) ||
                       std::ranges::find(rewritten, name) != rewritten.end();
            });
            both.push_back(std::move(table));
        }
        return both;
    }

    OwnDatabase database;
};

TEST_P(UpgradeTest, RowsOutliveTheMigration) {
    const int version = GetParam().version;
    migrate(database.url, version - 1);
    fill(database.url);
    const auto before = tables_of(database.url);
    EXPECT_EQ(migrate(database.url, version), std::vector{version});
    const auto after = tables_of(database.url);
    const auto fresh = own_database(GetParam().engine, false);
    migrate(fresh.url, version);
    EXPECT_EQ(after, tables_of(fresh.url));

    // The rows cannot be read before the migration with columns that it adds, so the other way
    // round: made again in a database that stops one step earlier.
    const auto columns = kept(before, after, version);
    const auto rows = rows_of(columns);
    database = own_database(GetParam().engine, false);
    migrate(database.url, version - 1);
    fill(database.url);
    EXPECT_EQ(rows, rows_of(columns));
    EXPECT_EQ(rows.empty(), version == 1);
}

TEST_P(UpgradeTest, CurrentSchemaTakesItsRowsAgain) {
    migrate(database.url);
    fill(database.url);
    const auto tables = tables_of(database.url);
    const auto rows = rows_of(tables);
    EXPECT_EQ(rows.size(), tables.size());
    EXPECT_EQ(migrate(database.url), std::vector<int>{});
    EXPECT_EQ(rows_of(tables), rows);
}

// The test itself: a migration that loses or changes rows is found.
TEST(UpgradeCheck, SampleRowsFillEveryColumn) {
    for (const auto engine : {EngineKind::Sqlite, EngineKind::Postgres}) {
        const auto own = own_database(engine);
        const auto connection = connect_as_owner(own.url);
        connection->begin(kOperator);
        for (const auto& table : list_tables(*connection)) {
            for (const auto& column : table.columns) {
                EXPECT_NE(column.type, ColumnType::Other) << table.name << "." << column.name;
            }
            EXPECT_NE(table.key_list(), "") << table.name << " has no primary key";
            const bool tenant = table.has_column("workspace_id");
            const bool directory =
                table.name == "api_keys" || table.name == "domains" ||
                table.name == "ingest_tokens" || table.name == "payment_accounts" ||
                table.name == "payment_connections" || table.name == "payment_secrets";
            if (tenant && !directory) {
                EXPECT_EQ(table.key_list().find("workspace_id"), 0U) << table.name;
            }
        }
    }
}

std::vector<Case> every_version() {
    std::vector<Case> cases;
    for (const auto& migration : embedded_migrations()) {
        cases.push_back({EngineKind::Sqlite, migration.version});
        cases.push_back({EngineKind::Postgres, migration.version});
    }
    return cases;
}

INSTANTIATE_TEST_SUITE_P(Versions, UpgradeTest, ::testing::ValuesIn(every_version()),
                         [](const auto& param) {
                             return fmt::format(
                                 "{}To{}",
                                 param.param.engine == EngineKind::Sqlite ? "Sqlite" : "Postgres",
                                 param.param.version);
                         });

}  // namespace
}  // namespace hw
