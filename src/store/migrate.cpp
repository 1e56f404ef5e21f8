// SPDX-License-Identifier: Apache-2.0
#include "store/migrate.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <map>

#include "base/digest.hpp"
#include "base/embedded.hpp"
#include "base/fault.hpp"
#include "store/sqlite.hpp"

namespace hw {
namespace {

constexpr std::string_view kFolder = "migrations/";
constexpr std::int64_t kLock = 4'823'911;  // PostgreSQL advisory lock of the migrating node

constexpr std::string_view kCreateVersions =
    "create table if not exists schema_versions (version bigint primary key, name text not null, "
    "checksum text not null)";
constexpr std::string_view kCreateVersionsSqlite =
    "create table if not exists schema_versions (version integer primary key, name text not null, "
    "checksum text not null) strict";

const Query kListVersions{"list_schema_versions",
                          "select version, checksum from schema_versions order by version"};
const Query kAddVersion{
    "add_schema_version",
    "insert into schema_versions (version, name, checksum) values ($1, $2, $3)"};
// PostgreSQL nodes that start together wait here; SQLite's write lock does the same.
const Query kLockSchema{"lock_schema", "", "select pg_advisory_xact_lock($1)"};

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

std::map<int, std::string> applied_versions(Connection& connection) {
    std::map<int, std::string> applied;
    connection.query(kListVersions, {}, [&](const Row& row) {
        applied[static_cast<int>(row.int64(0))] = row.text(1);
    });
    return applied;
}

void check_history(const std::map<int, std::string>& applied,
                   const std::vector<Migration>& migrations) {
    for (const auto& [version, checksum] : applied) {
        if (version > migrations.back().version) {
            throw Fault(
                FaultKind::Incompatible,
                fmt::format("the database has schema version {}, this headwater knows up to "
                            "{}: run the newer headwater that upgraded it",
                            version, migrations.back().version));
        }
        const auto& migration = migrations.at(static_cast<std::size_t>(version - 1));
        if (sha256_hex(migration.text) != checksum) {
            throw Fault(FaultKind::Incompatible,
                        fmt::format("migration {} was changed after it was applied to this "
                                    "database: use the headwater release that made the database",
                                    migration.name));
        }
    }
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
        if (line == "-- @sqlite") keep = sqlite;
        if (line == "-- @postgres") keep = !sqlite;
        if (line == "-- @end") keep = true;
        if (keep && !line.starts_with("-- @")) kept.append(line).append("\n");
        text = end == text.npos ? std::string_view{} : text.substr(end + 1);
    }
    for (const auto& token : kTokens) {
        kept = replace_all(std::move(kept), token.token, sqlite ? token.sqlite : token.postgres);
    }
    return kept;
}

int schema_version(Connection& connection) {
    connection.run_script(connection.engine() == EngineKind::Sqlite ? kCreateVersionsSqlite
                                                                    : kCreateVersions);
    connection.begin(kOperator);
    const auto applied = applied_versions(connection);
    connection.rollback();
    return applied.empty() ? 0 : applied.rbegin()->first;
}

std::vector<int> migrate(const std::string& url, int up_to) {
    const auto connection = connect_as_owner(url);
    const auto migrations = embedded_migrations();
    connection->run_script(connection->engine() == EngineKind::Sqlite ? kCreateVersionsSqlite
                                                                      : kCreateVersions);
    std::vector<int> done;
    connection->begin(kOperator);
    if (connection->engine() == EngineKind::Postgres) {
        const Param lock(kLock);
        connection->query(kLockSchema, {&lock, 1}, [](const Row&) {});
    }
    try {
        const auto applied = applied_versions(*connection);
        check_history(applied, migrations);
        for (const auto& migration : migrations) {
            if (applied.contains(migration.version) || migration.version > up_to) continue;
            connection->run_script(migration_sql(migration.text, connection->engine()));
            const auto checksum = sha256_hex(migration.text);  // Param refers to it
            const std::array<Param, 3> row{static_cast<std::int64_t>(migration.version),
                                           migration.name, checksum};
            connection->exec(kAddVersion, row);
            done.push_back(migration.version);
        }
        connection->commit();
    } catch (const Fault&) {
        connection->rollback();
        throw;
    }
    return done;
}

}  // namespace hw
