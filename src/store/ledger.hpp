// SPDX-License-Identifier: Apache-2.0
// The books: double entry, append-only. Every transaction sums to zero per currency; seals chain
// them by hash, so that a changed or missing one is found.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.hpp"
#include "store/tx.hpp"

namespace hw {

struct Posting {
    std::string account;      // expense:commissions, partner:<id>:payable, ...
    std::int64_t amount = 0;  // minor units; positive: to the account
    std::string currency;
};

struct LedgerTransaction {
    std::string workspace_id;
    std::string ledger_id;
    std::string kind;  // what made it necessary: accrual, maturity, refund, review, payout, ...
    std::optional<std::string> commission_id;
    std::optional<std::string> payout_id;
    std::int64_t at_ms = 0;
    std::vector<Posting> postings;
};

// Its postings sum to zero per currency; anything else is a bug and rolls back.
void append_ledger_transaction(Tx& tx, const LedgerTransaction& transaction);

// What the postings of one commission left in each account. Accounts that are even are left out.
using AccountAmounts = std::map<std::string, std::int64_t, std::less<>>;
AccountAmounts postings_of_commission(Tx& tx, std::string_view workspace_id,
                                      std::string_view commission_id);

struct Balance {
    std::string account;
    std::string currency;
    std::int64_t amount = 0;
};
// As kept beside the postings, those that are not even. `prefix`: "partner:pn_1:" or "" for all.
std::vector<Balance> list_balances(Tx& tx, std::string_view workspace_id, std::string_view prefix);
// As the postings say.
std::vector<Balance> sum_postings(Tx& tx, std::string_view workspace_id);

// Transactions that do not sum to zero, by id in `account`: there should be none.
std::vector<Balance> uneven_transactions(Tx& tx, std::string_view workspace_id);

// Oldest first, by account (empty: all) after that id.
std::vector<LedgerTransaction> list_ledger(Tx& tx, std::string_view workspace_id,
                                           std::string_view account, std::string_view after_id,
                                           std::int64_t limit);

// Of a partner: the transactions with a posting to one of the accounts "partner:<id>:...".
std::vector<LedgerTransaction> list_ledger_of_partner(Tx& tx, std::string_view workspace_id,
                                                      std::string_view partner_id,
                                                      std::string_view after_id,
                                                      std::int64_t limit);
std::vector<LedgerTransaction> list_ledger_of_commission(Tx& tx, std::string_view workspace_id,
                                                         std::string_view commission_id);

struct Seal {
    std::int64_t seq = 0;
    std::string ledger_id;
    std::string hash;  // SHA-256, hex
    std::int64_t sealed_at_ms = 0;
};
std::optional<Seal> last_seal(Tx& tx, std::string_view workspace_id);
std::optional<Seal> seal_of(Tx& tx, std::string_view workspace_id, std::string_view ledger_id);
void insert_seal(Tx& tx, std::string_view workspace_id, const Seal& seal);
// Of those with that id or a later one, oldest first.
std::vector<LedgerTransaction> unsealed_transactions(Tx& tx, std::string_view workspace_id,
                                                     std::string_view from_id, std::int64_t limit);
// In the order of the chain. The transaction is missing when somebody removed it.
void each_sealed(Tx& tx, std::string_view workspace_id,
                 FunctionRef<void(const Seal&, const std::optional<LedgerTransaction>&)> on_seal);

}  // namespace hw
