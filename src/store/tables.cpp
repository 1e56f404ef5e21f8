// SPDX-License-Identifier: Apache-2.0
#include "store/tables.hpp"

#include <algorithm>

namespace hw {
namespace {

// Each engine describes itself in its own catalog.
const Query kListColumns{"list_columns", R"sql(
select m.name, c.name, lower(c.type), c."notnull", c.pk
from sqlite_schema m join pragma_table_info(m.name) c
where m.type = 'table' and m.name not like 'sqlite!_%' escape '!'
order by m.name, c.cid
)sql",
                         R"sql(
select c.relname, a.attname, format_type(a.atttypid, null), a.attnotnull::int,
    coalesce(array_position(i.indkey::smallint[], a.attnum) + 1, 0)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
where n.nspname = current_schema() and c.relkind in ('r', 'p')
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
order by c.relname collate "C", a.attnum
)sql"};

ColumnType type_from(std::string_view name) {
    if (name == "integer" || name == "bigint") return ColumnType::Int64;
    if (name == "text") return ColumnType::Text;
    if (name == "blob" || name == "bytea") return ColumnType::Bytes;
    return ColumnType::Other;
}

std::string joined(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
    return list;
}

}  // namespace

bool Table::has_column(std::string_view column) const {
    return std::ranges::find(columns, column, &Column::name) != columns.end();
}

std::string Table::column_list() const {
    std::vector<std::string> names;
    for (const auto& column : columns) names.push_back(column.name);
    return joined(names);
}

std::string Table::key_list() const {
    auto sorted = columns;
    std::ranges::stable_sort(sorted, {}, &Column::key_position);
    std::vector<std::string> names;
    for (const auto& column : sorted) {
        if (column.key_position > 0) names.push_back(column.name);
    }
    return joined(names);
}

std::vector<Table> list_tables(Connection& connection) {
    std::vector<Table> tables;
    connection.query(kListColumns, {}, [&](const Row& row) {
        const auto name = row.view(0);
        if (name == kVersionsTable) return;
        if (tables.empty() || tables.back().name != name) {
            tables.push_back({std::string(name), {}});
        }
        tables.back().columns.push_back({.name = row.text(1),
                                         .type = type_from(row.view(2)),
                                         .not_null = row.boolean(3),
                                         .key_position = static_cast<int>(row.int64(4))});
    });
    return tables;
}

}  // namespace hw
