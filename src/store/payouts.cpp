// SPDX-License-Identifier: Apache-2.0
#include "store/payouts.hpp"

namespace hw {
namespace {

const Query kInsertPayout{"insert_payout", R"sql(
insert into payouts (workspace_id, payout_id, program_id, partner_id, amount, currency, description,
    period_start_ms, period_end_ms, created_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

const Query kInsertPayoutItem{"insert_payout_item", R"sql(
insert into payout_items (workspace_id, payout_id, commission_id, amount) values ($1, $2, $3, $4)
)sql"};

const Query kFindPayout{"find_payout", R"sql(
select workspace_id, payout_id, program_id, partner_id, amount, currency, description,
    period_start_ms, period_end_ms, created_at_ms
from payouts where workspace_id = $1 and payout_id = $2
)sql"};

// Changes nothing: its row lock is what is wanted.
const Query kLockPayout{"lock_payout", R"sql(
update payouts set amount = amount where workspace_id = $1 and payout_id = $2
)sql"};

const Query kInsertPayoutStep{"insert_payout_step", R"sql(
insert into payout_steps (workspace_id, payout_id, seq, status, reason, trace_id, decided_by,
    decided_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning 1
)sql"};

const Query kLastPayoutStep{"last_payout_step", R"sql(
select seq, status, reason, trace_id, decided_by, decided_at_ms from payout_steps
where workspace_id = $1 and payout_id = $2 order by seq desc limit 1
)sql"};

const Query kItemsOfPayout{"items_of_payout", R"sql(
select payout_id, commission_id, amount from payout_items
where workspace_id = $1 and payout_id = $2 order by commission_id
)sql"};

const Query kItemsOfCommission{"items_of_commission", R"sql(
select i.payout_id, i.amount, s.status, s.decided_at_ms
from payout_items i join payout_steps s
    on s.workspace_id = i.workspace_id and s.payout_id = i.payout_id
where i.workspace_id = $1 and i.commission_id = $2 and s.seq = (
    select max(seq) from payout_steps l
    where l.workspace_id = i.workspace_id and l.payout_id = i.payout_id)
order by i.payout_id
)sql"};

}  // namespace

Payout payout_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .payout_id = row.text(1),
            .program_id = row.text(2),
            .partner_id = row.text(3),
            .amount = row.int64(4),
            .currency = row.text(5),
            .description = row.optional_text(6),
            .period_start_ms = row.int64(7),
            .period_end_ms = row.int64(8),
            .created_at_ms = row.int64(9)};
}

bool is_paid_status(std::string_view status) {
    return status == "processing" || status == "processed" || status == "sent" ||
           status == "completed";
}

bool is_void_status(std::string_view status) {
    return status == "failed" || status == "canceled";
}

void insert_payout(Tx& tx, const Payout& payout, const std::vector<PayoutItem>& items) {
    tx.exec(kInsertPayout, payout.workspace_id, payout.payout_id, payout.program_id,
            payout.partner_id, payout.amount, payout.currency, payout.description,
            payout.period_start_ms, payout.period_end_ms, payout.created_at_ms);
    for (const auto& item : items) {
        tx.exec(kInsertPayoutItem, payout.workspace_id, payout.payout_id, item.commission_id,
                item.amount);
    }
}

std::optional<Payout> find_payout(Tx& tx, std::string_view workspace_id,
                                  std::string_view payout_id) {
    return tx.first(kFindPayout, payout_from, workspace_id, payout_id);
}

void lock_payout(Tx& tx, std::string_view workspace_id, std::string_view payout_id) {
    tx.exec(kLockPayout, workspace_id, payout_id);
}

bool insert_payout_step(Tx& tx, std::string_view workspace_id, std::string_view payout_id,
                        const PayoutStep& step) {
    return tx.any(kInsertPayoutStep, workspace_id, payout_id, step.seq, step.status, step.reason,
                  step.trace_id, step.decided_by, step.decided_at_ms);
}

std::optional<PayoutStep> last_payout_step(Tx& tx, std::string_view workspace_id,
                                           std::string_view payout_id) {
    return tx.first(
        kLastPayoutStep,
        [](const Row& row) {
            return PayoutStep{.seq = row.int64(0),
                              .status = row.text(1),
                              .reason = row.text(2),
                              .trace_id = row.optional_text(3),
                              .decided_by = row.text(4),
                              .decided_at_ms = row.int64(5)};
        },
        workspace_id, payout_id);
}

std::vector<PayoutItem> items_of_payout(Tx& tx, std::string_view workspace_id,
                                        std::string_view payout_id) {
    return tx.all(
        kItemsOfPayout,
        [](const Row& row) { return PayoutItem{row.text(0), row.text(1), row.int64(2)}; },
        workspace_id, payout_id);
}

std::vector<PaidItem> items_of_commission(Tx& tx, std::string_view workspace_id,
                                          std::string_view commission_id) {
    return tx.all(
        kItemsOfCommission,
        [](const Row& row) {
            return PaidItem{row.text(0), row.int64(1), row.text(2), row.int64(3)};
        },
        workspace_id, commission_id);
}

}  // namespace hw
