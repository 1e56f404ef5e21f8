// SPDX-License-Identifier: Apache-2.0
// The events that endpoints can subscribe to (reference: dub, 4.1).
#pragma once

#include <array>
#include <string_view>

#include "store/webhooks.hpp"

namespace hw {

inline constexpr std::array<std::string_view, 17> kWebhookEvents = {
    "alert.delivery_dead",  // ours, as the next
    "alert.status_changed",
    "bounty.created",
    "bounty.updated",
    "campaign.triggered",  // ours: a workflow says that a partner is to be written to
    "commission.created",
    "discount_code.created",
    "discount_code.deleted",
    "lead.created",
    kLinkClicked,
    "link.created",
    "link.deleted",
    "link.updated",
    "partner.application_submitted",
    "partner.enrolled",
    "payout.confirmed",
    "sale.created",
};

// Sent on demand only, to see that an endpoint works.
inline constexpr std::string_view kWebhookPing = "webhook.ping";

}  // namespace hw
