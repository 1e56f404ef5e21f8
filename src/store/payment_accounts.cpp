// SPDX-License-Identifier: Apache-2.0
#include "store/payment_accounts.hpp"

namespace hw {
namespace {

const Query kInsertAccount{"insert_payment_account", R"sql(
insert into payment_accounts (provider, account_id, workspace_id, connection_id, via_connection_id,
    created_at_ms)
values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1
)sql"};

const std::string kAccountColumns =
    "select provider, account_id, workspace_id, connection_id, via_connection_id, created_at_ms "
    "from payment_accounts ";

const Query kFindAccount{"find_payment_account",
                         kAccountColumns + "where provider = $1 and account_id = $2"};

const Query kListAccounts{
    "list_payment_accounts",
    kAccountColumns + "where workspace_id = $1 order by connection_id, account_id"};

const Query kDeleteAccount{"delete_payment_account", R"sql(
delete from payment_accounts where provider = $1 and account_id = $2 and workspace_id = $3
returning 1
)sql"};

PaymentAccount account_from(const Row& row) {
    return {.provider = row.text(0),
            .account_id = row.text(1),
            .workspace_id = row.text(2),
            .connection_id = row.text(3),
            .via_connection_id = row.text(4),
            .created_at_ms = row.int64(5)};
}

}  // namespace

bool insert_payment_account(Tx& tx, const PaymentAccount& account) {
    return tx.any(kInsertAccount, account.provider, account.account_id, account.workspace_id,
                  account.connection_id, account.via_connection_id, account.created_at_ms);
}

std::optional<PaymentAccount> find_payment_account(Tx& tx, std::string_view provider,
                                                   std::string_view account_id) {
    return tx.first(kFindAccount, account_from, provider, account_id);
}

bool delete_payment_account(Tx& tx, const PaymentAccount& account) {
    return tx.any(kDeleteAccount, account.provider, account.account_id, account.workspace_id);
}

std::vector<PaymentAccount> list_payment_accounts(Tx& tx, std::string_view workspace_id) {
    return tx.all(kListAccounts, account_from, workspace_id);
}

}  // namespace hw
