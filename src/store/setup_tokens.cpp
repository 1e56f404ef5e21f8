// SPDX-License-Identifier: Apache-2.0
#include "store/setup_tokens.hpp"

namespace hw {
namespace {

const Query kInsertSetupToken{
    "insert_setup_token", "insert into setup_tokens (token_hash, expires_at_ms) values ($1, $2)"};

const Query kFindOpenSetupToken{"find_open_setup_token", R"sql(
select 1 from setup_tokens where token_hash = $1 and expires_at_ms > $2 and used_at_ms is null
)sql"};

const Query kUseSetupToken{"use_setup_token", R"sql(
update setup_tokens set used_at_ms = $2
where token_hash = $1 and expires_at_ms > $2 and used_at_ms is null returning 1
)sql"};

const Query kDeleteExpiredSetupTokens{"delete_expired_setup_tokens",
                                      "delete from setup_tokens where expires_at_ms <= $1"};

}  // namespace

void insert_setup_token(Tx& tx, std::string_view token_hash, std::int64_t expires_at_ms) {
    tx.exec(kInsertSetupToken, token_hash, expires_at_ms);
}

bool is_setup_token_open(Tx& tx, std::string_view token_hash) {
    return tx.any(kFindOpenSetupToken, token_hash, tx.now_ms());
}

bool use_setup_token(Tx& tx, std::string_view token_hash) {
    return tx.any(kUseSetupToken, token_hash, tx.now_ms());
}

void delete_expired_setup_tokens(Tx& tx) {
    tx.exec(kDeleteExpiredSetupTokens, tx.now_ms());
}

}  // namespace hw
