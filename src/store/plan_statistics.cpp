// SPDX-License-Identifier: Apache-2.0
#include "store/plan_statistics.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace hw {
namespace {

// Rows of a table, of one workspace, and of the keys between the first column and the last.
constexpr int kTableRows = 10'000'000;
constexpr int kWorkspaceRows = 1'000'000;
// A partial index is made because it has few of a table's rows.
constexpr int kPartOfRows = 100;
constexpr int kKeyRows = 100;
constexpr int kLastKeyRows = 10;

const Query kListIndexes{"list_indexes", R"sql(
select t.name, i.name, i."unique", i.origin, count(*),
    max(c.seqno = 0 and c.name = 'workspace_id'), i.partial
from sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
where t.type = 'table' and t.name not like 'sqlite_%'
group by t.name, i.name order by t.name, i.name
)sql",
                         ""};

const Query kForgetStatistics{"forget_statistics", "delete from sqlite_stat1", ""};

const Query kAddStatistics{"add_statistics",
                           "insert into sqlite_stat1 (tbl, idx, stat) values ($1, $2, $3)", ""};

struct Index {
    std::string table;
    std::string name;  // SQLite knows a table's own tree by the table's name
    bool is_unique;
    std::int64_t columns;
    bool by_workspace;
    bool is_partial;
};

Index index_from(const Row& row) {
    return {.table = row.text(0),
            .name = row.text(3) == "pk" ? row.text(0) : row.text(1),
            .is_unique = row.int64(2) != 0,
            .columns = row.int64(4),
            .by_workspace = row.int64(5) != 0,
            .is_partial = row.int64(6) != 0};
}

// "rows n1 n2 ...": how many rows share the first column, the first two, and so on.
std::string statistics_of(const Index& index) {
    const int part = index.is_partial ? kPartOfRows : 1;
    auto text = std::to_string(kTableRows / part);
    for (std::int64_t column = 1; column <= index.columns; ++column) {
        const bool is_last = column == index.columns;
        const int rows = is_last && index.is_unique          ? 1
                         : column == 1 && index.by_workspace ? kWorkspaceRows / part
                         : is_last                           ? kLastKeyRows
                                                             : kKeyRows;
        text += fmt::format(" {}", rows);
    }
    return text;
}

}  // namespace

void write_plan_statistics(Connection& connection) {
    if (connection.engine() != EngineKind::Sqlite) return;
    connection.run_script("analyze sqlite_schema");  // makes the table of statistics, empty
    std::vector<Index> indexes;
    connection.query(kListIndexes, {}, [&](const Row& row) { indexes.push_back(index_from(row)); });
    connection.exec(kForgetStatistics, {});
    for (const auto& index : indexes) {
        const auto statistics = statistics_of(index);
        const std::array<Param, 3> row{index.table, index.name, statistics};
        connection.exec(kAddStatistics, row);
    }
}

}  // namespace hw
