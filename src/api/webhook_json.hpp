// SPDX-License-Identifier: Apache-2.0
// Endpoints and deliveries as the API answers them.
#pragma once

#include "api/json.hpp"
#include "store/delivery_attempts.hpp"
#include "store/webhooks.hpp"

namespace hw {

// Without its secret, which is told once, to whoever made it.
json::object webhook_json(const Webhook& webhook);

json::object delivery_json(const Delivery& delivery);
json::object delivery_attempt_json(const DeliveryAttempt& attempt);

}  // namespace hw
