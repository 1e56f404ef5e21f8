// SPDX-License-Identifier: Apache-2.0
// Workspaces (tenants) and the directory of API keys that leads to them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/domains.hpp"
#include "store/tx.hpp"

namespace hw {

struct Workspace {
    std::string workspace_id;
    std::string slug;
    std::string name;
    std::string currency = "usd";  // reporting currency, lower case
    std::optional<std::string> publishable_key;
    std::vector<std::string> allowed_hostnames;  // empty: every host may send browser events
    std::int64_t created_at_ms = 0;
};

struct ApiKey {
    std::string key_hash;  // SHA-256 hex of the key; the key itself is stored nowhere
    std::string workspace_id;
    std::string api_key_id;
    std::string name;
    std::string display;  // "dub_abc...wxyz"
    std::string scopes;   // space separated, for example "links.read links.write"
    std::int64_t created_at_ms = 0;
    std::optional<std::int64_t> expires_at_ms;
};

// Each insert gives false when its unique name is taken.
bool insert_workspace(Tx& tx, const Workspace& workspace);
bool insert_api_key(Tx& tx, const ApiKey& key);

// `before` is the publishable key that stops working, if there is one.
void set_publishable_key(Tx& tx, std::string_view workspace_id, std::string_view key,
                         const std::optional<std::string>& before);

std::optional<Workspace> find_workspace(Tx& tx, std::string_view workspace_id);
std::optional<Workspace> find_workspace_by_slug(Tx& tx, std::string_view slug);
std::optional<Workspace> find_workspace_by_publishable_key(Tx& tx, std::string_view key);
std::vector<Workspace> list_workspaces(Tx& tx);  // operator

std::optional<ApiKey> find_api_key(Tx& tx, std::string_view key_hash);  // operator
std::vector<ApiKey> list_api_keys(Tx& tx, std::string_view workspace_id);
bool delete_api_key(Tx& tx, std::string_view workspace_id, std::string_view api_key_id);

}  // namespace hw
