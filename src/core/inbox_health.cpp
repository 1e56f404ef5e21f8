// SPDX-License-Identifier: Apache-2.0
#include "core/inbox_health.hpp"

#include "store/conversion_health.hpp"

namespace hw {
namespace {

constexpr std::int64_t kSalesLookedAt = 100;

}  // namespace

// Known by what came of the deliveries alone: a payment that a webhook told was signed.
std::optional<InboxHealth> inbox_health(Tx& tx, std::string_view workspace_id) {
    Tx own(tx, std::string(workspace_id));
    InboxHealth health;
    for (const auto& sale : list_recent_sales(own, kSalesLookedAt)) {
        if (sale.source != "webhook") continue;
        if (!health.last_delivery_at_ms) health.last_delivery_at_ms = sale.occurred_at_ms;
        health.verified_at_ms = sale.occurred_at_ms;
    }
    return health.verified_at_ms ? std::optional(health) : std::nullopt;
}

}  // namespace hw
