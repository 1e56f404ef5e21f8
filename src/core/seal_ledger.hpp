// SPDX-License-Identifier: Apache-2.0
// The chain of the books: each transaction's hash covers its postings and the hash before it, so
// that whoever holds the last one can tell whether anything was changed, removed or put in between.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/ledger.hpp"
#include "store/tx.hpp"
#include "store/verify.hpp"

namespace hw {

// SHA-256 over the hash before it (empty: the first) and everything the transaction says.
std::string seal_hash(std::string_view before, const LedgerTransaction& transaction);

// Seals what was not sealed yet, at most `limit`, oldest first. One transaction at a time does so.
std::int64_t seal_ledger(Tx& tx, std::int64_t limit);

// What is wrong with the workspace's books: a chain that does not hold, a transaction that does not
// sum to zero, a balance that is not the sum of its postings. Empty: nothing.
std::vector<Difference> verify_ledger(Tx& tx);

}  // namespace hw
