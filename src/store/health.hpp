// SPDX-License-Identifier: Apache-2.0
// What the database says about itself, for those who operate it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.hpp"

namespace hw {

// The file that a SQLite URL names; nothing for PostgreSQL and for databases in memory.
std::optional<std::filesystem::path> sqlite_file(std::string_view url);

// The schema version without making anything: 0 when the database has none of our tables.
int find_schema_version(Connection& connection);

// A Fault unless the database exists and has exactly this binary's schema. Makes nothing.
void demand_schema(const std::string& url);

// Writes and commits something that changes nothing: proof that the disk takes a commit.
void probe_write(Connection& connection);

// The engine's own settings that decide whether a commit survives a power cut, and whether they
// do: journal_mode and synchronous on SQLite, fsync and synchronous_commit on PostgreSQL.
struct DurabilitySetting {
    std::string name;
    std::string value;
    bool safe = false;
};
std::vector<DurabilitySetting> durability_settings(Connection& connection);

// PostgreSQL: milliseconds of the server's clock. Nothing on SQLite, whose clock is ours.
std::optional<std::int64_t> database_clock_ms(Connection& connection);

// PostgreSQL: tables with a workspace_id that Row Level Security does not protect, and whether the
// role of `connection` is one that it binds.
struct RowSecurity {
    std::vector<std::string> unprotected_tables;
    bool bound = false;
};
std::optional<RowSecurity> row_security(Connection& connection);

struct SetupTokens {
    std::int64_t open = 0;  // may still be used
    std::int64_t expired = 0;
};
SetupTokens count_setup_tokens(Connection& connection, std::int64_t now_ms);

}  // namespace hw
