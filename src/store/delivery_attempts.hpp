// SPDX-License-Identifier: Apache-2.0
// Events on their way to endpoints: one delivery per event and endpoint, and every attempt at it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Delivery {
    std::string workspace_id;
    std::string webhook_id;
    std::string delivery_id;
    std::string event_id;
    std::string event;  // its name
    std::string job_id;
    std::string state = "waiting";  // waiting, delivered, dead
    std::int64_t attempts = 0;
    std::optional<std::int64_t> last_status;
    std::string last_error;
    std::optional<std::int64_t> last_at_ms;
    std::int64_t created_at_ms = 0;
};

// Never updated.
struct DeliveryAttempt {
    std::string delivery_id;
    std::int64_t number = 0;  // from 1
    std::int64_t at_ms = 0;
    std::int64_t duration_ms = 0;
    std::optional<std::int64_t> status;  // nothing: no answer
    std::string error;                   // why it failed; empty: it did not
    std::string response;                // the beginning of the answer's body
};

void insert_delivery(Tx& tx, const Delivery& delivery);
std::optional<Delivery> find_delivery(Tx& tx, std::string_view webhook_id,
                                      std::string_view delivery_id);

// The state and the last attempt as they are now.
void update_delivery(Tx& tx, const Delivery& delivery);

struct DeliveryFilter {
    std::string webhook_id;
    std::string state{};   // empty: any
    std::string before{};  // ids below this one; empty: from the newest
    std::int64_t limit = 0;
};
// The newest first.
std::vector<Delivery> list_deliveries(Tx& tx, const DeliveryFilter& filter);

// Those that were made and received before then, with their attempts, at most `limit`. How many
// went. What waits or was given up stays.
std::int64_t delete_delivered(Tx& tx, std::int64_t before_ms, std::int64_t limit);

void insert_delivery_attempt(Tx& tx, const DeliveryAttempt& attempt);
// The first one first.
std::vector<DeliveryAttempt> list_delivery_attempts(Tx& tx, std::string_view delivery_id);

}  // namespace hw
