// SPDX-License-Identifier: Apache-2.0
// How the payment webhooks of a workspace arrive: the one place that whoever tells about it asks.
#pragma once

#include <cstdint>
#include <optional>

#include "store/tx.hpp"

namespace hw {

struct InboxHealth {
    std::optional<std::int64_t> verified_at_ms{};       // the first delivery with a good signature
    std::optional<std::int64_t> last_delivery_at_ms{};  // of those with a good signature
    // Of the last 24 hours: refused for their signature or given up, and not worked off yet.
    std::int64_t failed = 0;
    std::int64_t waiting = 0;
};

// Nothing while no payment connection was set up.
std::optional<InboxHealth> inbox_health(Tx& tx);

}  // namespace hw
