// SPDX-License-Identifier: Apache-2.0
#include "core/webhooks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "base/url.hpp"
#include "base/utf8.hpp"
#include "base/webhook_signature.hpp"
#include "core/webhook_events.hpp"
#include "store/folders.hpp"
#include "store/job_destinations.hpp"
#include "store/links.hpp"
#include "store/outbox.hpp"

namespace hw {
namespace {

std::unexpected<Error> invalid(std::string message) {
    return fail(ErrorCode::UnprocessableEntity, std::move(message), "invalid_webhook");
}

std::unexpected<Error> url_taken(const std::string& url) {
    return fail(ErrorCode::Conflict,
                fmt::format("url: an endpoint with the URL {} exists already. Change that one, or "
                            "use another URL.",
                            url),
                "duplicate_webhook");
}

Result<void> check_name(const std::string& name) {
    const auto length = utf16_length(name);
    if (length > 0 && length <= limits::kWebhookNameCharactersMax) return {};
    return invalid(fmt::format("name: expected 1 to {} characters, received {}",
                               limits::kWebhookNameCharactersMax, length));
}

Result<void> check_scope(Tx& tx, const Webhook& webhook) {
    const auto& ids = webhook.scope_ids;
    if (webhook.link_scope == "workspace") {
        if (ids.empty()) return {};
        return invalid(
            "linkScope: received \"workspace\" with ids. Write \"links\" or "
            "\"folders\", or leave the ids out.");
    }
    const bool links = webhook.link_scope == "links";
    const auto* field = links ? "linkIds" : "folderIds";
    if (ids.empty() || ids.size() > limits::kWebhookLinksMax) {
        return invalid(fmt::format("{}: expected 1 to {} ids, received {}", field,
                                   limits::kWebhookLinksMax, ids.size()));
    }
    for (const auto& id : ids) {
        const bool known = links ? find_link(tx, webhook.workspace_id, id).has_value()
                                 : find_folder(tx, webhook.workspace_id, id).has_value();
        if (!known) return invalid(fmt::format("{}: the workspace has no \"{}\"", field, id));
    }
    return {};
}

// What is said of the endpoint, checked.
Result<void> put_fields(Tx& tx, const WebhookFields& fields, Webhook& webhook) {
    if (fields.url) webhook.url = HW_TRY(normalize_webhook_url(*fields.url, fields.url_rules));
    if (fields.name) webhook.name = *fields.name;
    if (webhook.name.empty() && !fields.name) {
        webhook.name = utf8_prefix(host_of(webhook.url), limits::kWebhookNameCharactersMax);
    }
    HW_CHECK(check_name(webhook.name));
    if (fields.events) {
        HW_CHECK(check_webhook_events(*fields.events));
        const std::set<std::string> sorted(fields.events->begin(), fields.events->end());
        webhook.events.assign(sorted.begin(), sorted.end());
    }
    if (fields.link_scope) {
        webhook.link_scope = *fields.link_scope;
        webhook.scope_ids.clear();
    }
    if (fields.scope_ids) webhook.scope_ids = *fields.scope_ids;
    if (fields.link_scope || fields.scope_ids) HW_CHECK(check_scope(tx, webhook));
    return {};
}

}  // namespace

Result<void> check_webhook_events(const std::vector<std::string>& events) {
    const auto known = fmt::format("{}", fmt::join(kWebhookEvents, ", "));
    if (events.empty()) return invalid("events: name at least one of " + known);
    for (const auto& event : events) {
        if (std::ranges::find(kWebhookEvents, event) != kWebhookEvents.end()) continue;
        return invalid(fmt::format("events: received \"{}\", which is none of {}", event, known));
    }
    return {};
}

Result<Webhook> create_webhook(Tx& tx, const WebhookFields& fields) {
    if (!fields.url) return invalid("url: say where events are to be sent");
    if (!fields.events) return invalid("events: say which events are to be sent");
    Webhook webhook;
    webhook.workspace_id = tx.workspace_id();
    webhook.webhook_id = tx.new_id("wh_");
    webhook.created_at_ms = webhook.updated_at_ms = tx.now_ms();
    HW_CHECK(put_fields(tx, fields, webhook));
    webhook.secret = fields.secret ? HW_TRY(normalize_webhook_secret(*fields.secret))
                                   : new_webhook_secret(tx.env());
    if (list_webhooks(tx, webhook.workspace_id).size() >= limits::kWebhooksMax) {
        return fail(ErrorCode::Conflict,
                    fmt::format("The workspace has {} endpoints, the most that it may have. Delete "
                                "one first.",
                                limits::kWebhooksMax),
                    "too_many_webhooks");
    }
    if (!insert_webhook(tx, webhook)) return url_taken(webhook.url);
    return webhook;
}

Result<Webhook> get_webhook(Tx& tx, std::string_view webhook_id) {
    auto webhook = find_webhook(tx, tx.workspace_id(), webhook_id);
    if (!webhook) return fail(ErrorCode::NotFound, "Webhook not found.", "webhook_not_found");
    return std::move(*webhook);
}

Result<Webhook> update_webhook(Tx& tx, std::string_view webhook_id, const WebhookFields& fields) {
    auto webhook = HW_TRY(get_webhook(tx, webhook_id));
    HW_CHECK(put_fields(tx, fields, webhook));
    const auto same_url = find_webhook_by_url(tx, webhook.workspace_id, webhook.url);
    if (same_url && same_url->webhook_id != webhook.webhook_id) return url_taken(webhook.url);
    webhook.updated_at_ms = tx.now_ms();
    update_webhook(tx, webhook);
    return webhook;
}

Result<std::string> delete_webhook(Tx& tx, std::string_view webhook_id) {
    const auto webhook = HW_TRY(get_webhook(tx, webhook_id));
    delete_webhook(tx, webhook.workspace_id, webhook.webhook_id);
    // What waits for it finds that it is gone.
    resume_destination(tx, webhook.workspace_id, webhook_destination(webhook.webhook_id));
    return webhook.webhook_id;
}

Result<Webhook> rotate_webhook_secret(Tx& tx, std::string_view webhook_id,
                                      const std::optional<std::string>& secret,
                                      std::int64_t keep_ms) {
    auto webhook = HW_TRY(get_webhook(tx, webhook_id));
    auto fresh = secret ? HW_TRY(normalize_webhook_secret(*secret)) : new_webhook_secret(tx.env());
    if (fresh == webhook.secret) return invalid("secret: this is the secret already");
    webhook.previous_secret = keep_ms > 0 ? std::optional(webhook.secret) : std::nullopt;
    webhook.previous_until_ms = keep_ms > 0 ? std::optional(tx.now_ms() + keep_ms) : std::nullopt;
    webhook.secret = std::move(fresh);
    webhook.updated_at_ms = tx.now_ms();
    update_webhook(tx, webhook);
    return webhook;
}

Result<Webhook> enable_webhook(Tx& tx, std::string_view webhook_id) {
    auto webhook = HW_TRY(get_webhook(tx, webhook_id));
    webhook.disabled_at_ms.reset();
    webhook.disabled_reason.clear();
    webhook.failures = 0;
    webhook.failing_since_ms.reset();
    webhook.updated_at_ms = tx.now_ms();
    update_webhook(tx, webhook);
    clear_webhook_failures(tx, webhook.webhook_id);
    resume_destination(tx, webhook.workspace_id, webhook_destination(webhook.webhook_id));
    return webhook;
}

Result<std::string> ping_webhook(Tx& tx, std::string_view webhook_id) {
    const auto webhook = HW_TRY(get_webhook(tx, webhook_id));
    return append_outbox_for(tx, webhook, kWebhookPing, webhook.webhook_id);
}

}  // namespace hw
