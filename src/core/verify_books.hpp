// SPDX-License-Identifier: Apache-2.0
// Recomputes every derived number of a workspace from the facts and tells what differs: totals of
// links and customers, rollups of hours and of closed days, first sales, the names that lead to a
// conversion, and the ledger with the state of every commission. Reads only; one pass over the
// touches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "store/db.hpp"
#include "store/tx.hpp"
#include "store/verify.hpp"

namespace hw {

struct VerifiedBooks {
    std::int64_t workspaces = 0;
    std::int64_t clicks = 0;       // touches that count
    std::int64_t conversions = 0;  // attributed ones
    std::int64_t link_totals = 0;
    std::int64_t rollups = 0;
    std::int64_t differences = 0;
    std::vector<Difference> first;  // of them, at most `kDifferencesListedMax`

    void merge(VerifiedBooks&& other);
};

inline constexpr std::size_t kDifferencesListedMax = 100;

// The workspace of the transaction. It uses the transaction's counters as scratch, so run it as a
// read.
VerifiedBooks verify_books(Tx& tx);

// Every workspace, each on a snapshot of its own. Blocks; not for a database thread.
Result<VerifiedBooks> verify_all_books(Db& db);

}  // namespace hw
