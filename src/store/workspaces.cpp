// SPDX-License-Identifier: Apache-2.0
#include "store/workspaces.hpp"

#include <boost/json.hpp>

#include "store/json_array.hpp"

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertWorkspace{"insert_workspace", R"sql(
insert into workspaces (workspace_id, slug, name, currency, publishable_key, allowed_hostnames,
    created_at_ms)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1
)sql"};

const Query kFindWorkspace{"find_workspace", R"sql(
select workspace_id, slug, name, currency, publishable_key, allowed_hostnames, created_at_ms
from workspaces where workspace_id = $1
)sql"};

const Query kFindWorkspaceBySlug{"find_workspace_by_slug", R"sql(
select workspace_id, slug, name, currency, publishable_key, allowed_hostnames, created_at_ms
from workspaces where slug = $1
)sql"};

const Query kFindWorkspaceByKey{"find_workspace_by_publishable_key", R"sql(
select workspace_id, slug, name, currency, publishable_key, allowed_hostnames, created_at_ms
from workspaces where publishable_key = $1
)sql"};

const Query kListWorkspaces{"list_workspaces", R"sql(
select workspace_id, slug, name, currency, publishable_key, allowed_hostnames, created_at_ms
from workspaces order by workspace_id
)sql"};

const Query kSetPublishableKey{
    "set_publishable_key", "update workspaces set publishable_key = $2 where workspace_id = $1"};

const Query kInsertApiKey{"insert_api_key", R"sql(
insert into api_keys (key_hash, workspace_id, api_key_id, name, display, scopes, created_at_ms,
    expires_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning 1
)sql"};

const Query kFindApiKey{"find_api_key", R"sql(
select key_hash, workspace_id, api_key_id, name, display, scopes, created_at_ms, expires_at_ms
from api_keys where key_hash = $1
)sql"};

const Query kListApiKeys{"list_api_keys", R"sql(
select key_hash, workspace_id, api_key_id, name, display, scopes, created_at_ms, expires_at_ms
from api_keys where workspace_id = $1 order by api_key_id
)sql"};

const Query kDeleteApiKey{"delete_api_key", R"sql(
delete from api_keys where workspace_id = $1 and api_key_id = $2 returning key_hash
)sql"};

std::vector<std::string> texts_from(std::string_view text) {
    const auto parsed = json::parse(text);  // a temporary would be gone inside the loop
    std::vector<std::string> texts;
    for (const auto& item : parsed.as_array()) texts.emplace_back(item.as_string());
    return texts;
}

Workspace workspace_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .slug = row.text(1),
            .name = row.text(2),
            .currency = row.text(3),
            .publishable_key = row.optional_text(4),
            .allowed_hostnames = texts_from(row.view(5)),
            .created_at_ms = row.int64(6)};
}

ApiKey api_key_from(const Row& row) {
    return {.key_hash = row.text(0),
            .workspace_id = row.text(1),
            .api_key_id = row.text(2),
            .name = row.text(3),
            .display = row.text(4),
            .scopes = row.text(5),
            .created_at_ms = row.int64(6),
            .expires_at_ms = row.optional_int64(7)};
}

}  // namespace

bool insert_workspace(Tx& tx, const Workspace& workspace) {
    if (workspace.publishable_key) tx.invalidate("key:" + *workspace.publishable_key);
    return tx.any(kInsertWorkspace, workspace.workspace_id, workspace.slug, workspace.name,
                  workspace.currency, workspace.publishable_key,
                  json_array_text(workspace.allowed_hostnames), workspace.created_at_ms);
}

bool insert_api_key(Tx& tx, const ApiKey& key) {
    tx.invalidate("key:" + key.key_hash);
    return tx.any(kInsertApiKey, key.key_hash, key.workspace_id, key.api_key_id, key.name,
                  key.display, key.scopes, key.created_at_ms, key.expires_at_ms);
}

void set_publishable_key(Tx& tx, std::string_view workspace_id, std::string_view key,
                         const std::optional<std::string>& before) {
    tx.invalidate("key:" + std::string(key));
    if (before) tx.invalidate("key:" + *before);
    tx.invalidate("workspace:" + std::string(workspace_id));
    tx.exec(kSetPublishableKey, workspace_id, key);
}

std::optional<Workspace> find_workspace(Tx& tx, std::string_view workspace_id) {
    return tx.first(kFindWorkspace, workspace_from, workspace_id);
}

std::optional<Workspace> find_workspace_by_slug(Tx& tx, std::string_view slug) {
    return tx.first(kFindWorkspaceBySlug, workspace_from, slug);
}

std::optional<Workspace> find_workspace_by_publishable_key(Tx& tx, std::string_view key) {
    return tx.first(kFindWorkspaceByKey, workspace_from, key);
}

std::vector<Workspace> list_workspaces(Tx& tx) {
    return tx.all(kListWorkspaces, workspace_from);
}

std::optional<ApiKey> find_api_key(Tx& tx, std::string_view key_hash) {
    return tx.first(kFindApiKey, api_key_from, key_hash);
}

std::vector<ApiKey> list_api_keys(Tx& tx, std::string_view workspace_id) {
    return tx.all(kListApiKeys, api_key_from, workspace_id);
}

bool delete_api_key(Tx& tx, std::string_view workspace_id, std::string_view api_key_id) {
    const auto hash = tx.first(
        kDeleteApiKey, [](const Row& row) { return row.text(0); }, workspace_id, api_key_id);
    if (hash) tx.invalidate("key:" + *hash);
    return hash.has_value();
}

}  // namespace hw
