// SPDX-License-Identifier: Apache-2.0
// How the payment webhooks of a workspace arrive: the one place that whoever tells about it asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/inbox_outcomes.hpp"
#include "store/tx.hpp"

namespace hw {

// An event to select where the webhooks of a processor are set up.
struct UnseenEvent {
    std::string_view provider;
    std::string_view type;
};

struct InboxHealth {
    std::optional<std::int64_t> verified_at_ms{};       // the first delivery with a good signature
    std::optional<std::int64_t> last_delivery_at_ms{};  // of those with a good signature
    // The last one set aside that is still kept, or given up in the last 30 days.
    std::optional<InboxFailure> last_failure{};

    // Of the last 24 hours: refused for their signature, given up, both, and not worked off yet.
    std::int64_t set_aside = 0;
    std::int64_t dead = 0;
    std::int64_t failed = 0;
    std::int64_t waiting = 0;

    // Of the last 7 days.
    InboxRepeats repeats{};
    // How much later than it was signed the last delivery came: the clocks of the two differ by
    // that, and beyond 300 s signatures are refused.
    std::optional<std::int64_t> clock_skew_ms{};
    std::string api_version{};  // of the last delivery that told one

    // What to select at the processors that are connected and never arrived.
    std::vector<UnseenEvent> never_seen{};
    std::vector<std::string> paid_by{};           // processors that told of money
    std::vector<std::string> without_payments{};  // those that have delivered and never did
};

// Nothing while no payment connection was set up.
std::optional<InboxHealth> inbox_health(Tx& tx);

// "stripe invoice.paid, stripe charge.refunded"; empty when all were seen.
std::string never_seen_text(const InboxHealth& health);

}  // namespace hw
