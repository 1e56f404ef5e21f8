// SPDX-License-Identifier: Apache-2.0
#include "core/record_webhook_attempt.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "store/delivery_attempts.hpp"
#include "store/job_destinations.hpp"

namespace hw {
namespace {

constexpr std::int64_t kGone = 410;

void disable(Tx& tx, std::string_view webhook_id, std::string reason) {
    auto webhook = find_webhook(tx, tx.workspace_id(), webhook_id);
    if (!webhook || webhook->disabled_at_ms) return;
    pause_destination(tx, tx.workspace_id(), webhook_destination(webhook_id),
                      "The endpoint is disabled: " + reason);
    webhook->disabled_at_ms = tx.now_ms();
    webhook->disabled_reason = std::move(reason);
    webhook->updated_at_ms = tx.now_ms();
    update_webhook(tx, *webhook);
}

void judge_endpoint(Tx& tx, std::string_view webhook_id, const WebhookAttempt& attempt) {
    if (attempt.error.empty()) return clear_webhook_failures(tx, webhook_id);
    const auto streak = count_webhook_failure(tx, webhook_id);
    if (!streak) return;  // deleted meanwhile
    if (attempt.status == kGone) {
        return disable(tx, webhook_id, "It answered 410 Gone: it wants no more events.");
    }
    const bool for_long = tx.now_ms() - streak->since_ms >= kWebhookFailingMsMin;
    if (streak->failures < kWebhookFailuresMax || !for_long) return;
    disable(tx, webhook_id,
            fmt::format("{} attempts in a row failed since {}, the last one with: {}.",
                        streak->failures, time_text(streak->since_ms), attempt.error));
}

// Not of alerts, or one would follow the other for ever.
void alert_dead(Tx& tx, const DeliveryRef& ref, const Delivery& delivery) {
    const bool is_gone = !find_webhook(tx, tx.workspace_id(), ref.webhook_id);
    if (is_gone || delivery.event.starts_with("alert.")) return;
    append_outbox(tx, kDeliveryDead, fmt::format("{} {}", ref.webhook_id, ref.delivery_id));
}

}  // namespace

void record_webhook_attempt(Tx& tx, const DeliveryRef& ref, const WebhookAttempt& attempt) {
    judge_endpoint(tx, ref.webhook_id, attempt);
    auto delivery = find_delivery(tx, ref.webhook_id, ref.delivery_id);
    if (!delivery) return;
    insert_delivery_attempt(tx, {.delivery_id = ref.delivery_id,
                                 .number = ++delivery->attempts,
                                 .at_ms = attempt.at_ms,
                                 .duration_ms = attempt.duration_ms,
                                 .status = attempt.status,
                                 .error = attempt.error,
                                 .response = attempt.response});
    const auto* failed = attempt.last ? "dead" : "waiting";
    delivery->state = attempt.error.empty() ? "delivered" : failed;
    delivery->last_status = attempt.status;
    delivery->last_error = attempt.error;
    delivery->last_at_ms = attempt.at_ms;
    update_delivery(tx, *delivery);
    if (delivery->state == "dead") alert_dead(tx, ref, *delivery);
}

void give_up_webhook_delivery(Tx& tx, const DeliveryRef& ref) {
    auto delivery = find_delivery(tx, ref.webhook_id, ref.delivery_id);
    if (!delivery || delivery->state == "dead") return;
    delivery->state = "dead";
    update_delivery(tx, *delivery);
    alert_dead(tx, ref, *delivery);
}

}  // namespace hw
