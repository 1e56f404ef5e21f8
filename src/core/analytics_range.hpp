// SPDX-License-Identifier: Apache-2.0
// From when to when a caller wants to look, and the buckets of a time series in between (reference:
// dub, 2.12).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time_zone.hpp"

namespace hw {

struct AskedRange {
    std::string interval;              // 24h 7d 30d 90d 1y mtd qtd ytd all; without start and end
    std::optional<std::string> start;  // a date of the time zone, or a time
    std::optional<std::string> end;
    std::string timezone = "UTC";
};

struct TimeRange {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;  // excluded
    CivilUnit granularity = CivilUnit::Day;
    TimeZone zone = TimeZone::utc();
};

inline constexpr std::string_view kIntervalAll = "all";

// `first_ms` is when anything was counted first: "all" begins there. Intervals begin where a bucket
// begins, so that the first one is whole. 422 for what cannot be read or ends before it begins.
Result<TimeRange> read_range(const AskedRange& asked, std::int64_t now_ms, std::int64_t first_ms);

// The starts of the buckets; the first is that of the bucket which `from_ms` falls in.
std::vector<std::int64_t> bucket_starts(const TimeRange& range);

}  // namespace hw
