// SPDX-License-Identifier: Apache-2.0
// The events that endpoints can subscribe to (reference: dub, 4.1).
#pragma once

#include <array>
#include <string_view>

#include "store/webhooks.hpp"

namespace hw {

inline constexpr std::array<std::string_view, 7> kWebhookEvents = {
    "commission.created", "lead.created", kLinkClicked,   "link.created",
    "link.deleted",       "link.updated", "sale.created",
};

// Sent on demand only, to see that an endpoint works.
inline constexpr std::string_view kWebhookPing = "webhook.ping";

}  // namespace hw
