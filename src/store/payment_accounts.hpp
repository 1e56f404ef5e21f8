// SPDX-License-Identifier: Apache-2.0
// Connected accounts of platforms, and the connection that their deliveries belong to. A directory
// of the whole server: an account belongs to one workspace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct PaymentAccount {
    std::string provider;
    std::string account_id;
    std::string workspace_id;
    std::string connection_id;      // of that workspace
    std::string via_connection_id;  // whose signature is believed when it names the account
    std::int64_t created_at_ms = 0;
};

// All for the operator. False: the account belongs to a connection already.
bool insert_payment_account(Tx& tx, const PaymentAccount& account);
std::optional<PaymentAccount> find_payment_account(Tx& tx, std::string_view provider,
                                                   std::string_view account_id);
bool delete_payment_account(Tx& tx, const PaymentAccount& account);  // false: gone already

// Of the workspace.
std::vector<PaymentAccount> list_payment_accounts(Tx& tx, std::string_view workspace_id);

}  // namespace hw
