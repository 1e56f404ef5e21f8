// SPDX-License-Identifier: Apache-2.0
#include "store/idempotency.hpp"

namespace hw {
namespace {

// On PostgreSQL the insert waits for another transaction that holds the same key.
const Query kClaimKey{"claim_key", R"sql(
insert into idempotency (workspace_id, scope, key, request_hash, status, answer, created_at_ms)
values ($1, $2, $3, $4, 0, '', $5) on conflict do nothing returning 1
)sql"};

const Query kFindAnswer{"find_answer", R"sql(
select request_hash, status, answer from idempotency
where workspace_id = $1 and scope = $2 and key = $3
)sql"};

const Query kStoreAnswer{"store_answer", R"sql(
update idempotency set status = $4, answer = $5
where workspace_id = $1 and scope = $2 and key = $3
)sql"};

const Query kReleaseKey{"release_key", R"sql(
delete from idempotency where workspace_id = $1 and scope = $2 and key = $3
)sql"};

const Query kLastAnsweredKey{"last_answered_key", R"sql(
select key from idempotency where workspace_id = $1 and scope = $2 order by key desc limit 1
)sql"};

}  // namespace

std::optional<StoredAnswer> claim_key(Tx& tx, std::string_view scope, std::string_view key,
                                      std::string_view request_hash) {
    if (tx.any(kClaimKey, tx.workspace_id(), scope, key, request_hash, tx.now_ms())) {
        return std::nullopt;
    }
    return tx.first(
        kFindAnswer,
        [](const Row& row) { return StoredAnswer{row.text(0), row.int64(1), row.text(2)}; },
        tx.workspace_id(), scope, key);
}

void store_answer(Tx& tx, std::string_view scope, std::string_view key, std::int64_t status,
                  std::string_view body) {
    tx.exec(kStoreAnswer, tx.workspace_id(), scope, key, status, body);
}

void release_key(Tx& tx, std::string_view scope, std::string_view key) {
    tx.exec(kReleaseKey, tx.workspace_id(), scope, key);
}

std::optional<std::string> last_answered_key(Tx& tx, std::string_view scope) {
    return tx.first(
        kLastAnsweredKey, [](const Row& row) { return row.text(0); }, tx.workspace_id(), scope);
}

}  // namespace hw
