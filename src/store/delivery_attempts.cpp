// SPDX-License-Identifier: Apache-2.0
#include "store/delivery_attempts.hpp"

#include "base/id.hpp"
#include "store/webhooks.hpp"

#include <fmt/format.h>

namespace hw {
namespace {

const Query kInsertDelivery{"insert_delivery", R"sql(
insert into deliveries (workspace_id, webhook_id, delivery_id, event_id, event, job_id, state,
    attempts, last_status, last_error, last_at_ms, created_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

const Query kUpdateDelivery{"update_delivery", R"sql(
update deliveries set state = $4, attempts = $5, last_status = $6, last_error = $7, last_at_ms = $8
where workspace_id = $1 and webhook_id = $2 and delivery_id = $3
)sql"};

std::string select_deliveries(std::string_view where) {
    return fmt::format(R"sql(
select workspace_id, webhook_id, delivery_id, event_id, event, job_id, state, attempts,
    last_status, last_error, last_at_ms, created_at_ms
from deliveries where workspace_id = $1 and webhook_id = $2 {}
)sql",
                       where);
}

const Query kFindDelivery{"find_delivery", select_deliveries("and delivery_id = $3")};

const Query kListDeliveries{"list_deliveries", select_deliveries(R"sql(
and ($3 = '' or delivery_id < $3) order by delivery_id desc limit $4
)sql")};

// By an index of its own: the dead ones are few among many.
const Query kListDeliveriesInState{"list_deliveries_in_state", select_deliveries(R"sql(
and ($3 = '' or delivery_id < $3) and state = $5 order by delivery_id desc limit $4
)sql")};

const Query kInsertDeliveryAttempt{"insert_delivery_attempt", R"sql(
insert into delivery_attempts (workspace_id, delivery_id, number, at_ms, duration_ms, status,
    error, response)
values ($1, $2, $3, $4, $5, $6, $7, $8)
)sql"};

const Query kListDeliveryAttempts{"list_delivery_attempts", R"sql(
select delivery_id, number, at_ms, duration_ms, status, error, response
from delivery_attempts where workspace_id = $1 and delivery_id = $2 order by number
)sql"};

Delivery delivery_from(const Row& row) {
    Delivery delivery;
    delivery.workspace_id = row.text(0);
    delivery.webhook_id = row.text(1);
    delivery.delivery_id = row.text(2);
    delivery.event_id = row.text(3);
    delivery.event = row.text(4);
    delivery.job_id = row.text(5);
    delivery.state = row.text(6);
    delivery.attempts = row.int64(7);
    delivery.last_status = row.optional_int64(8);
    delivery.last_error = row.text(9);
    delivery.last_at_ms = row.optional_int64(10);
    delivery.created_at_ms = row.int64(11);
    return delivery;
}

// Found by the time in their ids, for each webhook: no row that stays is looked at.
const Query kOldDelivered{"old_delivered", R"sql(
select delivery_id from deliveries
where workspace_id = $1 and webhook_id = $2 and state = 'delivered' and delivery_id < $3
order by delivery_id limit $4
)sql"};

const Query kDeleteDelivery{"delete_delivery", R"sql(
delete from deliveries where workspace_id = $1 and webhook_id = $2 and delivery_id = $3
)sql"};

const Query kDeleteDeliveryAttempts{"delete_delivery_attempts", R"sql(
delete from delivery_attempts where workspace_id = $1 and delivery_id = $2
)sql"};

std::int64_t delete_delivered_to(Tx& tx, std::string_view webhook_id, std::string_view before_id,
                                 std::int64_t limit) {
    const auto ids = tx.all(
        kOldDelivered, [](const Row& row) { return row.text(0); }, tx.workspace_id(), webhook_id,
        before_id, limit);
    for (const auto& id : ids) {
        tx.exec(kDeleteDeliveryAttempts, tx.workspace_id(), id);
        tx.exec(kDeleteDelivery, tx.workspace_id(), webhook_id, id);
    }
    return std::ssize(ids);
}

}  // namespace

std::int64_t delete_delivered(Tx& tx, std::int64_t before_ms, std::int64_t limit) {
    const auto before_id = first_id("dlv_", before_ms);
    std::int64_t gone = 0;
    for (const auto& webhook : list_webhooks(tx, tx.workspace_id())) {
        if (gone >= limit) break;
        gone += delete_delivered_to(tx, webhook.webhook_id, before_id, limit - gone);
    }
    return gone;
}

void insert_delivery(Tx& tx, const Delivery& delivery) {
    tx.exec(kInsertDelivery, delivery.workspace_id, delivery.webhook_id, delivery.delivery_id,
            delivery.event_id, delivery.event, delivery.job_id, delivery.state, delivery.attempts,
            delivery.last_status, delivery.last_error, delivery.last_at_ms, delivery.created_at_ms);
}

std::optional<Delivery> find_delivery(Tx& tx, std::string_view webhook_id,
                                      std::string_view delivery_id) {
    return tx.first(kFindDelivery, delivery_from, tx.workspace_id(), webhook_id, delivery_id);
}

void update_delivery(Tx& tx, const Delivery& delivery) {
    tx.exec(kUpdateDelivery, delivery.workspace_id, delivery.webhook_id, delivery.delivery_id,
            delivery.state, delivery.attempts, delivery.last_status, delivery.last_error,
            delivery.last_at_ms);
}

std::vector<Delivery> list_deliveries(Tx& tx, const DeliveryFilter& filter) {
    if (filter.state.empty()) {
        return tx.all(kListDeliveries, delivery_from, tx.workspace_id(), filter.webhook_id,
                      filter.before, filter.limit);
    }
    return tx.all(kListDeliveriesInState, delivery_from, tx.workspace_id(), filter.webhook_id,
                  filter.before, filter.limit, filter.state);
}

void insert_delivery_attempt(Tx& tx, const DeliveryAttempt& attempt) {
    tx.exec(kInsertDeliveryAttempt, tx.workspace_id(), attempt.delivery_id, attempt.number,
            attempt.at_ms, attempt.duration_ms, attempt.status, attempt.error, attempt.response);
}

std::vector<DeliveryAttempt> list_delivery_attempts(Tx& tx, std::string_view delivery_id) {
    return tx.all(
        kListDeliveryAttempts,
        [](const Row& row) {
            return DeliveryAttempt{.delivery_id = row.text(0),
                                   .number = row.int64(1),
                                   .at_ms = row.int64(2),
                                   .duration_ms = row.int64(3),
                                   .status = row.optional_int64(4),
                                   .error = row.text(5),
                                   .response = row.text(6)};
        },
        tx.workspace_id(), delivery_id);
}

}  // namespace hw
