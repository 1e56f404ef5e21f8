// SPDX-License-Identifier: Apache-2.0
#include "store/mrr_movements.hpp"

namespace hw {
namespace {

const Query kInsertMrrMovement{"insert_mrr_movement", R"sql(
insert into mrr_movements (workspace_id, movement_key, subscription_id, customer_key, delta,
    currency, at_ms, source, conversion_id, is_test)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning 1
)sql"};

const Query kFindMrrMovement{"find_mrr_movement", R"sql(
select movement_key, subscription_id, customer_key, delta, currency, at_ms, source, conversion_id,
    is_test
from mrr_movements where workspace_id = $1 and movement_key = $2
)sql"};

const Query kEachMrrMovement{"each_mrr_movement", R"sql(
select movement_key, subscription_id, customer_key, delta, currency, at_ms, source, conversion_id,
    is_test
from mrr_movements where workspace_id = $1 order by customer_key, at_ms, movement_key
)sql"};

const Query kEachMrrMovementOf{"each_mrr_movement_of", R"sql(
select movement_key, subscription_id, customer_key, delta, currency, at_ms, source, conversion_id,
    is_test
from mrr_movements where workspace_id = $1 and customer_key = $2 order by at_ms, movement_key
)sql"};

const Query kMrrOfSubscription{"mrr_of_subscription", R"sql(
select cast(coalesce(sum(delta), 0) as bigint) from mrr_movements
where workspace_id = $1 and customer_key = $2 and subscription_id = $3
)sql"};

MrrMovement movement_from(const Row& row) {
    return {.movement_key = row.text(0),
            .subscription_id = row.text(1),
            .customer_key = row.text(2),
            .delta = row.int64(3),
            .currency = row.text(4),
            .at_ms = row.int64(5),
            .source = row.text(6),
            .conversion_id = row.optional_text(7),
            .test = row.boolean(8)};
}

}  // namespace

bool insert_mrr_movement(Tx& tx, const MrrMovement& m) {
    return tx.any(kInsertMrrMovement, tx.workspace_id(), m.movement_key, m.subscription_id,
                  m.customer_key, m.delta, m.currency, m.at_ms, m.source, m.conversion_id, m.test);
}

std::optional<MrrMovement> find_mrr_movement(Tx& tx, std::string_view movement_key) {
    return tx.first(kFindMrrMovement, movement_from, tx.workspace_id(), movement_key);
}

void each_mrr_movement(Tx& tx, FunctionRef<void(const MrrMovement&)> on_movement) {
    tx.each(
        kEachMrrMovement, [&](const Row& row) { on_movement(movement_from(row)); },
        tx.workspace_id());
}

void each_mrr_movement_of(Tx& tx, std::string_view customer_key,
                          FunctionRef<void(const MrrMovement&)> on_movement) {
    tx.each(
        kEachMrrMovementOf, [&](const Row& row) { on_movement(movement_from(row)); },
        tx.workspace_id(), customer_key);
}

std::int64_t mrr_of_subscription(Tx& tx, std::string_view customer_key,
                                 std::string_view subscription_id) {
    return tx
        .first(
            kMrrOfSubscription, [](const Row& row) { return row.int64(0); }, tx.workspace_id(),
            customer_key, subscription_id)
        .value_or(0);
}

}  // namespace hw
