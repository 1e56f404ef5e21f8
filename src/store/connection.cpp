// SPDX-License-Identifier: Apache-2.0
#include "store/connection.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"
#include "store/postgres.hpp"
#include "store/sqlite.hpp"

namespace hw {
namespace {

constexpr std::string_view kSqliteScheme = "sqlite:";

}  // namespace

EngineKind engine_of(std::string_view url) {
    if (url.starts_with(kSqliteScheme)) return EngineKind::Sqlite;
    if (url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        return EngineKind::Postgres;
    }
    throw Fault(FaultKind::Incompatible,
                fmt::format("--database '{}' is not understood: use sqlite:PATH or "
                            "postgres://USER:PASSWORD@HOST:PORT/NAME",
                            url));
}

std::unique_ptr<Connection> connect(std::string_view url, Access access) {
    if (engine_of(url) == EngineKind::Sqlite) {
        return connect_sqlite(std::string(url.substr(kSqliteScheme.size())), access);
    }
    return connect_postgres(std::string(url), PostgresRole::Bound, access);
}

std::unique_ptr<Connection> connect_as_owner(std::string_view url) {
    if (engine_of(url) == EngineKind::Sqlite) return connect(url, Access::ReadWrite);
    return connect_postgres(std::string(url), PostgresRole::Owner);
}

}  // namespace hw
