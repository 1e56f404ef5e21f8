// SPDX-License-Identifier: Apache-2.0
#include "api/webhook_json.hpp"

namespace hw {
namespace {

json::array texts_json(const std::vector<std::string>& texts) {
    return json::array(texts.begin(), texts.end());
}

}  // namespace

json::object webhook_json(const Webhook& webhook) {
    const std::vector<std::string> none;
    const bool disabled = webhook.disabled_at_ms.has_value();
    return {{"id", webhook.webhook_id},
            {"name", webhook.name},
            {"url", webhook.url},
            {"events", texts_json(webhook.events)},
            {"linkScope", webhook.link_scope},
            {"linkIds", texts_json(webhook.link_scope == "links" ? webhook.scope_ids : none)},
            {"folderIds", texts_json(webhook.link_scope == "folders" ? webhook.scope_ids : none)},
            {"disabledAt", time_or_null(webhook.disabled_at_ms)},
            {"disabledReason", disabled ? json::value(webhook.disabled_reason) : nullptr},
            {"consecutiveFailures", webhook.failures},
            {"failingSince", time_or_null(webhook.failing_since_ms)},
            {"previousSecretValidUntil", time_or_null(webhook.previous_until_ms)},
            {"createdAt", time_or_null(webhook.created_at_ms)},
            {"updatedAt", time_or_null(webhook.updated_at_ms)}};
}

json::object delivery_json(const Delivery& delivery) {
    return {{"id", delivery.delivery_id},
            {"eventId", delivery.event_id},
            {"event", delivery.event},
            {"state", delivery.state},
            {"attempts", delivery.attempts},
            {"lastStatus", delivery.last_status ? json::value(*delivery.last_status) : nullptr},
            {"lastError", delivery.last_error},
            {"lastAttemptAt", time_or_null(delivery.last_at_ms)},
            {"createdAt", time_or_null(delivery.created_at_ms)}};
}

json::object delivery_attempt_json(const DeliveryAttempt& attempt) {
    return {{"number", attempt.number},
            {"at", time_or_null(attempt.at_ms)},
            {"durationMs", attempt.duration_ms},
            {"status", attempt.status ? json::value(*attempt.status) : nullptr},
            {"error", attempt.error},
            {"response", attempt.response}};
}

}  // namespace hw
