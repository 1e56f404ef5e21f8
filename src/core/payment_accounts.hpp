// SPDX-License-Identifier: Apache-2.0
// Whose the deliveries of a platform's connected accounts are. A platform has one connection, whose
// secret signs for all of its accounts, and the operator says which account is whose.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "store/payment_accounts.hpp"
#include "store/payment_connections.hpp"
#include "store/tx.hpp"

namespace hw {

struct AssignAccount {
    std::string account_id;
    std::string connection_id;      // where its deliveries belong
    std::string via_connection_id;  // of the platform
};

// All for the operator. Telling the same again changes nothing; 409: the account is another's.
Result<PaymentAccount> assign_payment_account(Tx& tx, const AssignAccount& input);
Result<PaymentAccount> remove_payment_account(Tx& tx, std::string_view provider,
                                              std::string_view account_id);

// The connection that a delivery belongs to which `via` vouches for: `via` itself, unless the
// operator gave the account to another. Never ask for a delivery whose signature was not found
// good. A tenant knows the secret of its own connection and can sign any account, so a connection
// is believed only about the accounts that were given to it.
PaymentConnection connection_of_account(Tx& tx, const PaymentConnection& via,
                                        std::string_view account_id);

}  // namespace hw
