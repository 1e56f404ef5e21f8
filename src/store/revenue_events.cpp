// SPDX-License-Identifier: Apache-2.0
#include "store/revenue_events.hpp"

#include "store/json_array.hpp"

namespace hw {
namespace {

const Query kInsert{"insert_revenue_event", R"sql(
insert into revenue_events (workspace_id, payment_processor, transaction_id, event_type,
    customer_id, subscription_id, amount, currency, mrr_impact, fingerprint, session_id,
    is_recurring, metadata, occurred_at_ms, told_at_ms, is_test, warnings)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
on conflict do nothing returning 1
)sql"};

const Query kFind{"find_revenue_event", R"sql(
select payment_processor, transaction_id, event_type, customer_id, subscription_id, amount,
    currency, mrr_impact, fingerprint, session_id, is_recurring, metadata, occurred_at_ms, is_test,
    warnings
from revenue_events
where workspace_id = $1 and payment_processor = $2 and transaction_id = $3 and event_type = $4
)sql"};

const Query kHasOther{"has_other_revenue_event", R"sql(
select 1 from revenue_events
where workspace_id = $1 and transaction_id = $3 and event_type not in ('churn', 'refund')
    and (payment_processor <> $2 or event_type <> $4) limit 1
)sql"};

const Query kLastStep{"last_subscription_step", R"sql(
select event_type from revenue_events
where workspace_id = $1 and subscription_id = $2 and subscription_id <> '' and customer_id = $3
    and occurred_at_ms <= $4 and event_type in ('subscription', 'churn') and is_test = $5
order by occurred_at_ms desc, event_type limit 1
)sql"};

RevenueEvent event_from(const Row& row) {
    RevenueEvent event;
    event.payment_processor = row.text(0);
    event.transaction_id = row.text(1);
    event.event_type = row.text(2);
    event.customer_id = row.text(3);
    event.subscription_id = row.text(4);
    event.amount = row.int64(5);
    event.currency = row.text(6);
    event.mrr_impact = row.optional_int64(7);
    event.fingerprint = row.text(8);
    event.session_id = row.text(9);
    event.is_recurring = row.boolean(10);
    event.metadata = row.optional_text(11);
    event.occurred_at_ms = row.int64(12);
    event.test = row.boolean(13);
    event.warnings = texts_of_json_array(row.view(14));
    return event;
}

}  // namespace

bool insert_revenue_event(Tx& tx, const RevenueEvent& event) {
    const auto warnings = json_array_text(event.warnings);
    return tx.any(kInsert, tx.workspace_id(), event.payment_processor, event.transaction_id,
                  event.event_type, event.customer_id, event.subscription_id, event.amount,
                  event.currency, event.mrr_impact, event.fingerprint, event.session_id,
                  event.is_recurring, event.metadata, event.occurred_at_ms, tx.now_ms(), event.test,
                  warnings);
}

std::optional<RevenueEvent> find_revenue_event(Tx& tx, const RevenueEvent& key) {
    return tx.first(kFind, event_from, tx.workspace_id(), key.payment_processor, key.transaction_id,
                    key.event_type);
}

bool has_other_revenue_event(Tx& tx, const RevenueEvent& event) {
    return tx.any(kHasOther, tx.workspace_id(), event.payment_processor, event.transaction_id,
                  event.event_type);
}

std::string last_subscription_step(Tx& tx, const RevenueEvent& event) {
    const auto step = tx.first(
        kLastStep, [](const Row& row) { return row.text(0); }, tx.workspace_id(),
        event.subscription_id, event.customer_id, event.occurred_at_ms, event.test);
    return step.value_or("");
}

}  // namespace hw
