// SPDX-License-Identifier: Apache-2.0
// PostgreSQL keeps workspaces apart even where a statement forgets to: every table that has a
// workspace_id, for a server role and for an owner who is no superuser.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <regex>

#include "base/fault.hpp"
#include "store/connection.hpp"
#include "store/migrate.hpp"
#include "store/tables.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/sample_rows.hpp"
#include "tests/postgres_cluster.hpp"

namespace hw {
namespace {

// Who connects. Owner: a role without privileges that owns the database.
enum class Login : std::uint8_t { Superuser, Owner };

class RowSecurityTest : public ::testing::TestWithParam<Login> {
  protected:
    RowSecurityTest() : database(own_database(EngineKind::Postgres, false)) {
        url = GetParam() == Login::Superuser ? database.url : owners_url();
        migrate(url);
        connection = connect(url, Access::ReadWrite);
        for (const auto& table : list_tables(*connection)) {
            if (table.has_column("workspace_id")) tables.push_back(table);
        }
        for (const auto* workspace : {"ws_a", "ws_b"}) {
            connection->begin(workspace);
            for (const auto& table : tables) insert(table, workspace, 1);
            connection->commit();
        }
    }
    ~RowSecurityTest() override {
        connection.reset();
        if (owner.empty()) return;
        const auto admin = connect_as_owner(database.url);
        admin->run_script(fmt::format("drop owned by {} cascade", owner));
        // The database goes first, see FreshPostgresDatabase; then nobody needs the role.
        database.keep_alive.reset();
        connect_as_owner(shared_postgres_url())->run_script("drop role " + owner);
    }

    std::string owners_url() {
        const auto name = database.url.substr(database.url.rfind('/') + 1);
        owner = "owner_of_" + name;
        const auto admin = connect_as_owner(database.url);
        admin->run_script(fmt::format("create role {} login nosuperuser nobypassrls", owner));
        admin->run_script(fmt::format("alter database {} owner to {}", name, owner));
        return std::regex_replace(database.url, std::regex("//[^@/]*@"), "//" + owner + "@");
    }

    void insert(const Table& table, std::string_view workspace, int number) {
        insert_sample_row(*connection, table, workspace, number);
    }
    std::vector<std::string> visible(const Table& table) {
        std::vector<std::string> workspaces;
        connection->stream(
            fmt::format("select workspace_id from {} order by workspace_id", table.name),
            [&](const Row& row) { workspaces.push_back(row.text(0)); });
        return workspaces;
    }
    std::vector<std::string> all_of(const Table& table) {
        connection->begin(kOperator);
        auto found = visible(table);
        connection->rollback();
        return found;
    }

    OwnDatabase database;
    std::string owner;
    std::string url;
    std::unique_ptr<Connection> connection;
    std::vector<Table> tables;
};

using Names = std::vector<std::string>;

TEST_P(RowSecurityTest, EveryTenantTableIsThere) {
    EXPECT_GE(tables.size(), 20U);
}

TEST_P(RowSecurityTest, SeesItsOwnRowsOnly) {
    struct Case {
        std::string_view workspace;
        Names expected;
    };
    for (const auto& c : std::vector<Case>{{"ws_a", {"ws_a"}},
                                           {"ws_b", {"ws_b"}},
                                           {"ws_c", {}},
                                           {"", {}},
                                           {"ws_", {}},
                                           {kOperator, {"ws_a", "ws_b"}}}) {
        connection->begin(c.workspace);
        for (const auto& table : tables) {
            EXPECT_EQ(visible(table), c.expected) << table.name << " as " << c.workspace;
        }
        connection->rollback();
    }
}

TEST_P(RowSecurityTest, SeesNothingWithoutAWorkspace) {
    for (const auto& table : tables) {
        EXPECT_EQ(visible(table), Names{}) << table.name;
    }
    // Nor does the name of the last transaction stay behind.
    connection->begin("ws_a");
    connection->commit();
    for (const auto& table : tables) {
        EXPECT_EQ(visible(table), Names{}) << table.name;
    }
}

TEST_P(RowSecurityTest, ChangesItsOwnRowsOnly) {
    for (const auto& table : tables) {
        connection->begin("ws_a");
        connection->exec_text(fmt::format("delete from {} where workspace_id = 'ws_b'", table.name),
                              {});
        connection->exec_text(fmt::format("delete from {}", table.name), {});
        EXPECT_EQ(visible(table), Names{}) << table.name;
        connection->commit();
        EXPECT_EQ(all_of(table), Names{"ws_b"}) << table.name;
    }
}

TEST_P(RowSecurityTest, InsertsAndMovesNoRowToAnother) {
    const auto is_refused = [&](const Table& table, FunctionRef<void()> work) {
        connection->begin("ws_a");
        try {
            work();
            connection->commit();
            ADD_FAILURE() << table.name << " let it through";
        } catch (const Fault& fault) {
            EXPECT_NE(std::string_view(fault.what()).find("42501"), std::string_view::npos)
                << table.name << ": " << fault.what();
            connection->rollback();
        }
    };
    for (const auto& table : tables) {
        is_refused(table, [&] { insert(table, "ws_b", 2); });
        is_refused(table, [&] {
            connection->exec_text(fmt::format("update {} set workspace_id = 'ws_c'", table.name),
                                  {});
        });
        EXPECT_EQ(all_of(table), (Names{"ws_a", "ws_b"})) << table.name;
    }
}

TEST_P(RowSecurityTest, TheRoleIsOneThatItBinds) {
    std::string who;
    connection->stream(
        "select current_user || ' ' || rolsuper || ' ' || rolbypassrls from pg_roles "
        "where rolname = current_user",
        [&](const Row& row) { who = row.text(0); });
    const auto expected = GetParam() == Login::Superuser ? "headwater_app" : owner;
    EXPECT_EQ(who, expected + " false false");
}

INSTANTIATE_TEST_SUITE_P(Logins, RowSecurityTest, ::testing::Values(Login::Superuser, Login::Owner),
                         [](const auto& param) {
                             return param.param == Login::Superuser ? "Superuser" : "Owner";
                         });

}  // namespace
}  // namespace hw
