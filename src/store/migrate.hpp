// SPDX-License-Identifier: Apache-2.0
// Schema migrations: numbered, forward only, checksummed, embedded, run under a lock.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.hpp"

namespace hw {

struct Migration {
    int version;  // from the file name: 0001_init.sql is 1
    std::string name;
    std::string_view text;  // both engines, see migration_sql
};

std::vector<Migration> embedded_migrations();

// The text for one engine: tokens replaced, the other engine's blocks left out.
std::string migration_sql(std::string_view text, EngineKind engine);

// Brings the database to this binary's schema and gives the versions that it applied. A Fault of
// kind Incompatible when the database is newer, is not ours, or an applied migration was changed;
// then nothing is changed. Nodes that start together wait for each other.
std::vector<int> migrate(const std::string& url, int up_to = 1'000'000);

// The same with other migrations than the embedded ones, for tests.
std::vector<int> migrate(const std::string& url, std::span<const Migration> migrations, int up_to);

// The version of the schema, 0 for an empty database.
int schema_version(Connection& connection);          // outside of transactions
int current_schema_version(Connection& connection);  // in the connection's transaction

}  // namespace hw
