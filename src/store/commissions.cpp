// SPDX-License-Identifier: Apache-2.0
#include "store/commissions.hpp"

namespace hw {
namespace {

const Query kInsertCommission{"insert_commission", R"sql(
insert into commissions (workspace_id, commission_id, program_id, partner_id, kind, link_id,
    customer_id, conversion_id, invoice_id, reward_id, modifier_id, max_duration_months, quantity,
    amount, earnings, currency, description, metadata, user_id, occurred_at_ms, matures_at_ms,
    created_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22)
)sql"};

const std::string kColumns =
    "workspace_id, commission_id, program_id, partner_id, kind, link_id, customer_id, "
    "conversion_id, invoice_id, reward_id, modifier_id, max_duration_months, quantity, amount, "
    "earnings, currency, description, metadata, user_id, occurred_at_ms, matures_at_ms, "
    "created_at_ms";

const Query kFindCommission{
    "find_commission",
    "select " + kColumns + " from commissions where workspace_id = $1 and commission_id = $2"};

const Query kCommissionsOfConversion{
    "commissions_of_conversion",
    "select " + kColumns +
        " from commissions where workspace_id = $1 and conversion_id = $2 order by commission_id"};

const Query kEachCommission{"each_commission",
                            "select " + kColumns +
                                " from commissions where workspace_id = $1 and commission_id > $2 "
                                "order by commission_id limit $3"};

const Query kClaimCommissionKey{"claim_commission_key", R"sql(
insert into commission_keys (workspace_id, key, commission_id) values ($1, $2, $3)
on conflict do nothing returning 1
)sql"};

const Query kFindCommissionKey{
    "find_commission_key",
    "select commission_id from commission_keys where workspace_id = $1 and key = $2"};

// No index of their own: a customer, and most partners, have few.
const Query kFindFirstCommission{
    "find_first_commission",
    "select " + kColumns +
        " from commissions where workspace_id = $1 and customer_id = $3 and partner_id = $2 and "
        "kind = $4 order by occurred_at_ms, commission_id limit 1"};

const Query kSpentOn{"spent_on", R"sql(
select cast(coalesce(sum(s.earnings), 0) as bigint) from commissions c join commission_states s
    on s.workspace_id = c.workspace_id and s.commission_id = c.commission_id
where c.workspace_id = $1 and c.partner_id = $2 and c.kind = $3
    and ($4 = '' or c.customer_id = $4) and c.occurred_at_ms >= $5
    and s.status in ('pending', 'processed', 'paid', 'hold')
)sql"};

const Query kEarnedByPartner{"earned_by_partner", R"sql(
select cast(coalesce(sum(s.earnings), 0) as bigint) from commissions c join commission_states s
    on s.workspace_id = c.workspace_id and s.commission_id = c.commission_id
where c.workspace_id = $1 and c.partner_id = $2 and s.status in ('pending', 'processed', 'paid')
)sql"};

const Query kInsertReview{"insert_commission_review", R"sql(
insert into commission_reviews (workspace_id, commission_id, seq, verdict, amount, earnings, reason,
    decided_by, decided_at_ms)
select cast($1 as text), cast($2 as text), coalesce(max(seq), 0) + 1, cast($3 as text),
    cast($4 as bigint), cast($5 as bigint), cast($6 as text), cast($7 as text), cast($8 as bigint)
from commission_reviews where workspace_id = $1 and commission_id = $2
)sql"};

const Query kReviewsOfCommission{"reviews_of_commission", R"sql(
select verdict, amount, earnings, reason, decided_by from commission_reviews
where workspace_id = $1 and commission_id = $2 order by seq
)sql"};

// The first to insert the row holds it until its transaction ends; so does whoever updates it.
const Query kLockCommission{"lock_commission", R"sql(
insert into commission_states as s (workspace_id, commission_id, partner_id, status, amount,
    earnings, due, updated_at_ms)
values ($1, $2, $3, 'pending', 0, 0, 0, $4)
on conflict (workspace_id, commission_id) do update set updated_at_ms = s.updated_at_ms
)sql"};

const Query kPutCommissionState{"put_commission_state", R"sql(
update commission_states set status = $3, amount = $4, earnings = $5, payout_id = $6,
    paid_at_ms = $7, due = $8, updated_at_ms = $9
where workspace_id = $1 and commission_id = $2
)sql"};

const Query kFindCommissionState{"find_commission_state", R"sql(
select status, amount, earnings, payout_id, paid_at_ms, due from commission_states
where workspace_id = $1 and commission_id = $2
)sql"};

const Query kCommissionUpdatedAt{"commission_updated_at", R"sql(
select updated_at_ms from commission_states where workspace_id = $1 and commission_id = $2
)sql"};

const Query kMaturedCommissions{"matured_commissions", R"sql(
select s.commission_id from commission_states s join commissions c
    on c.workspace_id = s.workspace_id and c.commission_id = s.commission_id
where s.workspace_id = $1 and s.commission_id > $2 and s.status = 'pending'
    and c.matures_at_ms <= $3
order by s.commission_id limit $4
)sql"};

Commission commission_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .commission_id = row.text(1),
            .program_id = row.text(2),
            .partner_id = row.text(3),
            .kind = row.text(4),
            .link_id = row.optional_text(5),
            .customer_id = row.optional_text(6),
            .conversion_id = row.optional_text(7),
            .invoice_id = row.optional_text(8),
            .reward_id = row.optional_text(9),
            .modifier_id = row.text(10),
            .max_duration_months = row.optional_int64(11),
            .quantity = row.int64(12),
            .amount = row.int64(13),
            .earnings = row.int64(14),
            .currency = row.text(15),
            .description = row.optional_text(16),
            .metadata = row.optional_text(17),
            .user_id = row.optional_text(18),
            .occurred_at_ms = row.int64(19),
            .matures_at_ms = row.int64(20),
            .created_at_ms = row.int64(21)};
}

