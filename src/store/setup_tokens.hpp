// SPDX-License-Identifier: Apache-2.0
// One-time tokens that let a browser make a workspace. Only their hash is stored. Operator.
#pragma once

#include <cstdint>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

void insert_setup_token(Tx& tx, std::string_view token_hash, std::int64_t expires_at_ms);

// Neither used nor expired.
bool is_setup_token_open(Tx& tx, std::string_view token_hash);

// True for the one transaction that may use the token.
bool use_setup_token(Tx& tx, std::string_view token_hash);

void delete_expired_setup_tokens(Tx& tx);

}  // namespace hw
