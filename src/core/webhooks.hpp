// SPDX-License-Identifier: Apache-2.0
// The use cases of /webhooks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "core/webhook_url.hpp"
#include "store/webhooks.hpp"

namespace hw {

// What a caller says; the rest stays. Of a new endpoint url and events must be said.
struct WebhookFields {
    std::optional<std::string> name;  // of a new one without: its host
    std::optional<std::string> url;
    std::optional<std::vector<std::string>> events;
    std::optional<std::string> secret;  // of a new one without: made
    std::optional<std::string> link_scope;
    std::optional<std::vector<std::string>> scope_ids;
    WebhookUrlRules url_rules{};
};

Result<Webhook> create_webhook(Tx& tx, const WebhookFields& fields);
Result<Webhook> get_webhook(Tx& tx, std::string_view webhook_id);
Result<Webhook> update_webhook(Tx& tx, std::string_view webhook_id, const WebhookFields& fields);
Result<std::string> delete_webhook(Tx& tx, std::string_view webhook_id);  // gives the id

// The old secret signs beside the new one for `keep_ms`.
Result<Webhook> rotate_webhook_secret(Tx& tx, std::string_view webhook_id,
                                      const std::optional<std::string>& secret,
                                      std::int64_t keep_ms);

// What waits for it goes on.
Result<Webhook> enable_webhook(Tx& tx, std::string_view webhook_id);

// Gives the delivery's id.
Result<std::string> ping_webhook(Tx& tx, std::string_view webhook_id);

// What everyone checks who stores an endpoint; `seed` and the API alike.
Result<void> check_webhook_events(const std::vector<std::string>& events);

}  // namespace hw
