// SPDX-License-Identifier: Apache-2.0
// The tokens that websites and shops send with what they tell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct IngestToken {
    std::string token_hash;  // SHA-256 hex; the token itself is stored nowhere
    std::string workspace_id;
    std::string token_id;
    std::string kind;  // public, secret, test
    std::string name;
    std::string display;  // "pub_abc...wxyz"
    std::int64_t created_at_ms = 0;
    std::optional<std::int64_t> revoked_at_ms{};
};

bool insert_ingest_token(Tx& tx, const IngestToken& token);  // false: the token is taken
std::optional<IngestToken> find_ingest_token(Tx& tx, std::string_view token_hash);  // operator
std::vector<IngestToken> list_ingest_tokens(Tx& tx, std::string_view workspace_id);
// The token as it is now; nothing when the workspace has none of that id.
std::optional<IngestToken> revoke_ingest_token(Tx& tx, std::string_view workspace_id,
                                               std::string_view token_id);

}  // namespace hw
