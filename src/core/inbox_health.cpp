// SPDX-License-Identifier: Apache-2.0
#include "core/inbox_health.hpp"

#include "base/civil_time.hpp"
#include "store/inbox.hpp"
#include "store/payment_connections.hpp"

namespace hw {

std::optional<InboxHealth> inbox_health(Tx& tx) {
    const auto times = inbox_times(tx);
    const auto since_ms = tx.now_ms() - kDayMs;
    const auto refused = count_quarantine(tx, since_ms);
    const bool is_set_up =
        times.first_ms || refused > 0 || !list_payment_connections(tx, tx.workspace_id()).empty();
    if (!is_set_up) return std::nullopt;
    return InboxHealth{.verified_at_ms = times.first_ms,
                       .last_delivery_at_ms = times.last_ms,
                       .failed = refused + count_inbox(tx, "dead", since_ms),
                       .waiting = count_inbox(tx, "received", since_ms)};
}

}  // namespace hw
