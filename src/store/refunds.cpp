// SPDX-License-Identifier: Apache-2.0
#include "store/refunds.hpp"

namespace hw {
namespace {

const Query kInsertRefund{"insert_refund", R"sql(
insert into refunds (workspace_id, payment_alias, refund_key, amount, currency, reason, at_ms)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1
)sql"};

const Query kRefundsOf{"refunds_of", R"sql(
select workspace_id, payment_alias, refund_key, amount, currency, reason, at_ms from refunds
where workspace_id = $1 and payment_alias = $2 order by refund_key
)sql"};

const Query kInsertDispute{"insert_dispute", R"sql(
insert into disputes (workspace_id, payment_alias, dispute_key, state, at_ms)
values ($1, $2, $3, $4, $5) on conflict do nothing returning 1
)sql"};

const Query kDisputesOf{"disputes_of", R"sql(
select workspace_id, payment_alias, dispute_key, state, at_ms from disputes
where workspace_id = $1 and payment_alias = $2 order by dispute_key, state
)sql"};

Refund refund_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .payment_alias = row.text(1),
            .refund_key = row.text(2),
            .amount = row.int64(3),
            .currency = row.text(4),
            .reason = row.text(5),
            .at_ms = row.int64(6)};
}

Dispute dispute_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .payment_alias = row.text(1),
            .dispute_key = row.text(2),
            .state = row.text(3),
            .at_ms = row.int64(4)};
}

}  // namespace

bool insert_refund(Tx& tx, const Refund& refund) {
    return tx.any(kInsertRefund, refund.workspace_id, refund.payment_alias, refund.refund_key,
                  refund.amount, refund.currency, refund.reason, refund.at_ms);
}

std::vector<Refund> refunds_of(Tx& tx, std::string_view workspace_id,
                               std::string_view payment_alias) {
    return tx.all(kRefundsOf, refund_from, workspace_id, payment_alias);
}

bool insert_dispute(Tx& tx, const Dispute& dispute) {
    return tx.any(kInsertDispute, dispute.workspace_id, dispute.payment_alias, dispute.dispute_key,
                  dispute.state, dispute.at_ms);
}

std::vector<Dispute> disputes_of(Tx& tx, std::string_view workspace_id,
                                 std::string_view payment_alias) {
    return tx.all(kDisputesOf, dispute_from, workspace_id, payment_alias);
}

}  // namespace hw
