// SPDX-License-Identifier: Apache-2.0
// Deciding many conversions again: the automatic repair of orphans, its undoing, and the replay of
// a period under other rules. A preview is the same call in a transaction that is rolled back.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/attribution_policies.hpp"
#include "store/attributions.hpp"
#include "store/ledger.hpp"
#include "store/repairs.hpp"
#include "store/tx.hpp"

namespace hw {

// One conversion whose decision is another one now.
struct RepairedConversion {
    Attribution before;
    Attribution after;
    std::int64_t earnings = 0;  // what all partners earn by it, more (or less) than before
};

struct RepairedAttribution {
    std::string repair_id;  // empty when nothing changed
    std::vector<RepairedConversion> conversions;
    std::map<std::string, std::int64_t> earnings_of_partners;  // the change, by partner id
    std::int64_t looked_at = 0;
    std::string next_id;                      // where to go on; empty when all were looked at
    std::vector<LedgerTransaction> ledger{};  // what it posted for their commissions
};

struct FixOrphans {
    std::vector<std::string> conversion_ids;  // these alone; empty: all
    std::string after_id;                     // of all: go on after that one
    std::int64_t limit = 0;                   // 1..kRepairedAtOnceMax
    bool accept_inferred = false;             // takes matches without proof as a person's decision
    std::string actor;
};

// Only conversions without a link are looked at, and nothing that was paid is touched: such a
// conversion is passed over. 422 for an id that is no orphan's, 409 for one that was paid.
Result<RepairedAttribution> fix_orphans(Tx& tx, const FixOrphans& input);

// Each conversion of the repair gets its former decision back, if the repair's still stands.
// Conflict when it was undone before, or when a commission of it was paid since.
Result<RepairedAttribution> undo_repair(Tx& tx, const std::string& repair_id,
                                        const std::string& actor);

struct ReplayAttribution {
    std::int64_t from_ms = 0;  // sales that happened in [from, to)
    std::int64_t to_ms = 0;
    AttributionPolicy rules;
    std::string after_id;
    std::int64_t limit = 0;  // 1..kRepairedAtOnceMax
    std::string actor;
};

// What people decided stays. Money that was paid comes back as a negative carry.
RepairedAttribution replay_attribution(Tx& tx, const ReplayAttribution& input);

}  // namespace hw
