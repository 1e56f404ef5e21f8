// SPDX-License-Identifier: Apache-2.0
#include "store/backup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/fault.hpp"
#include "store/backup_file.hpp"
#include "store/connection.hpp"
#include "store/migrate.hpp"
#include "store/tables.hpp"

namespace hw {
namespace {

// An index of the clicks of the last hour, which PostgreSQL keeps as a table and SQLite in memory.
// restore() makes it from the touches.
constexpr std::string_view kNotBackedUp = "recent_clicks";

constexpr std::size_t kParamsAtOnce = 1'000;

// SQLite fills its memory when the server starts. The key of a bot is as in store/touches.cpp.
const Query kFillRecentClicks{"fill_recent_clicks", "", R"sql(
insert into recent_clicks (workspace_id, link_id, visitor, touch_id, at_ms)
select distinct on (t.workspace_id, t.link_id, t.key) t.workspace_id, t.link_id, t.key, t.touch_id,
    t.at_ms
from (
    select workspace_id, link_id, case when bot = 1 then ~visitor else visitor end as key, touch_id,
        at_ms
    from touches
    where (counted = 1 or bot = 1) and at_ms > (select max(at_ms) from touches) - 3600000) t
order by t.workspace_id, t.link_id, t.key, t.at_ms desc
)sql"};

std::vector<Table> backed_up_tables(Connection& connection) {
    auto tables = list_tables(connection);
    std::erase_if(tables, [](const Table& table) { return table.name == kNotBackedUp; });
    return tables;
}

bool has_rows(Connection& connection, const Table& table) {
    bool found = false;
    connection.stream(fmt::format("select 1 from {} limit 1", table.name),
                      [&](const Row&) { found = true; });
    return found;
}

// Several rows in one statement, because one statement a row is slow on PostgreSQL.
class RowInserter {
  public:
    RowInserter(Connection& connection, const Table& table)
        : connection_(connection),
          table_(table),
          rows_at_once_(std::max<std::size_t>(1, kParamsAtOnce / table.columns.size())),
          many_(insert_text(rows_at_once_)) {}

    void add(BackupRow row) {
        waiting_.push_back(std::move(row));
        if (waiting_.size() == rows_at_once_) insert(many_);
    }
    void finish() {
        if (!waiting_.empty()) insert(insert_text(waiting_.size()));
    }

  private:
    std::string insert_text(std::size_t rows) const {
        std::string text =
            fmt::format("insert into {} ({}) values ", table_.name, table_.column_list());
        std::size_t number = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            text += i == 0 ? "(" : ", (";
            for (std::size_t c = 0; c < table_.columns.size(); ++c) {
                text += fmt::format("{}${}", c == 0 ? "" : ", ", ++number);
            }
            text += ")";
        }
        return text;
    }

    void insert(const std::string& text) {
        std::vector<Param> params;
        for (const auto& row : waiting_) {
            for (const auto& value : row.values) params.push_back(value.param());
        }
        connection_.exec_text(text, params);
        waiting_.clear();
    }

    Connection& connection_;
    const Table& table_;
    const std::size_t rows_at_once_;
    const std::string many_;
    std::vector<BackupRow> waiting_;
};

std::unexpected<Error> refuse(std::string message, std::string reason) {
    return fail(ErrorCode::Conflict, std::move(message), std::move(reason));
}

Result<void> check_version(const std::string& file, const BackupHeader& header) {
    const auto known = static_cast<int>(embedded_migrations().size());
    if (header.schema_version <= known) return {};
    return refuse(fmt::format("{} was made by a newer headwater (schema version {}, this one knows "
                              "up to {}): restore it with that one",
                              file, header.schema_version, known),
                  "backup_newer");
}

Result<void> check_empty(Connection& connection, const BackupHeader& header,
                         const std::vector<Table>& tables) {
    const auto version = current_schema_version(connection);
    if (version != header.schema_version) {
        return refuse(fmt::format("the database has schema version {} and the backup {}: restore "
                                  "into a new database",
                                  version, header.schema_version),
                      "database_not_empty");
    }
    for (const auto& table : tables) {
        if (!has_rows(connection, table)) continue;
        return refuse(fmt::format("the database is not empty: table {} has rows. Restore into a "
                                  "new database",
                                  table.name),
                      "database_not_empty");
    }
    return {};
}

// The header's columns must be the table's: the versions are equal, so nothing else is expected.
void check_columns(const BackupHeader& header, const std::vector<Table>& tables) {
    HW_ASSERT(header.tables.size() == tables.size());
    for (std::size_t i = 0; i < tables.size(); ++i) {
        HW_ASSERT(header.tables[i].name == tables[i].name);
        HW_ASSERT(header.tables[i].column_list() == tables[i].column_list());
    }
}

void load_rows(Connection& connection, BackupReader& reader) {
    std::optional<std::size_t> table;
    std::optional<RowInserter> inserter;
    while (auto row = reader.next()) {
        if (table != row->table) {
            if (inserter) inserter->finish();
            table = row->table;
            inserter.emplace(connection, reader.header().tables[row->table]);
        }
        inserter->add(std::move(*row));
    }
    if (inserter) inserter->finish();
}

BackupSummary summary_of(const BackupHeader& header, std::int64_t rows) {
    return {.schema_version = header.schema_version,
            .tables = static_cast<std::int64_t>(header.tables.size()),
            .rows = rows};
}

}  // namespace

Result<BackupSummary> backup(const std::string& url, const std::string& file) {
    const auto connection = connect(url, Access::ReadOnly);
    connection->begin(kOperator);
    const auto version = current_schema_version(*connection);
    if (version == 0) {
        return refuse("the database has no tables of headwater: nothing to back up",
                      "database_empty");
    }
    const BackupHeader header{version, backed_up_tables(*connection)};
    BackupWriter writer(file, header);
    for (std::size_t i = 0; i < header.tables.size(); ++i) {
        const auto& table = header.tables[i];
        writer.begin_table(i);
        connection->stream(fmt::format("select {} from {} order by {}", table.column_list(),
                                       table.name, table.key_list()),
                           [&](const Row& row) { writer.add_row(row, table); });
    }
    connection->rollback();
    writer.finish();
    return summary_of(header, writer.rows());
}

Result<BackupSummary> restore(const std::string& file, const std::string& url) {
    const auto reader = HW_TRY(BackupReader::open(file));
    const auto& header = reader->header();
    HW_CHECK(check_version(file, header));
    migrate(url, header.schema_version);
    {
        const auto connection = connect_as_owner(url);
        connection->begin(kOperator);
        const auto tables = backed_up_tables(*connection);
        HW_CHECK(check_empty(*connection, header, tables));
        check_columns(header, tables);
        load_rows(*connection, *reader);
        if (connection->engine() == EngineKind::Postgres) connection->exec(kFillRecentClicks, {});
        connection->commit();
        connection->run_script("analyze");
    }
    migrate(url);
    return summary_of(header, reader->rows());
}

Result<BackupSummary> check_backup(const std::string& file) {
    const auto reader = HW_TRY(BackupReader::open(file));
    while (reader->next()) continue;
    return summary_of(reader->header(), reader->rows());
}

}  // namespace hw
