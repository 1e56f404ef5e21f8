// SPDX-License-Identifier: Apache-2.0
// Secret keys of a workspace. A key is told once, when it is made; only its hash is stored.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "store/tx.hpp"
#include "store/workspaces.hpp"

namespace hw {

struct CreateApiKey {
    std::string workspace_id;
    std::string name;
    std::string scopes = "apis.all";  // separated by blanks or commas
    std::optional<std::int64_t> expires_at_ms;
    // A key that clients have already, to be taken over: "dub_" or "hw_" and 24 to 64 letters and
    // digits. Empty: a new one is made.
    std::string secret;
};

struct CreatedApiKey {
    ApiKey key;
    std::string secret;
};

Result<CreatedApiKey> create_api_key(Tx& tx, const CreateApiKey& input);

// Every scope that a key may have.
std::span<const std::string_view> api_scopes();

}  // namespace hw
