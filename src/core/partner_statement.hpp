// SPDX-License-Identifier: Apache-2.0
// Everything behind what a partner is owed: each posting to their accounts, with the seal of its
// transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/ledger.hpp"
#include "store/partners.hpp"

namespace hw {

struct SealedTransaction {
    LedgerTransaction transaction;
    std::optional<Seal> seal;  // nothing: it is too young, the next minute seals it
};

struct PartnerStatement {
    Partner partner;
    std::int64_t made_at_ms = 0;
    std::vector<Balance> balances;  // by account and currency, those that are not even
    std::vector<SealedTransaction> transactions;  // oldest first
};

// 404 for an unknown partner; 422 when there are more than kStatementTransactionsMax transactions.
Result<PartnerStatement> partner_statement(Tx& tx, const std::string& partner_id);

// The key that statements of the workspace are signed with, made when it is first asked for.
std::string signing_seed(Tx& tx);

}  // namespace hw