CommissionReview review_from(const Row& row) {
    return {.verdict = row.text(0),
            .amount = row.optional_int64(1),
            .earnings = row.optional_int64(2),
            .reason = row.text(3),
            .decided_by = row.text(4)};
}

CommissionState state_from(const Row& row) {
    return {.status = row.text(0),
            .amount = row.int64(1),
            .earnings = row.int64(2),
            .payout_id = row.optional_text(3),
            .paid_at_ms = row.optional_int64(4),
            .due = row.int64(5)};
}

const Query kPartnersWithDue{"partners_with_due_commissions", R"sql(
select partner_id from commission_states
where workspace_id = $1 and partner_id > $2 and due <> 0
order by partner_id limit 1
)sql"};

const Query kDueCommissions{"due_commissions", R"sql(
select s.commission_id, s.due, c.currency, c.occurred_at_ms
from commission_states s join commissions c
    on c.workspace_id = s.workspace_id and c.commission_id = s.commission_id
where s.workspace_id = $1 and s.partner_id = $2 and s.due <> 0 and c.program_id = $3
order by s.commission_id
)sql"};

std::string first_text(const Row& row) {
    return row.text(0);
}

}  // namespace

void insert_commission(Tx& tx, const Commission& c) {
    tx.exec(kInsertCommission, c.workspace_id, c.commission_id, c.program_id, c.partner_id, c.kind,
            c.link_id, c.customer_id, c.conversion_id, c.invoice_id, c.reward_id, c.modifier_id,
            c.max_duration_months, c.quantity, c.amount, c.earnings, c.currency, c.description,
            c.metadata, c.user_id, c.occurred_at_ms, c.matures_at_ms, c.created_at_ms);
}

std::optional<Commission> find_commission(Tx& tx, std::string_view workspace_id,
                                          std::string_view commission_id) {
    return tx.first(kFindCommission, commission_from, workspace_id, commission_id);
}

std::vector<Commission> commissions_of_conversion(Tx& tx, std::string_view workspace_id,
                                                  std::string_view conversion_id) {
    return tx.all(kCommissionsOfConversion, commission_from, workspace_id, conversion_id);
}

