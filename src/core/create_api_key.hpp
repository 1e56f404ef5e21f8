// SPDX-License-Identifier: Apache-2.0
// A secret key for a workspace. Only its hash is stored, so this is the one time it can be shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "store/tx.hpp"
#include "store/workspaces.hpp"

namespace hw {

inline constexpr std::string_view kAllScopes = "apis.all";

struct NewApiKey {
    std::string workspace_id;
    std::string name;
    std::string scopes = std::string(kAllScopes);  // separated by spaces or commas
    std::string secret{};                          // empty: made at random
    std::optional<std::int64_t> expires_at_ms{};
};

struct CreatedApiKey {
    ApiKey key;
    std::string secret;
};

// Conflict when the secret is already a key of some workspace.
Result<CreatedApiKey> create_api_key(Tx& tx, const NewApiKey& input);

// "links.read,links.write" or the same with spaces, as it is stored. Refuses what is no scope.
Result<std::string> normalize_scopes(std::string_view text);

}  // namespace hw
