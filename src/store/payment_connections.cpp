// SPDX-License-Identifier: Apache-2.0
#include "store/payment_connections.hpp"

#include "base/digest.hpp"

namespace hw {
namespace {

const Query kInsertConnection{"insert_payment_connection", R"sql(
insert into payment_connections (connection_id, workspace_id, provider, mode, thin_at_ms,
    created_at_ms, deleted_at_ms)
values ($1, $2, $3, $4, null, $5, null) on conflict do nothing returning 1
)sql"};

const Query kDeleteConnection{"delete_payment_connection", R"sql(
update payment_connections set deleted_at_ms = $3 where connection_id = $1 and workspace_id = $2
)sql"};

const Query kDeleteSecrets{"delete_payment_secrets", R"sql(
delete from payment_secrets where workspace_id = $1 and connection_id = $2
)sql"};

const Query kNoteThin{"note_thin_delivery", R"sql(
update payment_connections set thin_at_ms = $3 where connection_id = $1 and workspace_id = $2
)sql"};

const std::string kConnectionColumns =
    "select connection_id, workspace_id, provider, mode, thin_at_ms, created_at_ms, deleted_at_ms "
    "from payment_connections ";

const Query kFindConnection{"find_payment_connection",
                            kConnectionColumns + "where connection_id = $1"};

const Query kListConnections{"list_payment_connections",
                             kConnectionColumns +
                                 "where workspace_id = $1 and deleted_at_ms is null "
                                 "order by created_at_ms, connection_id"};

const Query kInsertSecret{"insert_payment_secret", R"sql(
insert into payment_secrets (secret_hash, workspace_id, connection_id, secret, until_ms,
    created_at_ms)
values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1
)sql"};

const Query kListSecrets{"list_payment_secrets", R"sql(
select secret, until_ms, created_at_ms from payment_secrets
where workspace_id = $1 and connection_id = $2 and (until_ms is null or until_ms > $3)
order by case when until_ms is null then 0 else 1 end, created_at_ms desc, secret_hash
)sql"};

const Query kEndSecret{"end_payment_secret", R"sql(
update payment_secrets set until_ms = $4
where secret_hash = $1 and workspace_id = $2 and connection_id = $3
)sql"};

const Query kDeleteEnded{"delete_ended_payment_secrets", R"sql(
delete from payment_secrets
where workspace_id = $1 and connection_id = $2 and until_ms is not null and until_ms <= $3
)sql"};

PaymentConnection connection_from(const Row& row) {
    return {.connection_id = row.text(0),
            .workspace_id = row.text(1),
            .provider = row.text(2),
            .mode = row.text(3),
            .thin_at_ms = row.optional_int64(4),
            .created_at_ms = row.int64(5),
            .deleted_at_ms = row.optional_int64(6)};
}

}  // namespace

bool insert_payment_connection(Tx& tx, const PaymentConnection& connection) {
    return tx.any(kInsertConnection, connection.connection_id, connection.workspace_id,
                  connection.provider, connection.mode, connection.created_at_ms);
}

void remove_payment_connection(Tx& tx, std::string_view connection_id) {
    tx.exec(kDeleteSecrets, tx.workspace_id(), connection_id);
    tx.exec(kDeleteConnection, connection_id, tx.workspace_id(), tx.now_ms());
}

void note_thin_delivery(Tx& tx, std::string_view connection_id) {
    tx.exec(kNoteThin, connection_id, tx.workspace_id(), tx.now_ms());
}

std::optional<PaymentConnection> find_payment_connection(Tx& tx, std::string_view connection_id) {
    return tx.first(kFindConnection, connection_from, connection_id);
}

std::vector<PaymentConnection> list_payment_connections(Tx& tx, std::string_view workspace_id) {
    return tx.all(kListConnections, connection_from, workspace_id);
}

bool insert_payment_secret(Tx& tx, const PaymentConnection& connection, std::string_view secret,
                           std::optional<std::int64_t> until_ms) {
    const auto hash = sha256_hex(secret);
    return tx.any(kInsertSecret, hash, connection.workspace_id, connection.connection_id, secret,
                  until_ms, tx.now_ms());
}

std::vector<PaymentSecret> list_payment_secrets(Tx& tx, const PaymentConnection& connection) {
    return tx.all(
        kListSecrets,
        [](const Row& row) {
            return PaymentSecret{row.text(0), row.optional_int64(1), row.int64(2)};
        },
        connection.workspace_id, connection.connection_id, tx.now_ms());
}

void end_payment_secret(Tx& tx, const PaymentConnection& connection, std::string_view secret,
                        std::int64_t until_ms) {
    const auto hash = sha256_hex(secret);
    tx.exec(kEndSecret, hash, connection.workspace_id, connection.connection_id, until_ms);
}

void delete_ended_secrets(Tx& tx, const PaymentConnection& connection) {
    tx.exec(kDeleteEnded, connection.workspace_id, connection.connection_id, tx.now_ms());
}

}  // namespace hw
