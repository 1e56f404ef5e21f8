// SPDX-License-Identifier: Apache-2.0
// Secret keys of a workspace. A key is told once, when it is made; only its hash is stored.
#pragma once

#include <cstdint>
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
    std::string scopes = std::string(kAllScopes);  // separated by blanks or commas
    // A key that clients have already and that is taken over. Empty: "dub_" and 24 random
    // characters.
    std::string secret{};
    std::optional<std::int64_t> expires_at_ms{};
};

struct CreatedApiKey {
    ApiKey key;
    std::string secret;
};

// 409 when the secret is already a key of some workspace.
Result<CreatedApiKey> create_api_key(Tx& tx, const NewApiKey& input);

// "links.read,links.write" or the same with blanks, as it is stored. 422 for what is no scope.
Result<std::string> normalize_scopes(std::string_view text);

}  // namespace hw
