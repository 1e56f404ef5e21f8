// SPDX-License-Identifier: Apache-2.0
#include "store/health.hpp"

#include <fmt/format.h>

#include <array>

#include "base/fault.hpp"
#include "store/migrate.hpp"

namespace hw {
namespace {

// Each engine has its own list of tables.
const Query kHasVersions{"has_schema_versions",
                         "select 1 from sqlite_master where name = 'schema_versions'",
                         "select 1 where to_regclass('schema_versions') is not null"};
const Query kMaxVersion{"max_schema_version",
                        "select coalesce(max(version), 0) from "
                        "schema_versions"};
const Query kProbeWrite{"probe_write", "update schema_versions set name = name"};

// Settings are asked for in the engine's own words.
const Query kJournalMode{"journal_mode", "pragma journal_mode", ""};
const Query kSynchronous{"synchronous", "pragma synchronous", ""};
const Query kFsync{"fsync_setting", "", "select current_setting('fsync')"};
const Query kSynchronousCommit{"synchronous_commit_setting", "",
                               "select current_setting('synchronous_commit')"};

const Query kServerClock{"server_clock", "",
                         // tidy: clock ok: the doctor compares the two clocks, nothing is stored
                         "select (extract(epoch from clock_timestamp()) * 1000)::bigint"};

// SQLite has no roles.
const Query kUnprotectedTables{"unprotected_tables", "", R"sql(
select c.relname from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace
    and not (c.relrowsecurity and c.relforcerowsecurity)
order by 1
)sql"};
const Query kRoleIsBound{"role_is_bound", "", R"sql(
select 1 from pg_roles where rolname = current_user and not rolsuper and not rolbypassrls
)sql"};

const Query kCountSetupTokens{"count_setup_tokens", R"sql(
select coalesce(sum(case when expires_at_ms > $1 then 1 else 0 end), 0), count(*)
from setup_tokens where used_at_ms is null
)sql"};

constexpr std::int64_t kSynchronousFull = 2;

template <class F>
void each(Connection& connection, const Query& query, F on_row) {
    connection.begin(kOperator);
    connection.query(query, {}, on_row);
    connection.rollback();
}

std::string text_of(Connection& connection, const Query& query) {
    std::string text;
    each(connection, query, [&](const Row& row) { text = row.text(0); });
    return text;
}

bool any(Connection& connection, const Query& query) {
    bool found = false;
    each(connection, query, [&](const Row&) { found = true; });
    return found;
}

}  // namespace

std::optional<std::filesystem::path> sqlite_file(std::string_view url) {
    constexpr std::string_view kScheme = "sqlite:";
    if (engine_of(url) != EngineKind::Sqlite) return std::nullopt;
    const auto path = url.substr(kScheme.size());
    if (path.starts_with(':') || path.starts_with("file:")) return std::nullopt;
    return std::filesystem::path(path);
}

int find_schema_version(Connection& connection) {
    if (!any(connection, kHasVersions)) return 0;
    int version = 0;
    each(connection, kMaxVersion,
         [&](const Row& row) { version = static_cast<int>(row.int64(0)); });
    return version;
}

void demand_schema(const std::string& url) {
    if (const auto file = sqlite_file(url); file && !std::filesystem::exists(*file)) {
        throw Fault(FaultKind::Lost,
                    fmt::format("there is no database at {}: check --database, or make one with "
                                "`headwater migrate`",
                                file->string()));
    }
    const auto connection = connect(url, Access::ReadOnly);
    const int found = find_schema_version(*connection);
    const int wanted = embedded_migrations().back().version;
    if (found == wanted) return;
    throw Fault(FaultKind::Incompatible,
                found > wanted
                    ? fmt::format("the database has schema version {}, this headwater knows up to "
                                  "{}: run the newer headwater that upgraded it",
                                  found, wanted)
                    : fmt::format("the database has schema version {}, this headwater needs {}: "
                                  "run `headwater migrate` on it first",
                                  found, wanted));
}

void probe_write(Connection& connection) {
    connection.begin(kOperator);
    connection.exec(kProbeWrite, {});
    connection.commit();
}

std::vector<DurabilitySetting> durability_settings(Connection& connection) {
    if (connection.engine() == EngineKind::Postgres) {
        auto fsync = text_of(connection, kFsync);
        auto commit = text_of(connection, kSynchronousCommit);
        const bool fsync_on = fsync == "on";
        const bool waits = commit != "off";
        return {{"fsync", std::move(fsync), fsync_on},
                {"synchronous_commit", std::move(commit), waits}};
    }
    auto mode = text_of(connection, kJournalMode);
    std::int64_t level = 0;
    each(connection, kSynchronous, [&](const Row& row) { level = row.int64(0); });
    const bool wal = mode == "wal";
    return {{"journal_mode", std::move(mode), wal},
            {"synchronous", level >= kSynchronousFull ? "full" : "lower than full",
             level >= kSynchronousFull}};
}

std::optional<std::int64_t> database_clock_ms(Connection& connection) {
    if (connection.engine() == EngineKind::Sqlite) return std::nullopt;
    std::int64_t now_ms = 0;
    each(connection, kServerClock, [&](const Row& row) { now_ms = row.int64(0); });
    return now_ms;
}

std::optional<RowSecurity> row_security(Connection& connection) {
    if (connection.engine() == EngineKind::Sqlite) return std::nullopt;
    RowSecurity security;
    each(connection, kUnprotectedTables,
         [&](const Row& row) { security.unprotected_tables.push_back(row.text(0)); });
    security.bound = any(connection, kRoleIsBound);
    return security;
}

SetupTokens count_setup_tokens(Connection& connection, std::int64_t now_ms) {
    SetupTokens tokens;
    const Param now(now_ms);
    connection.begin(kOperator);
    connection.query(kCountSetupTokens, {&now, 1}, [&](const Row& row) {
        tokens.open = row.int64(0);
        tokens.expired = row.int64(1) - tokens.open;
    });
    connection.rollback();
    return tokens;
}

}  // namespace hw
