// SPDX-License-Identifier: Apache-2.0
// The books over the API: GET /ledger/accounts, /ledger/transactions, /ledger/key and
// /ledger/statements/{partnerId}.
#pragma once

#include "api/call.hpp"

namespace hw::api {

Result<Work> list_accounts(const Call& call);
Result<Work> list_ledger(const Call& call);
Result<Work> ledger_key(const Call& call);
Result<Work> partner_statement(const Call& call);

}  // namespace hw::api
