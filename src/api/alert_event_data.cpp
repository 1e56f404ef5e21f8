// SPDX-License-Identifier: Apache-2.0
#include "api/alert_event_data.hpp"

#include "base/fault.hpp"
#include "store/delivery_attempts.hpp"
#include "store/outbox.hpp"
#include "store/status_alerts.hpp"
#include "store/webhooks.hpp"

namespace hw {

json::object status_changed_data(Tx& tx, std::string_view alert_id) {
    const auto alert = find_status_alert(tx, alert_id);
    HW_ASSERT(alert);
    return {{"status", alert->status},
            {"previous", alert->previous},
            {"rule", alert->rule},
            {"message", alert->message},
            {"at", time_or_null(alert->at_ms)}};
}

json::object delivery_dead_data(Tx& tx, std::string_view delivery_ref) {
    const auto ref = delivery_of_job(delivery_ref);
    const auto delivery = find_delivery(tx, ref.webhook_id, ref.delivery_id);
    const auto webhook = find_webhook(tx, tx.workspace_id(), ref.webhook_id);
    HW_ASSERT(delivery && webhook);
    return {
        {"deliveryId", delivery->delivery_id},
        {"eventId", delivery->event_id},
        {"event", delivery->event},
        {"webhook",
         json::object{{"id", webhook->webhook_id}, {"name", webhook->name}, {"url", webhook->url}}},
        {"attempts", delivery->attempts},
        {"lastStatus", int_or_null(delivery->last_status)},
        {"lastError", delivery->last_error},
        {"at", time_or_null(tx.now_ms())}};
}

}  // namespace hw
