// SPDX-License-Identifier: Apache-2.0
// Reads of the rollups: how much a value of a dimension earned, together and per hour or day.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.hpp"
#include "store/counters.hpp"
#include "store/tx.hpp"

namespace hw {

enum class RollupRows : std::uint8_t { Hours, Days };

// Whole hours, or whole days that are closed (store/rollup_days.hpp); `to_ms` is excluded.
struct RollupSpan {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;
    RollupRows rows = RollupRows::Hours;
};

struct ValueCounts {
    std::string value;
    RollupCounts counts;
};

// Some of the values that the dimension ever had, in their order, from that one on.
struct ValuePage {
    std::vector<std::string> values;
    std::optional<std::string> next;  // where the next page starts
};
ValuePage list_values(Tx& tx, std::string_view dimension, std::string_view from,
                      std::size_t at_most);

// In the order of the values. Those that earned nothing in that time are left out.
std::vector<ValueCounts> sum_values(Tx& tx, std::string_view dimension,
                                    std::span<const std::string> values, const RollupSpan& span);

// Row by row. A day's stands at its start.
void each_row_of_value(Tx& tx, std::string_view dimension, std::string_view value,
                       const RollupSpan& span,
                       FunctionRef<void(std::int64_t at_ms, const RollupCounts&)> on_row);

// What links earned since ever, from link_totals, in the order of their ids.
struct TotalsPage {
    std::vector<ValueCounts> totals;
    std::optional<std::string> next;
};
TotalsPage list_link_totals(Tx& tx, std::string_view from, std::size_t at_most);

// Those of the ids that are links, in their order.
std::vector<std::string> list_existing_links(Tx& tx, std::span<const std::string> link_ids);

// The hours of the workspace's first and last click, lead or sale.
std::optional<std::int64_t> first_counted_hour(Tx& tx);
std::optional<std::int64_t> last_counted_hour(Tx& tx);

}  // namespace hw
