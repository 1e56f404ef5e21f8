// SPDX-License-Identifier: Apache-2.0
#include "core/analytics_range.hpp"

#include <algorithm>
#include <array>

#include "base/civil_time.hpp"

namespace hw {
namespace {

struct Interval {
    std::string_view name;
    CivilUnit unit;  // of what is counted back
    int count;       // units before the one that now falls in
    CivilUnit granularity;
};

constexpr std::array<Interval, 8> kIntervals{{
    {"24h", CivilUnit::Hour, 23, CivilUnit::Hour},
    {"7d", CivilUnit::Day, 6, CivilUnit::Day},
    {"30d", CivilUnit::Day, 29, CivilUnit::Day},
    {"90d", CivilUnit::Day, 89, CivilUnit::Day},
    {"1y", CivilUnit::Month, 11, CivilUnit::Month},
    {"mtd", CivilUnit::Month, 0, CivilUnit::Day},
    {"qtd", CivilUnit::Quarter, 0, CivilUnit::Day},
    {"ytd", CivilUnit::Year, 0, CivilUnit::Month},
}};

// Nobody counted before; it bounds how many buckets there can be.
constexpr std::int64_t kEarliestMs = 1'663'804'800'000;  // 2022-09-22
constexpr std::int64_t kFutureMaxMs = 366 * kDayMs;
constexpr std::int64_t kHoursUpToMs = 2 * kDayMs;
constexpr std::int64_t kDaysUpToMs = 180 * kDayMs;

std::unexpected<Error> refuse(std::string message) {
    return fail(ErrorCode::UnprocessableEntity, std::move(message), "invalid_range");
}

struct Moment {
    std::int64_t at_ms;
    bool is_date;
};

// A date is one of the time zone, and so is a time that names no offset.
Result<Moment> read_moment(const std::string& text, std::string_view name, const TimeZone& zone) {
    if (const auto date_ms = parse_date(text)) return Moment{zone.from_wall_ms(*date_ms), true};
    if (const auto at_ms = parse_time(text)) return Moment{*at_ms, false};
    if (const auto wall_ms = parse_time(text + "Z")) {
        return Moment{zone.from_wall_ms(*wall_ms), false};
    }
    return refuse("invalid_format: " + std::string(name) +
                  ": Invalid date: give one such as 2026-01-02 or 2026-01-02T03:04:05Z");
}

CivilUnit granularity_of(std::int64_t length_ms) {
    if (length_ms <= kHoursUpToMs) return CivilUnit::Hour;
    return length_ms <= kDaysUpToMs ? CivilUnit::Day : CivilUnit::Month;
}

Result<TimeRange> read_moments(const AskedRange& asked, TimeRange range, std::int64_t now_ms,
                               std::int64_t first_ms) {
    range.to_ms = now_ms + 1;
    if (asked.end) {
        const auto end = HW_TRY(read_moment(*asked.end, "end", range.zone));
        // The last day is wanted as a whole, and so is the last millisecond.
        range.to_ms =
            end.is_date ? range.zone.shifted(CivilUnit::Day, end.at_ms, 1) : end.at_ms + 1;
    }
    range.from_ms = range.zone.shifted(CivilUnit::Day, range.to_ms - 1, -29);
    if (asked.start) {
        range.from_ms = HW_TRY(read_moment(*asked.start, "start", range.zone)).at_ms;
    }
    if (range.from_ms >= range.to_ms) {
        return refuse("custom: start: The start must be before the end.");
    }
    range.from_ms = std::max(range.from_ms, std::min(first_ms, kEarliestMs));
    range.to_ms = std::clamp(range.to_ms, range.from_ms, now_ms + kFutureMaxMs);
    range.granularity = granularity_of(range.to_ms - range.from_ms);
    return range;
}

}  // namespace

Result<TimeRange> read_range(const AskedRange& asked, std::int64_t now_ms, std::int64_t first_ms) {
    const auto zone = TimeZone::find(asked.timezone);
    if (!zone) {
        return refuse(
            "invalid_value: timezone: Invalid time zone: give an IANA name such as "
            "Europe/Berlin");
    }
    TimeRange range{.zone = *zone};
    if (asked.start || asked.end) return read_moments(asked, range, now_ms, first_ms);
    range.to_ms = now_ms + 1;
    if (asked.interval == kIntervalAll) {
        range.from_ms = std::min(first_ms, now_ms);
        range.granularity = CivilUnit::Month;
        return range;
    }
    const auto interval = std::ranges::find(kIntervals, asked.interval, &Interval::name);
    if (interval == kIntervals.end()) {
        return refuse(
            "invalid_value: interval: Invalid option: expected one of "
            "\"24h\"|\"7d\"|\"30d\"|\"90d\"|\"1y\"|\"mtd\"|\"qtd\"|\"ytd\"|\"all\"");
    }
    range.from_ms =
        zone->shifted(interval->unit, zone->start_of(interval->unit, now_ms), -interval->count);
    range.granularity = interval->granularity;
    return range;
}

std::vector<std::int64_t> bucket_starts(const TimeRange& range) {
    std::vector<std::int64_t> starts;
    auto start_ms = range.zone.start_of(range.granularity, range.from_ms);
    while (start_ms < range.to_ms) {
        starts.push_back(start_ms);
        start_ms = range.zone.shifted(range.granularity, start_ms, 1);
    }
    return starts;
}

}  // namespace hw
