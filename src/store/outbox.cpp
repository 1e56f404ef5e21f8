// SPDX-License-Identifier: Apache-2.0
#include "store/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "store/delivery_attempts.hpp"
#include "store/event_payloads.hpp"
#include "store/jobs.hpp"
#include "store/links.hpp"

namespace hw {
namespace {

const Query kAppendOutbox{"append_outbox", R"sql(
insert into outbox (workspace_id, event_id, kind, subject_id, at_ms, payload)
values ($1, $2, $3, $4, $5, $6)
)sql"};

const Query kFindOutboxEvent{"find_outbox_event", R"sql(
select event_id, kind, subject_id, at_ms, payload
from outbox where workspace_id = $1 and event_id = $2
)sql"};

const Query kListOutboxEvents{"list_outbox_events", R"sql(
select event_id, kind, subject_id, at_ms, payload
from outbox where workspace_id = $1 and event_id > $2 and event_id < $3 and payload is not null
order by event_id limit $4
)sql"};

// Of every endpoint of the workspace, without its secrets: asked for with every fact.
const Query kListSubscriptions{"list_subscriptions", R"sql(
select webhook_id, events, disabled_at_ms from webhooks where workspace_id = $1
)sql"};

struct Audience {
    bool any = false;                      // somebody subscribed, disabled or not
    std::vector<std::string> webhook_ids;  // those to deliver to now
};

// An endpoint that is disabled gets nothing, but may ask for what it missed when it is back.
Audience audience_of(Tx& tx, std::string_view kind) {
    Audience audience;
    const auto quoted = fmt::format("\"{}\"", kind);
    tx.each(
        kListSubscriptions,
        [&](const Row& row) {
            if (!row.view(1).contains(quoted)) return;
            audience.any = true;
            if (row.is_null(2)) audience.webhook_ids.push_back(row.text(0));
        },
        tx.workspace_id());
    return audience;
}

OutboxEvent event_of(Tx& tx, std::string_view kind, std::string_view subject_id) {
    return {.event_id = tx.new_id("evt_"),
            .kind = std::string(kind),
            .subject_id = std::string(subject_id),
            .at_ms = tx.now_ms(),
            .payload = {}};
}

// The names of both conventions stand side by side: Dub's (event, createdAt) and those of Standard
// Webhooks (type, timestamp).
std::string body_of(Tx& tx, const OutboxEvent& event) {
    HW_ASSERT(tx.payloads() != nullptr);
    const auto at = time_text(event.at_ms);
    return fmt::format(
        R"({{"id":"{}","event":"{}","createdAt":"{}","type":"{}","timestamp":"{}","data":{}}})",
        event.event_id, event.kind, at, event.kind, at,
        tx.payloads()->render(tx, event.kind, event.subject_id));
}

void insert_event(Tx& tx, const OutboxEvent& event) {
    tx.exec(kAppendOutbox, tx.workspace_id(), event.event_id, event.kind, event.subject_id,
            event.at_ms, event.payload);
}

std::string deliver(Tx& tx, const OutboxEvent& event, std::string_view webhook_id,
                    std::string_view dedupe_suffix) {
    Delivery delivery;
    delivery.workspace_id = tx.workspace_id();
    delivery.webhook_id = webhook_id;
    delivery.delivery_id = tx.new_id("dlv_");
    delivery.event_id = event.event_id;
    delivery.event = event.kind;
    delivery.created_at_ms = tx.now_ms();
    NewJob job{.kind = std::string(kDeliverWebhookJob),
               .subject_id = event.event_id,
               .payload = fmt::format("{} {}", webhook_id, delivery.delivery_id)};
    job.destination = webhook_destination(webhook_id);
    job.dedupe_key = fmt::format("{}:{}{}", job.destination, event.event_id, dedupe_suffix);
    delivery.job_id = insert_job(tx, job).job_id;
    insert_delivery(tx, delivery);
    return delivery.delivery_id;
}

OutboxEvent event_from(const Row& row) {
    return {.event_id = row.text(0),
            .kind = row.text(1),
            .subject_id = row.text(2),
            .at_ms = row.int64(3),
            .payload = row.optional_text(4)};
}

// The endpoints that want to hear of this click, enabled or not.
std::vector<const Webhook*> listeners_of(Tx& tx, const std::vector<const Webhook*>& webhooks,
                                         const Touch& touch) {
    const auto by_folder = [](const Webhook* webhook) { return webhook->link_scope == "folders"; };
    std::string folder_id;
    if (std::ranges::any_of(webhooks, by_folder)) {
        const auto link = find_link(tx, touch.workspace_id, touch.link_id);
        if (link) folder_id = link->folder_id.value_or("");
    }
    std::vector<const Webhook*> listeners;
    std::ranges::copy_if(webhooks, std::back_inserter(listeners), [&](const Webhook* webhook) {
        return webhook->wants_clicks_of(touch.link_id, folder_id);
    });
    return listeners;
}

void append_click(Tx& tx, const Touch& touch, const std::vector<const Webhook*>& webhooks) {
    Tx own(tx, touch.workspace_id);
    const auto listeners = listeners_of(own, webhooks, touch);
    if (listeners.empty()) return;
    auto event = event_of(own, kLinkClicked, touch.touch_id);
    event.payload = body_of(own, event);
    insert_event(own, event);
    for (const auto* webhook : listeners) {
        if (!webhook->disabled_at_ms) deliver(own, event, webhook->webhook_id, "");
    }
}

}  // namespace

void append_outbox(Tx& tx, std::string_view kind, std::string_view subject_id) {
    const auto audience = audience_of(tx, kind);
    auto event = event_of(tx, kind, subject_id);
    if (audience.any) event.payload = body_of(tx, event);
    insert_event(tx, event);
    for (const auto& webhook_id : audience.webhook_ids) deliver(tx, event, webhook_id, "");
}

void append_click_outbox(Tx& tx, std::span<const Touch* const> touches) {
    if (touches.empty()) return;
    std::vector<std::string> workspace_ids;
    for (const auto* touch : touches) workspace_ids.push_back(touch->workspace_id);
    std::ranges::sort(workspace_ids);
    const auto repeated = std::ranges::unique(workspace_ids);
    workspace_ids.erase(repeated.begin(), repeated.end());
    const auto webhooks = list_click_webhooks(tx, workspace_ids);
    if (webhooks.empty()) return;
    std::map<std::string_view, std::vector<const Webhook*>> by_workspace;
    for (const auto& webhook : webhooks) by_workspace[webhook.workspace_id].push_back(&webhook);
    for (const auto* touch : touches) {
        const auto found = by_workspace.find(touch->workspace_id);
        if (found != by_workspace.end() && !touch->bot) append_click(tx, *touch, found->second);
    }
}

std::string append_outbox_for(Tx& tx, const Webhook& webhook, std::string_view kind,
                              std::string_view subject_id) {
    auto event = event_of(tx, kind, subject_id);
    event.payload = body_of(tx, event);
    insert_event(tx, event);
    return deliver(tx, event, webhook.webhook_id, "");
}

std::optional<OutboxEvent> find_outbox_event(Tx& tx, std::string_view event_id) {
    return tx.first(kFindOutboxEvent, event_from, tx.workspace_id(), event_id);
}

std::vector<OutboxEvent> list_outbox_events(Tx& tx, std::string_view after, std::string_view before,
                                            std::int64_t limit) {
    return tx.all(kListOutboxEvents, event_from, tx.workspace_id(), after, before, limit);
}

std::string deliver_again(Tx& tx, const OutboxEvent& event, std::string_view webhook_id) {
    return deliver(tx, event, webhook_id, ":" + tx.new_id("again_"));
}

DeliveryRef delivery_of_job(std::string_view payload) {
    const auto blank = payload.find(' ');
    HW_ASSERT(blank != payload.npos);
    return {std::string(payload.substr(0, blank)), std::string(payload.substr(blank + 1))};
}

std::string webhook_destination(std::string_view webhook_id) {
    return fmt::format("webhook:{}", webhook_id);
}

}  // namespace hw
