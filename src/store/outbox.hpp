// SPDX-License-Identifier: Apache-2.0
// The journal of what happened, for those who must be told: written with the fact itself, together
// with the bytes that every subscriber gets and a delivery to each.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/touches.hpp"
#include "store/tx.hpp"
#include "store/webhooks.hpp"

namespace hw {

inline constexpr std::string_view kDeliverWebhookJob = "deliver_webhook";

// `kind` is the name of the event ("lead.created"), `subject_id` what it is about: the conversion,
// the link. For something that is about to be deleted call this first.
void append_outbox(Tx& tx, std::string_view kind, std::string_view subject_id);

// link.clicked for those clicks whose workspace has an endpoint that wants it; nothing is written
// for the others. The operator's transaction.
void append_click_outbox(Tx& tx, std::span<const Touch* const> touches);

// An event that one endpoint gets, whatever it subscribed to. Gives the delivery's id.
std::string append_outbox_for(Tx& tx, const Webhook& webhook, std::string_view kind,
                              std::string_view subject_id);

struct OutboxEvent {
    std::string event_id;
    std::string kind;
    std::string subject_id;
    std::int64_t at_ms = 0;
    std::optional<std::string> payload;  // the whole body; nothing: nobody had subscribed
};
std::optional<OutboxEvent> find_outbox_event(Tx& tx, std::string_view event_id);

// Those that have a payload, ids above `after` and below `before`, the oldest first.
std::vector<OutboxEvent> list_outbox_events(Tx& tx, std::string_view after, std::string_view before,
                                            std::int64_t limit);

// Sends a stored event to the endpoint once more: the same event id, a new delivery, whose id it
// gives.
std::string deliver_again(Tx& tx, const OutboxEvent& event, std::string_view webhook_id);

// What a deliver_webhook job carries.
struct DeliveryRef {
    std::string webhook_id;
    std::string delivery_id;
};
DeliveryRef delivery_of_job(std::string_view payload);

// Whom the queue knows an endpoint as.
std::string webhook_destination(std::string_view webhook_id);

}  // namespace hw
