// SPDX-License-Identifier: Apache-2.0
#include "core/rollup_spans.hpp"

#include <algorithm>

#include "base/civil_time.hpp"

namespace hw {
namespace {

bool is_divided(std::int64_t day_ms, std::span<const std::int64_t> cuts) {
    const auto cut = std::ranges::upper_bound(cuts, day_ms);
    return cut != cuts.end() && *cut < day_ms + kDayMs;
}

void append(std::vector<RollupSpan>& spans, const RollupSpan& span) {
    if (span.from_ms >= span.to_ms) return;
    const bool goes_on = !spans.empty() && spans.back().rows == span.rows;
    if (goes_on) {
        spans.back().to_ms = span.to_ms;
    } else {
        spans.push_back(span);
    }
}

}  // namespace

std::vector<RollupSpan> rollup_spans(const HourRange& range, const ClosedDays& closed,
                                     std::span<const std::int64_t> cuts) {
    std::vector<RollupSpan> spans;
    const auto days_end_ms = std::min(start_of_day_ms(range.to_ms), closed.until_ms);
    auto at_ms = range.from_ms;
    for (auto day_ms = start_of_day_ms(range.from_ms + kDayMs - 1); day_ms < days_end_ms;
         day_ms += kDayMs) {
        if (std::ranges::binary_search(closed.open, day_ms) || is_divided(day_ms, cuts)) continue;
        append(spans, {at_ms, day_ms, RollupRows::Hours});
        append(spans, {day_ms, day_ms + kDayMs, RollupRows::Days});
        at_ms = day_ms + kDayMs;
    }
    append(spans, {at_ms, range.to_ms, RollupRows::Hours});
    return spans;
}

}  // namespace hw