void each_commission(Tx& tx, std::string_view workspace_id,
                     FunctionRef<void(const Commission&)> on_commission) {
    constexpr std::int64_t kAtOnce = 1'000;
    std::string after_id;
    for (;;) {
        const auto some = tx.all(kEachCommission, commission_from, workspace_id, after_id, kAtOnce);
        for (const auto& commission : some) on_commission(commission);
        if (std::ssize(some) < kAtOnce) return;
        after_id = some.back().commission_id;
    }
}

std::optional<std::string> claim_commission_key(Tx& tx, std::string_view workspace_id,
                                                std::string_view key,
                                                std::string_view commission_id) {
    if (tx.any(kClaimCommissionKey, workspace_id, key, commission_id)) return std::nullopt;
    return tx.first(kFindCommissionKey, first_text, workspace_id, key);
}

std::optional<Commission> find_first_commission(Tx& tx, std::string_view workspace_id,
                                                std::string_view partner_id,
                                                std::string_view customer_id,
                                                std::string_view kind) {
    return tx.first(kFindFirstCommission, commission_from, workspace_id, partner_id, customer_id,
                    kind);
}

std::int64_t spent_on(Tx& tx, const Spending& spending) {
    const auto sum = tx.first(
        kSpentOn, [](const Row& row) { return row.int64(0); }, spending.workspace_id,
        spending.partner_id, spending.kind,
        std::string_view(spending.customer_id ? *spending.customer_id : ""), spending.since_ms);
    return sum.value_or(0);
}

std::int64_t earned_by_partner(Tx& tx, std::string_view workspace_id, std::string_view partner_id) {
    const auto sum = tx.first(
        kEarnedByPartner, [](const Row& row) { return row.int64(0); }, workspace_id, partner_id);
    return sum.value_or(0);
}

void insert_commission_review(Tx& tx, const Commission& commission,
                              const CommissionReview& review) {
    lock_commission(tx, commission);
    tx.exec(kInsertReview, commission.workspace_id, commission.commission_id, review.verdict,
            review.amount, review.earnings, review.reason, review.decided_by, tx.now_ms());
}

std::vector<CommissionReview> reviews_of_commission(Tx& tx, std::string_view workspace_id,
                                                    std::string_view commission_id) {
    return tx.all(kReviewsOfCommission, review_from, workspace_id, commission_id);
}

void lock_commission(Tx& tx, const Commission& commission) {
    tx.exec(kLockCommission, commission.workspace_id, commission.commission_id,
            commission.partner_id, tx.now_ms());
}

void put_commission_state(Tx& tx, std::string_view workspace_id, std::string_view commission_id,
                          const CommissionState& state) {
    tx.exec(kPutCommissionState, workspace_id, commission_id, state.status, state.amount,
            state.earnings, state.payout_id, state.paid_at_ms, state.due, tx.now_ms());
}

std::optional<CommissionState> find_commission_state(Tx& tx, std::string_view workspace_id,
                                                     std::string_view commission_id) {
    return tx.first(kFindCommissionState, state_from, workspace_id, commission_id);
}

std::int64_t commission_updated_at_ms(Tx& tx, std::string_view workspace_id,
                                      std::string_view commission_id) {
    return tx
        .first(
            kCommissionUpdatedAt, [](const Row& row) { return row.int64(0); }, workspace_id,
            commission_id)
        .value_or(0);
}

std::optional<std::string> next_partner_with_due(Tx& tx, std::string_view workspace_id,
                                                 std::string_view after_partner_id) {
    return tx.first(kPartnersWithDue, first_text, workspace_id, after_partner_id);
}

std::vector<DueCommission> due_commissions(Tx& tx, std::string_view workspace_id,
                                           std::string_view partner_id,
                                           std::string_view program_id) {
    return tx.all(
        kDueCommissions,
        [](const Row& row) {
            return DueCommission{row.text(0), row.int64(1), row.text(2), row.int64(3)};
        },
        workspace_id, partner_id, program_id);
}

std::vector<std::string> matured_commissions(Tx& tx, std::string_view workspace_id,
                                             std::string_view after_id, std::int64_t limit) {
    return tx.all(kMaturedCommissions, first_text, workspace_id, after_id, tx.now_ms(), limit);
}

}  // namespace hw
