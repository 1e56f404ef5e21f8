// SPDX-License-Identifier: Apache-2.0
#include "store/audit_log.hpp"

namespace hw {
namespace {

const Query kInsertAuditEntry{"insert_audit_entry", R"sql(
insert into audit_log (workspace_id, audit_id, at_ms, actor, action, subject_id, detail)
values ($1, $2, $3, $4, $5, $6, $7)
)sql"};

const Query kListAuditEntries{"list_audit_entries", R"sql(
select actor, action, subject_id, detail from audit_log
where workspace_id = $1 order by audit_id desc limit $2
)sql"};

}  // namespace

void insert_audit_entry(Tx& tx, const AuditEntry& entry) {
    const auto id = tx.new_id("audit_");
    tx.exec(kInsertAuditEntry, tx.workspace_id(), id, tx.now_ms(), entry.actor, entry.action,
            entry.subject_id, entry.detail);
}

std::vector<AuditEntry> list_audit_entries(Tx& tx, std::int64_t limit) {
    return tx.all(
        kListAuditEntries,
        [](const Row& row) {
            return AuditEntry{row.text(0), row.text(1), row.text(2), row.text(3)};
        },
        tx.workspace_id(), limit);
}

}  // namespace hw
