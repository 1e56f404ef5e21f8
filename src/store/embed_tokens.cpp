// SPDX-License-Identifier: Apache-2.0
#include "store/embed_tokens.hpp"

namespace hw {
namespace {

const Query kInsertEmbedToken{"insert_embed_token", R"sql(
insert into embed_tokens (workspace_id, token_hash, program_id, partner_id, expires_at_ms)
values ($1, $2, $3, $4, $5)
)sql"};

const Query kDeleteExpired{"delete_expired_embed_tokens", R"sql(
delete from embed_tokens where workspace_id = $1 and expires_at_ms <= $2
)sql"};

const Query kFindEmbedToken{"find_embed_token", R"sql(
select workspace_id, token_hash, program_id, partner_id, expires_at_ms
from embed_tokens where token_hash = $1
)sql"};

EmbedToken token_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .token_hash = row.text(1),
            .program_id = row.text(2),
            .partner_id = row.text(3),
            .expires_at_ms = row.int64(4)};
}

}  // namespace

void insert_embed_token(Tx& tx, const EmbedToken& token) {
    tx.exec(kInsertEmbedToken, token.workspace_id, token.token_hash, token.program_id,
            token.partner_id, token.expires_at_ms);
}

void delete_expired_embed_tokens(Tx& tx) {
    tx.exec(kDeleteExpired, tx.workspace_id(), tx.now_ms());
}

std::optional<EmbedToken> find_embed_token(Tx& tx, std::string_view token_hash) {
    return tx.first(kFindEmbedToken, token_from, token_hash);
}

}  // namespace hw
