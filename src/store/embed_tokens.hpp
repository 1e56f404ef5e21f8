// SPDX-License-Identifier: Apache-2.0
// Tokens with which a page of the merchant shows one partner what is theirs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

struct EmbedToken {
    std::string workspace_id;
    std::string token_hash;  // SHA-256 hex; the token itself is stored nowhere
    std::string program_id;
    std::string partner_id;
    std::int64_t expires_at_ms = 0;
};

void insert_embed_token(Tx& tx, const EmbedToken& token);
void delete_expired_embed_tokens(Tx& tx);  // of the workspace
std::optional<EmbedToken> find_embed_token(Tx& tx, std::string_view token_hash);  // operator

}  // namespace hw
