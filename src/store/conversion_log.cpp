// SPDX-License-Identifier: Apache-2.0
#include "store/conversion_log.hpp"

namespace hw {
namespace {

const Query kInsertLogEntry{"insert_log_entry", R"sql(
insert into conversion_log (workspace_id, log_id, at_ms, method, path, status, reason,
    conversion_id, request_id, request_body, response_body)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql"};

const Query kListLogEntries{"list_log_entries", R"sql(
select log_id, at_ms, method, path, status, reason, conversion_id, request_id, request_body,
    response_body
from conversion_log where workspace_id = $1 order by log_id desc limit $2 offset $3
)sql"};

}  // namespace

void insert_log_entry(Tx& tx, const LogEntry& e) {
    tx.exec(kInsertLogEntry, tx.workspace_id(), e.log_id, e.at_ms, e.method, e.path, e.status,
            e.reason, e.conversion_id, e.request_id, e.request_body, e.response_body);
}

std::vector<LogEntry> list_log_entries(Tx& tx, std::string_view workspace_id, std::int64_t limit,
                                       std::int64_t offset) {
    return tx.all(
        kListLogEntries,
        [](const Row& row) {
            return LogEntry{.log_id = row.text(0),
                            .at_ms = row.int64(1),
                            .method = row.text(2),
                            .path = row.text(3),
                            .status = row.int64(4),
                            .reason = row.text(5),
                            .conversion_id = row.optional_text(6),
                            .request_id = row.text(7),
                            .request_body = row.text(8),
                            .response_body = row.text(9)};
        },
        workspace_id, limit, offset);
}

}  // namespace hw
