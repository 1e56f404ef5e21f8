// SPDX-License-Identifier: Apache-2.0
#include "core/tell_status.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "core/client_health.hpp"
#include "store/advisory_lock.hpp"
#include "store/outbox.hpp"
#include "store/status_alerts.hpp"

namespace hw {
namespace {

constexpr std::int64_t kTellEveryMs = kHourMs;

// Nothing while there is nothing to write.
std::optional<StatusAlert> next_alert(Tx& tx) {
    const auto last = last_status_alert(tx);
    const bool was_told = last && !last->previous.empty();
    if (was_told && tx.now_ms() - last->at_ms < kTellEveryMs) return std::nullopt;
    const auto verdict = client_health(tx).verdict;
    if (last && last->status == verdict.status) return std::nullopt;
    return StatusAlert{.alert_id = {},
                       .status = std::string(verdict.status),
                       .previous = last ? last->status : std::string(),
                       .rule = std::string(verdict.rule),
                       .message = verdict.message,
                       .at_ms = tx.now_ms()};
}

}  // namespace

bool has_new_status(Tx& tx) {
    return next_alert(tx).has_value();
}

bool tell_status(Tx& tx) {
    // Every node comes here.
    wait_advisory_lock(tx, fmt::format("status:{}", tx.workspace_id()));
    auto alert = next_alert(tx);
    if (!alert) return false;
    alert->alert_id = tx.new_id("alr_");
    insert_status_alert(tx, *alert);
    if (alert->previous.empty()) return false;
    append_outbox(tx, kStatusChanged, alert->alert_id);
    return true;
}

}  // namespace hw
