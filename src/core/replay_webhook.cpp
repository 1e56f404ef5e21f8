// SPDX-License-Identifier: Apache-2.0
#include "core/replay_webhook.hpp"

#include <algorithm>

#include "base/fault.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "core/webhooks.hpp"
#include "store/links.hpp"
#include "store/outbox.hpp"
#include "store/touches.hpp"

namespace hw {
namespace {

Result<Webhook> get_enabled(Tx& tx, std::string_view webhook_id) {
    auto webhook = HW_TRY(get_webhook(tx, webhook_id));
    if (!webhook.disabled_at_ms) return webhook;
    return fail(ErrorCode::Conflict, "The endpoint is disabled. Enable it first.",
                "webhook_disabled");
}

bool is_in_scope(Tx& tx, const Webhook& webhook, const OutboxEvent& event) {
    if (event.kind != kLinkClicked || webhook.link_scope == "workspace") return true;
    const auto touch = find_touch(tx, tx.workspace_id(), event.subject_id);
    if (!touch) return false;
    const auto link = find_link(tx, tx.workspace_id(), touch->link_id);
    return webhook.wants_clicks_of(touch->link_id, link ? link->folder_id.value_or("") : "");
}

bool is_wanted(Tx& tx, const Webhook& webhook, const ReplayWebhook& input,
               const OutboxEvent& event) {
    const auto& wanted = input.events.empty() ? webhook.events : input.events;
    return std::ranges::find(wanted, event.kind) != wanted.end() && is_in_scope(tx, webhook, event);
}

}  // namespace

Result<Delivery> replay_webhook_delivery(Tx& tx, std::string_view webhook_id,
                                         std::string_view delivery_id) {
    const auto webhook = HW_TRY(get_enabled(tx, webhook_id));
    const auto before = find_delivery(tx, webhook_id, delivery_id);
    if (!before) return fail(ErrorCode::NotFound, "Delivery not found.", "delivery_not_found");
    const auto event = find_outbox_event(tx, before->event_id);
    HW_ASSERT(event && event->payload);
    auto fresh = find_delivery(tx, webhook_id, deliver_again(tx, *event, webhook.webhook_id));
    HW_ASSERT(fresh.has_value());
    return std::move(*fresh);
}

Result<ReplayedEvents> replay_webhook(Tx& tx, const ReplayWebhook& input) {
    const auto webhook = HW_TRY(get_enabled(tx, input.webhook_id));
    if (input.start_ms >= input.end_ms) {
        return fail(ErrorCode::UnprocessableEntity, "end: it must be later than start",
                    "invalid_range");
    }
    if (!input.events.empty()) HW_CHECK(check_webhook_events(input.events));
    const auto after = std::max(first_id("evt_", input.start_ms), input.after);
    const auto events =
        list_outbox_events(tx, after, first_id("evt_", input.end_ms), limits::kReplayEventsMax);
    ReplayedEvents replayed;
    for (const auto& event : events) {
        if (!is_wanted(tx, webhook, input, event)) continue;
        deliver_again(tx, event, webhook.webhook_id);
        ++replayed.count;
    }
    if (std::ssize(events) == limits::kReplayEventsMax) replayed.next = events.back().event_id;
    return replayed;
}

}  // namespace hw
