// SPDX-License-Identifier: Apache-2.0
#include "store/quarantine_decisions.hpp"

namespace hw {
namespace {

const Query kInsertDecision{"insert_quarantine_decision", R"sql(
insert into quarantine_decisions (workspace_id, quarantine_id, decision, actor, reason,
    decided_at_ms, set_aside_for, from_connection_id, received_at_ms, body_hash, to_workspace_id,
    to_connection_id, inbox_id, duplicate)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict do nothing returning 1
)sql"};

const std::string kDecisionColumns =
    "select workspace_id, quarantine_id, decision, actor, reason, decided_at_ms, set_aside_for, "
    "from_connection_id, received_at_ms, body_hash, to_workspace_id, to_connection_id, inbox_id, "
    "duplicate from quarantine_decisions ";

const Query kFindDecision{"find_quarantine_decision",
                          kDecisionColumns + "where workspace_id = $1 and quarantine_id = $2"};

const Query kListDecisions{"list_quarantine_decisions",
                           kDecisionColumns +
                               "where workspace_id = $1 and quarantine_id < $2 "
                               "order by quarantine_id desc limit $3"};

QuarantineDecision decision_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .quarantine_id = row.text(1),
            .decision = row.text(2),
            .actor = row.text(3),
            .reason = row.text(4),
            .decided_at_ms = row.int64(5),
            .set_aside_for = row.text(6),
            .from_connection_id = row.text(7),
            .received_at_ms = row.int64(8),
            .body_hash = row.text(9),
            .to_workspace_id = row.text(10),
            .to_connection_id = row.text(11),
            .inbox_id = row.text(12),
            .duplicate = row.boolean(13)};
}

}  // namespace

bool insert_quarantine_decision(Tx& tx, const QuarantineDecision& decision) {
    return tx.any(kInsertDecision, decision.workspace_id, decision.quarantine_id, decision.decision,
                  decision.actor, decision.reason, decision.decided_at_ms, decision.set_aside_for,
                  decision.from_connection_id, decision.received_at_ms, decision.body_hash,
                  decision.to_workspace_id, decision.to_connection_id, decision.inbox_id,
                  decision.duplicate);
}

std::optional<QuarantineDecision> find_quarantine_decision(Tx& tx, std::string_view quarantine_id) {
    return tx.first(kFindDecision, decision_from, tx.workspace_id(), quarantine_id);
}

std::vector<QuarantineDecision> list_quarantine_decisions(Tx& tx, std::string_view before,
                                                          std::int64_t limit) {
    const std::string_view end = before.empty() ? "~" : before;  // above every id
    return tx.all(kListDecisions, decision_from, tx.workspace_id(), end, limit);
}

}  // namespace hw
