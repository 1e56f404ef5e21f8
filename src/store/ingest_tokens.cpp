// SPDX-License-Identifier: Apache-2.0
#include "store/ingest_tokens.hpp"

namespace hw {
namespace {

const Query kInsert{"insert_ingest_token", R"sql(
insert into ingest_tokens (token_hash, workspace_id, token_id, kind, name, display, created_at_ms)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1
)sql"};

const Query kFind{"find_ingest_token", R"sql(
select token_hash, workspace_id, token_id, kind, name, display, created_at_ms, revoked_at_ms
from ingest_tokens where token_hash = $1
)sql"};

const Query kList{"list_ingest_tokens", R"sql(
select token_hash, workspace_id, token_id, kind, name, display, created_at_ms, revoked_at_ms
from ingest_tokens where workspace_id = $1 order by token_id
)sql"};

const Query kRevoke{"revoke_ingest_token", R"sql(
update ingest_tokens set revoked_at_ms = coalesce(revoked_at_ms, $3)
where workspace_id = $1 and token_id = $2
returning token_hash, workspace_id, token_id, kind, name, display, created_at_ms, revoked_at_ms
)sql"};

IngestToken token_from(const Row& row) {
    return {.token_hash = row.text(0),
            .workspace_id = row.text(1),
            .token_id = row.text(2),
            .kind = row.text(3),
            .name = row.text(4),
            .display = row.text(5),
            .created_at_ms = row.int64(6),
            .revoked_at_ms = row.optional_int64(7)};
}

// What was looked up in vain is cached as well.
void forget(Tx& tx, std::string_view token_hash) {
    tx.invalidate("ingest:" + std::string(token_hash));
}

}  // namespace

bool insert_ingest_token(Tx& tx, const IngestToken& token) {
    if (!tx.any(kInsert, token.token_hash, token.workspace_id, token.token_id, token.kind,
                token.name, token.display, token.created_at_ms)) {
        return false;
    }
    forget(tx, token.token_hash);
    return true;
}

std::optional<IngestToken> find_ingest_token(Tx& tx, std::string_view token_hash) {
    return tx.first(kFind, token_from, token_hash);
}

std::vector<IngestToken> list_ingest_tokens(Tx& tx, std::string_view workspace_id) {
    return tx.all(kList, token_from, workspace_id);
}

std::optional<IngestToken> revoke_ingest_token(Tx& tx, std::string_view workspace_id,
                                               std::string_view token_id) {
    auto revoked = tx.first(kRevoke, token_from, workspace_id, token_id, tx.now_ms());
    if (revoked) forget(tx, revoked->token_hash);
    return revoked;
}

}  // namespace hw
