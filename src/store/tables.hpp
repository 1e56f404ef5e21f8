// SPDX-License-Identifier: Apache-2.0
// The tables of a database, as the database itself tells: for what works on all of them alike.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.hpp"

namespace hw {

enum class ColumnType : std::uint8_t { Int64, Text, Bytes, Other };

struct Column {
    std::string name;
    ColumnType type = ColumnType::Other;
    bool not_null = false;
    int key_position = 0;  // in the primary key, from 1; 0: not part of it

    bool operator==(const Column&) const = default;
};

struct Table {
    std::string name;
    std::vector<Column> columns;  // in the order of the migrations

    bool operator==(const Table&) const = default;
    bool has_column(std::string_view column) const;
    std::string column_list() const;  // "a, b, c"
    std::string key_list() const;     // of the primary key, in its order
};

// Sorted by name. Without the engine's own tables, those of PostgreSQL extensions, and the table
// that records the migrations.
std::vector<Table> list_tables(Connection& connection);

// Where migrate() records what it applied.
inline constexpr std::string_view kVersionsTable = "schema_versions";

}  // namespace hw
