// SPDX-License-Identifier: Apache-2.0
// Events that happened already, sent to an endpoint once more: the same event ids, so that a
// receiver that had them knows them, in new deliveries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/delivery_attempts.hpp"
#include "store/tx.hpp"

namespace hw {

// Gives the new delivery.
Result<Delivery> replay_webhook_delivery(Tx& tx, std::string_view webhook_id,
                                         std::string_view delivery_id);

struct ReplayWebhook {
    std::string webhook_id;
    std::int64_t start_ms = 0;
    std::int64_t end_ms = 0;            // excluded
    std::vector<std::string> events{};  // empty: those that the endpoint subscribes to
    std::string after{};                // go on behind this event
};

struct ReplayedEvents {
    std::int64_t count = 0;
    std::optional<std::string> next{};  // `after` of the call that goes on; nothing: that was all
};

// The oldest first, at most kReplayEventsMax at once.
Result<ReplayedEvents> replay_webhook(Tx& tx, const ReplayWebhook& input);

}  // namespace hw
