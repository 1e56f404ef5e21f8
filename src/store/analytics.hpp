// SPDX-License-Identifier: Apache-2.0
// Reads of rollups_hour: how much a value of a dimension earned, together and per hour. Ranges are
// whole hours, `to_ms` excluded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.hpp"
#include "store/counters.hpp"
#include "store/tx.hpp"

namespace hw {

struct HourRange {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;
};

struct ValueCounts {
    std::string value;
    RollupCounts counts;
};

// Of every value of the dimension that has any in that range.
std::vector<ValueCounts> sum_dimension(Tx& tx, std::string_view dimension, const HourRange& range);

// Of one value.
RollupCounts sum_value(Tx& tx, std::string_view dimension, std::string_view value,
                       const HourRange& range);
void each_hour_of_value(Tx& tx, std::string_view dimension, std::string_view value,
                        const HourRange& range,
                        FunctionRef<void(std::int64_t hour_ms, const RollupCounts&)> on_hour);

// Every value that the dimension ever had.
std::vector<std::string> values_of_dimension(Tx& tx, std::string_view dimension);

// When the workspace's first click, lead or sale was counted.
std::optional<std::int64_t> first_counted_hour(Tx& tx);

}  // namespace hw
