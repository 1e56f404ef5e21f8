// SPDX-License-Identifier: Apache-2.0
// Milliseconds since 1970-01-01 UTC to and from text, in the proleptic Gregorian calendar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hw {

inline constexpr std::int64_t kSecondMs = 1'000;
inline constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
inline constexpr std::int64_t kHourMs = 60 * kMinuteMs;
inline constexpr std::int64_t kDayMs = 24 * kHourMs;

// Times outside of the years 0000 to 9999 are written as the nearest one inside.
std::string date_text(std::int64_t at_ms);  // "2026-01-02"
std::string time_text(std::int64_t at_ms);  // "2026-01-02T03:04:05.678Z"

// "2026-01-02" as its first millisecond.
Result<std::int64_t> parse_date(std::string_view text);

// RFC 3339: date, "T", time, "Z" or offset. Digits beyond the millisecond are cut off, and the
// leap second 60 is the first second of the next minute.
Result<std::int64_t> parse_time(std::string_view text);

std::int64_t start_of_hour_ms(std::int64_t at_ms);
std::int64_t start_of_day_ms(std::int64_t at_ms);
std::int64_t start_of_week_ms(std::int64_t at_ms);  // Monday
std::int64_t start_of_month_ms(std::int64_t at_ms);

// Months that have passed in full; from January 31 to February 28 it is one. Negative when `to_ms`
// is earlier.
std::int64_t full_months_between(std::int64_t from_ms, std::int64_t to_ms);

}  // namespace hw
