// SPDX-License-Identifier: Apache-2.0
#include "core/inbox_health.hpp"

#include <algorithm>
#include <map>

#include "base/civil_time.hpp"
#include "core/processor_events.hpp"
#include "store/payment_connections.hpp"

namespace hw {
namespace {

using Connections = std::vector<PaymentConnection>;

// Of those connections whether one has it.
bool was_seen(Tx& tx, const std::vector<std::string>& connection_ids, std::string_view type) {
    return std::ranges::any_of(connection_ids,
                               [&](const auto& id) { return has_event_type(tx, id, type); });
}

void look_for_events(Tx& tx, const Connections& connections, InboxHealth& health) {
    std::map<std::string_view, std::vector<std::string>> of_provider;
    for (const auto& each : connections) of_provider[each.provider].push_back(each.connection_id);
    for (const auto& [provider, ids] : of_provider) {
        bool paid = false;
        for (const auto& event : processor_events()) {
            if (event.provider != provider) continue;
            const bool seen = was_seen(tx, ids, event.type);
            paid = paid || (seen && event.payment);
            if (!seen) health.never_seen.push_back({event.provider, event.type});
        }
        const bool delivered =
            std::ranges::any_of(ids, [&](const auto& id) { return has_delivery(tx, id); });
        if (paid) health.paid_by.emplace_back(provider);
        if (delivered && !paid) health.without_payments.emplace_back(provider);
    }
}

std::optional<InboxFailure> later_of(std::optional<InboxFailure> a, std::optional<InboxFailure> b) {
    if (!a || (b && b->at_ms > a->at_ms)) return b;
    return a;
}

}  // namespace

std::optional<InboxHealth> inbox_health(Tx& tx) {
    const auto times = inbox_times(tx);
    const auto day_ms = tx.now_ms() - kDayMs;
    const auto week_ms = tx.now_ms() - 7 * kDayMs;
    const auto connections = list_payment_connections(tx, tx.workspace_id());
    auto last_failure =
        later_of(last_set_aside(tx), last_dead_delivery(tx, tx.now_ms() - 30 * kDayMs));
    const bool is_set_up = times.first_ms || last_failure || !connections.empty();
    if (!is_set_up) return std::nullopt;
    InboxHealth health;
    health.verified_at_ms = times.first_ms;
    health.last_delivery_at_ms = times.last_ms;
    health.last_failure = std::move(last_failure);
    health.set_aside = count_quarantine(tx, day_ms);
    health.dead = count_inbox(tx, "dead", day_ms);
    health.failed = health.set_aside + health.dead;
    health.waiting = count_inbox(tx, "received", day_ms);
    health.repeats = inbox_repeats(tx, week_ms);
    health.clock_skew_ms = last_clock_skew_ms(tx, week_ms);
    health.api_version = last_api_version(tx, week_ms);
    look_for_events(tx, connections, health);
    return health;
}

std::string never_seen_text(const InboxHealth& health) {
    std::string text;
    for (const auto& event : health.never_seen) {
        text += text.empty() ? "" : ", ";
        text.append(event.provider).append(" ").append(event.type);
    }
    return text;
}

}  // namespace hw
