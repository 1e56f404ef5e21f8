// SPDX-License-Identifier: Apache-2.0
#include "store/webhooks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/json_array.hpp"

namespace hw {
namespace {

const Query kInsertWebhook{"insert_webhook", R"sql(
insert into webhooks (workspace_id, webhook_id, name, url, secret, previous_secret,
    previous_until_ms, events, wants_clicks, link_scope, scope_ids, disabled_at_ms,
    disabled_reason, failures, failing_since_ms, created_at_ms, updated_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, null, $14, $15)
on conflict do nothing returning 1
)sql"};

const Query kUpdateWebhook{"update_webhook", R"sql(
update webhooks set name = $3, url = $4, secret = $5, previous_secret = $6,
    previous_until_ms = $7, events = $8, wants_clicks = $9, link_scope = $10, scope_ids = $11,
    disabled_at_ms = $12, disabled_reason = $13, updated_at_ms = $14
where workspace_id = $1 and webhook_id = $2
)sql"};

const Query kDeleteWebhook{"delete_webhook",
                           "delete from webhooks where workspace_id = $1 and webhook_id = $2"};

std::string select_webhooks(std::string_view where, std::string_view from = "webhooks") {
    return fmt::format(R"sql(
select workspace_id, webhook_id, name, url, secret, previous_secret, previous_until_ms, events,
    link_scope, scope_ids, disabled_at_ms, disabled_reason, failures, failing_since_ms,
    created_at_ms, updated_at_ms
from {} where {}
)sql",
                       from, where);
}

const Query kFindWebhook{"find_webhook", select_webhooks("workspace_id = $1 and webhook_id = $2")};

const Query kFindWebhookByUrl{"find_webhook_by_url",
                              select_webhooks("workspace_id = $1 and url = $2")};

const Query kListWebhooks{"list_webhooks",
                          select_webhooks("workspace_id = $1 order by webhook_id")};

// The engines read a JSON array with functions of their own. SQLite would rather read all endpoints
// of the workspaces.
const Query kListClickWebhooks{
    "list_click_webhooks",
    select_webhooks("wants_clicks = 1 and workspace_id in (select value from json_each($1))",
                    "webhooks indexed by webhooks_for_clicks"),
    select_webhooks("wants_clicks = 1 and workspace_id in "
                    "(select json_array_elements_text(cast($1 as json)))")};

const Query kCountWebhookFailure{"count_webhook_failure", R"sql(
update webhooks set failures = failures + 1,
    failing_since_ms = case when failures = 0 then $3 else failing_since_ms end
where workspace_id = $1 and webhook_id = $2
returning failures, failing_since_ms
)sql"};

// An endpoint that is well is not written at every delivery.
const Query kClearWebhookFailures{"clear_webhook_failures", R"sql(
update webhooks set failures = 0, failing_since_ms = null
where workspace_id = $1 and webhook_id = $2 and failures > 0
)sql"};

Webhook webhook_from(const Row& row) {
    Webhook webhook;
    webhook.workspace_id = row.text(0);
    webhook.webhook_id = row.text(1);
    webhook.name = row.text(2);
    webhook.url = row.text(3);
    webhook.secret = row.text(4);
    webhook.previous_secret = row.optional_text(5);
    webhook.previous_until_ms = row.optional_int64(6);
    webhook.events = texts_of_json_array(row.view(7));
    webhook.link_scope = row.text(8);
    webhook.scope_ids = texts_of_json_array(row.view(9));
    webhook.disabled_at_ms = row.optional_int64(10);
    webhook.disabled_reason = row.text(11);
    webhook.failures = row.int64(12);
    webhook.failing_since_ms = row.optional_int64(13);
    webhook.created_at_ms = row.int64(14);
    webhook.updated_at_ms = row.int64(15);
    return webhook;
}

}  // namespace

bool Webhook::wants(std::string_view event) const {
    return std::ranges::find(events, event) != events.end();
}

bool Webhook::wants_clicks_of(std::string_view link_id, std::string_view folder_id) const {
    if (!wants(kLinkClicked)) return false;
    if (link_scope == "workspace") return true;
    const auto id = link_scope == "links" ? link_id : folder_id;
    return std::ranges::find(scope_ids, id) != scope_ids.end();
}

bool insert_webhook(Tx& tx, const Webhook& webhook) {
    const auto events = json_array_text(webhook.events);
    const auto scope_ids = json_array_text(webhook.scope_ids);
    return tx.any(kInsertWebhook, webhook.workspace_id, webhook.webhook_id, webhook.name,
                  webhook.url, webhook.secret, webhook.previous_secret, webhook.previous_until_ms,
                  events, webhook.wants(kLinkClicked), webhook.link_scope, scope_ids,
                  webhook.disabled_at_ms, webhook.disabled_reason, webhook.created_at_ms,
                  webhook.updated_at_ms);
}

void update_webhook(Tx& tx, const Webhook& webhook) {
    const auto events = json_array_text(webhook.events);
    const auto scope_ids = json_array_text(webhook.scope_ids);
    tx.exec(kUpdateWebhook, webhook.workspace_id, webhook.webhook_id, webhook.name, webhook.url,
            webhook.secret, webhook.previous_secret, webhook.previous_until_ms, events,
            webhook.wants(kLinkClicked), webhook.link_scope, scope_ids, webhook.disabled_at_ms,
            webhook.disabled_reason, webhook.updated_at_ms);
}

void delete_webhook(Tx& tx, std::string_view workspace_id, std::string_view webhook_id) {
    tx.exec(kDeleteWebhook, workspace_id, webhook_id);
}

std::optional<Webhook> find_webhook(Tx& tx, std::string_view workspace_id,
                                    std::string_view webhook_id) {
    return tx.first(kFindWebhook, webhook_from, workspace_id, webhook_id);
}

std::optional<Webhook> find_webhook_by_url(Tx& tx, std::string_view workspace_id,
                                           std::string_view url) {
    return tx.first(kFindWebhookByUrl, webhook_from, workspace_id, url);
}

std::vector<Webhook> list_webhooks(Tx& tx, std::string_view workspace_id) {
    return tx.all(kListWebhooks, webhook_from, workspace_id);
}

std::vector<Webhook> list_click_webhooks(Tx& tx, std::span<const std::string> workspace_ids) {
    const auto ids = json_array_text(workspace_ids);
    return tx.all(kListClickWebhooks, webhook_from, ids);
}

std::optional<FailureStreak> count_webhook_failure(Tx& tx, std::string_view webhook_id) {
    return tx.first(
        kCountWebhookFailure,
        [](const Row& row) { return FailureStreak{row.int64(0), row.int64(1)}; }, tx.workspace_id(),
        webhook_id, tx.now_ms());
}

void clear_webhook_failures(Tx& tx, std::string_view webhook_id) {
    tx.exec(kClearWebhookFailures, tx.workspace_id(), webhook_id);
}

}  // namespace hw
