// SPDX-License-Identifier: Apache-2.0
// Endpoints of merchants that are told of events.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

inline constexpr std::string_view kLinkClicked = "link.clicked";

struct Webhook {
    std::string workspace_id;
    std::string webhook_id;
    std::string name;
    std::string url;
    std::string secret;  // whsec_...
    std::optional<std::string> previous_secret;
    std::optional<std::int64_t> previous_until_ms;
    std::vector<std::string> events;
    std::string link_scope = "workspace";  // of link.clicked: workspace, links, folders
    std::vector<std::string> scope_ids;
    std::optional<std::int64_t> disabled_at_ms;
    std::string disabled_reason;
    std::int64_t failures = 0;  // attempts that failed in a row
    std::optional<std::int64_t> failing_since_ms;
    std::int64_t created_at_ms = 0;
    std::int64_t updated_at_ms = 0;

    bool wants(std::string_view event) const;
    bool wants_clicks_of(std::string_view link_id, std::string_view folder_id) const;
};

bool insert_webhook(Tx& tx, const Webhook& webhook);  // false: id or URL taken
void update_webhook(Tx& tx, const Webhook& webhook);  // all but its failures
void delete_webhook(Tx& tx, std::string_view workspace_id, std::string_view webhook_id);

std::optional<Webhook> find_webhook(Tx& tx, std::string_view workspace_id,
                                    std::string_view webhook_id);
std::optional<Webhook> find_webhook_by_url(Tx& tx, std::string_view workspace_id,
                                           std::string_view url);
// All of the workspace, the oldest first.
std::vector<Webhook> list_webhooks(Tx& tx, std::string_view workspace_id);

// Operator: those of the workspaces that want to hear of clicks.
std::vector<Webhook> list_click_webhooks(Tx& tx, std::span<const std::string> workspace_ids);

// The failures in a row after this one.
struct FailureStreak {
    std::int64_t failures = 0;
    std::int64_t since_ms = 0;
};
std::optional<FailureStreak> count_webhook_failure(Tx& tx, std::string_view webhook_id);
void clear_webhook_failures(Tx& tx, std::string_view webhook_id);

}  // namespace hw
