// SPDX-License-Identifier: Apache-2.0
// What core/verify_books reads: the facts in the order of their ids, the derived numbers, and the
// rules between tables that SQL can check by itself. All of one workspace, in pieces, so that ten
// million rows take time but no memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/counters.hpp"
#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

// The touches that were added to the counts.
void each_counted_touch(Tx& tx, std::string_view workspace_id,
                        FunctionRef<void(const Touch&)> on_touch);

// A conversion as its current decision has it. Orphans are left out.
struct DecidedConversion {
    std::string conversion_id;
    std::string kind;  // "lead" or "purchase"
    std::int64_t occurred_at_ms = 0;
    std::int64_t amount = 0;  // reporting currency; 0 while no rate is known
    std::string link_id;
    std::optional<Touch> touch;  // set when the decision names one that is still stored
    bool first_sale = false;     // of its customer on its link, by customer_links
};
void each_decided_conversion(Tx& tx, std::string_view workspace_id,
                             FunctionRef<void(const DecidedConversion&)> on_conversion);

// The derived rows, summed over `slot`.
void each_link_total(Tx& tx, std::string_view workspace_id,
                     FunctionRef<void(std::string_view link_id, const LinkCounts&)> on_total);

// Links that a conversion was moved away from. Their times of the last lead and conversion stay.
std::vector<std::string> links_left(Tx& tx, std::string_view workspace_id);

// The key lives as long as the call.
void each_rollup(Tx& tx, std::string_view workspace_id,
                 FunctionRef<void(const RollupKey&, const RollupCounts&)> on_rollup);

// As each_rollup, of the days. Those of days that are not closed mean nothing.
void each_day_rollup(Tx& tx, std::string_view workspace_id,
                     FunctionRef<void(const RollupKey&, const RollupCounts&)> on_rollup);

struct Difference {
    std::string table;
    std::string key;
    std::string expected;
    std::string found;
};

// Decisions without a gap, names of payments and leads that lead to their conversion, and what
// customers bought.
void each_difference(Tx& tx, std::string_view workspace_id,
                     FunctionRef<void(Difference)> on_difference);

}  // namespace hw
