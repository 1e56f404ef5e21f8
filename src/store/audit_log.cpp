// SPDX-License-Identifier: Apache-2.0
#include "store/audit_log.hpp"

namespace hw {
namespace {

const Query kAppendAuditEntry{"append_audit_entry", R"sql(
insert into audit_log (workspace_id, audit_id, at_ms, actor, action, subject_id, detail)
values ($1, $2, $3, $4, $5, $6, $7)
)sql"};

const Query kListAuditEntries{"list_audit_entries", R"sql(
select audit_id, at_ms, actor, action, subject_id, detail
from audit_log where workspace_id = $1 and audit_id < $2
order by audit_id desc limit $3
)sql"};

AuditEntry entry_from(const Row& row) {
    return {.audit_id = row.text(0),
            .at_ms = row.int64(1),
            .actor = row.text(2),
            .action = row.text(3),
            .subject_id = row.text(4),
            .detail = row.text(5)};
}

}  // namespace

void append_audit_entry(Tx& tx, const AuditEntry& entry) {
    tx.exec(kAppendAuditEntry, tx.workspace_id(), tx.new_id("aud_"), tx.now_ms(), entry.actor,
            entry.action, entry.subject_id, entry.detail);
}

std::vector<AuditEntry> list_audit_entries(Tx& tx, std::string_view before_id, std::int64_t limit) {
    const std::string_view before = before_id.empty() ? "~" : before_id;  // above every id
    return tx.all(kListAuditEntries, entry_from, tx.workspace_id(), before, limit);
}

}  // namespace hw
