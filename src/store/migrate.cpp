// SPDX-License-Identifier: Apache-2.0
#include "store/migrate.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <map>

#include "base/digest.hpp"
#include "base/embedded.hpp"
#include "base/fault.hpp"
#include "store/plan_statistics.hpp"
#include "store/tables.hpp"

namespace hw {
namespace {

constexpr std::string_view kFolder = "migrations/";
constexpr std::int64_t kLock = 4'823'911;  // PostgreSQL advisory lock of the migrating node

constexpr std::string_view kCreateVersions =
    "create table schema_versions (version @INT64@ primary key, name @TEXT@ not null, "
    "checksum @TEXT@ not null) @STRICT@";

// Both engines keep a catalog of their own.
const Query kFindVersionsTable{"find_schema_versions",
                               "select 1 from sqlite_schema where name = 'schema_versions'",
                               "select 1 from pg_class c join pg_namespace n "
                               "on n.oid = c.relnamespace where n.nspname = current_schema() "
                               "and c.relname = 'schema_versions'"};
const Query kListVersions{"list_schema_versions",
                          "select version, checksum from schema_versions order by version"};
const Query kAddVersion{
    "add_schema_version",
    "insert into schema_versions (version, name, checksum) values ($1, $2, $3)"};
// PostgreSQL nodes that start together wait here; SQLite's write lock does the same.
const Query kLockSchema{"lock_schema", "", "select 1 from pg_advisory_xact_lock($1)"};

struct Token {
    std::string_view token;
    std::string_view sqlite;
    std::string_view postgres;
};

constexpr std::array<Token, 5> kTokens{{
    {"@INT64@", "integer", "bigint"},
    {"@TEXT@", "text", "text collate \"C\""},  // ids and keys order bytewise on both engines
    {"@BLOB@", "blob", "bytea"},
    {"@STRICT@", "strict", ""},
    {"@BY_KEY@", "strict, without rowid", ""},
}};

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

bool is_there(Connection& connection, const Query& query) {
    bool found = false;
    connection.query(query, {}, [&](const Row&) { found = true; });
    return found;
}

std::map<int, std::string> applied_versions(Connection& connection) {
    std::map<int, std::string> applied;
    if (!is_there(connection, kFindVersionsTable)) return applied;
    connection.query(kListVersions, {}, [&](const Row& row) {
        applied[static_cast<int>(row.int64(0))] = row.text(1);
    });
    return applied;
}

[[noreturn]] void refuse(std::string why) {
    throw Fault(FaultKind::Incompatible, std::move(why));
}

void check_history(const std::map<int, std::string>& applied,
                   std::span<const Migration> migrations) {
    const auto known = static_cast<int>(migrations.size());
    if (!applied.empty() && applied.rbegin()->first > known) {
        refuse(
            fmt::format("the database has schema version {}, this headwater knows up to {}: run "
                        "the newer headwater that upgraded it",
                        applied.rbegin()->first, known));
    }
    int expected = 0;
    for (const auto& [version, checksum] : applied) {
        if (version != ++expected) {
            refuse(
                fmt::format("schema version {} is missing in the database's history, which goes "
                            "up to {}: it was not made by headwater alone",
                            expected, applied.rbegin()->first));
        }
        const auto& migration = migrations[static_cast<std::size_t>(version - 1)];
        if (sha256_hex(migration.text) != checksum) {
            refuse(
                fmt::format("migration {} was changed after it was applied to this database: use "
                            "the headwater release that made the database",
                            migration.name));
        }
    }
}

// Someone else's database must not become a mixture.
void check_ours(Connection& connection) {
    const auto tables = list_tables(connection);
    if (tables.empty()) return;
    refuse(
        fmt::format("the database is not empty and not headwater's: it has {} tables, one of them "
                    "\"{}\". Give headwater a database of its own",
                    tables.size(), tables.front().name));
}

std::vector<int> apply(Connection& connection, std::span<const Migration> migrations, int up_to) {
    std::vector<int> done;
    const auto applied = applied_versions(connection);
    check_history(applied, migrations);
    if (applied.empty()) {
        check_ours(connection);
        if (!is_there(connection, kFindVersionsTable)) {
            connection.run_script(migration_sql(kCreateVersions, connection.engine()));
        }
    }
    for (const auto& migration : migrations) {
        if (applied.contains(migration.version) || migration.version > up_to) continue;
        connection.run_script(migration_sql(migration.text, connection.engine()));
        const auto checksum = sha256_hex(migration.text);
        const std::array<Param, 3> row{static_cast<std::int64_t>(migration.version), migration.name,
                                       checksum};
        connection.exec(kAddVersion, row);
        done.push_back(migration.version);
    }
    return done;
}

}  // namespace

std::vector<Migration> embedded_migrations() {
    std::vector<Migration> migrations;
    for (const auto* file : embedded_files(kFolder)) {
        const auto name = file->name.substr(kFolder.size());
        int version = 0;
        std::from_chars(name.data(), name.data() + name.size(), version);
        HW_ASSERT(version == static_cast<int>(migrations.size()) + 1);
        migrations.push_back({version, std::string(name), file->bytes});
    }
    HW_ASSERT(!migrations.empty());
    return migrations;
}

std::string migration_sql(std::string_view text, EngineKind engine) {
    const bool sqlite = engine == EngineKind::Sqlite;
    std::string kept;
    bool keep = true;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        text = end == text.npos ? std::string_view{} : text.substr(end + 1);
        if (line.starts_with("-- @")) {
            HW_ASSERT(line == "-- @sqlite" || line == "-- @postgres" || line == "-- @end");
            keep = line == "-- @end" || (line == "-- @sqlite") == sqlite;
        } else if (keep) {
            kept.append(line).append("\n");
        }
    }
    for (const auto& token : kTokens) {
        kept = replace_all(std::move(kept), token.token, sqlite ? token.sqlite : token.postgres);
    }
    return kept;
}

int schema_version(Connection& connection) {
    connection.begin(kOperator);
    const auto version = current_schema_version(connection);
    connection.rollback();
    return version;
}

int current_schema_version(Connection& connection) {
    const auto applied = applied_versions(connection);
    return applied.empty() ? 0 : applied.rbegin()->first;
}

std::vector<int> migrate(const std::string& url, int up_to) {
    return migrate(url, embedded_migrations(), up_to);
}

std::vector<int> migrate(const std::string& url, std::span<const Migration> migrations, int up_to) {
    const auto connection = connect_as_owner(url);
    connection->begin(kOperator);  // a fault closes the connection, which rolls back
    if (connection->engine() == EngineKind::Postgres) {
        const Param lock(kLock);
        connection->query(kLockSchema, {&lock, 1}, [](const Row&) {});
    }
    auto done = apply(*connection, migrations, up_to);
    write_plan_statistics(*connection);
    connection->commit();
    return done;
}

}  // namespace hw
