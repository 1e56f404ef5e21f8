// SPDX-License-Identifier: Apache-2.0
// Which rollups a range of time is read from: the days that are closed, and the hours of the rest.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "store/rollup_days.hpp"

namespace hw {

struct HourRange {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;  // excluded
};

// Spans that together are the range, in order. No day is taken whole that one of `cuts` (sorted)
// divides.
std::vector<RollupSpan> rollup_spans(const HourRange& range, const ClosedDays& closed,
                                     std::span<const std::int64_t> cuts);

}  // namespace hw
