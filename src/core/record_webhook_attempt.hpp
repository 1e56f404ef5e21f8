// SPDX-License-Identifier: Apache-2.0
// What an attempt at a delivery leaves behind, and when an endpoint has failed for so long that it
// is disabled (docs/decisions/0013-webhooks-out.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/outbox.hpp"
#include "store/tx.hpp"

namespace hw {

// An endpoint is disabled after so many failures in a row that last at least so long: a burst of
// events in a short outage must not do it.
inline constexpr std::int64_t kWebhookFailuresMax = 20;
inline constexpr std::int64_t kWebhookFailingMsMin = 3 * 86'400'000LL;

inline constexpr std::string_view kDeliveryDead = "alert.delivery_dead";

struct WebhookAttempt {
    std::int64_t at_ms = 0;
    std::int64_t duration_ms = 0;
    std::optional<std::int64_t> status{};  // nothing: no answer
    std::string error{};                   // why it failed; empty: it did not
    std::string response{};                // the beginning of the answer's body
    bool last = false;                     // there is no other when this one failed
};

// With status 410 the endpoint asks to be told nothing more, and is disabled at once.
void record_webhook_attempt(Tx& tx, const DeliveryRef& delivery, const WebhookAttempt& attempt);

// There will be no further attempt, though none was the last.
void give_up_webhook_delivery(Tx& tx, const DeliveryRef& delivery);

}  // namespace hw
