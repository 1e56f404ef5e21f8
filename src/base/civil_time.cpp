// SPDX-License-Identifier: Apache-2.0
#include "base/civil_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "base/utf8.hpp"

namespace hw {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t first_day(int year) {
    const auto days = sys_days{std::chrono::year{year} / 1 / 1};
    return days.time_since_epoch().count();
}

constexpr std::int64_t kTimeMinMs = first_day(0) * kDayMs;
constexpr std::int64_t kTimeMaxMs = first_day(10'000) * kDayMs - 1;

std::int64_t floor_to(std::int64_t at_ms, std::int64_t unit_ms) {
    const auto past = at_ms % unit_ms;
    return past < 0 ? at_ms - past - unit_ms : at_ms - past;
}

year_month_day civil_day(std::int64_t at_ms) {
    const auto days = floor_to(at_ms, kDayMs) / kDayMs;
    return year_month_day{sys_days{std::chrono::days{days}}};
}

std::optional<int> take_number(std::string_view& rest, std::size_t digits) {
    if (rest.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : rest.substr(0, digits)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    rest.remove_prefix(digits);
    return value;
}

bool take(std::string_view& rest, std::string_view any_of) {
    if (rest.empty() || !any_of.contains(rest.front())) return false;
    rest.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> take_date(std::string_view& rest) {
    const auto year = take_number(rest, 4);
    if (!year || !take(rest, "-")) return std::nullopt;
    const auto month = take_number(rest, 2);
    if (!month || !take(rest, "-")) return std::nullopt;
    const auto day = take_number(rest, 2);
    if (!day) return std::nullopt;
    const year_month_day date{std::chrono::year{*year},
                              std::chrono::month{static_cast<unsigned>(*month)},
                              std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return sys_days{date}.time_since_epoch().count() * kDayMs;
}

std::optional<std::int64_t> take_fraction(std::string_view& rest) {
    if (!take(rest, ".")) return 0;
    std::int64_t value_ms = 0;
    std::size_t digits = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits) {
        if (digits < 3) value_ms = value_ms * 10 + (rest[digits] - '0');
    }
    if (digits == 0) return std::nullopt;
    rest.remove_prefix(digits);
    for (auto place = digits; place < 3; ++place) value_ms *= 10;
    return value_ms;
}

std::optional<std::int64_t> take_clock(std::string_view& rest) {
    const auto hour = take_number(rest, 2);
    if (!hour || *hour > 23 || !take(rest, ":")) return std::nullopt;
    const auto minute = take_number(rest, 2);
    if (!minute || *minute > 59 || !take(rest, ":")) return std::nullopt;
    const auto second = take_number(rest, 2);
    if (!second || *second > 60) return std::nullopt;
    const auto fraction_ms = take_fraction(rest);
    if (!fraction_ms) return std::nullopt;
    return *hour * kHourMs + *minute * kMinuteMs + *second * kSecondMs + *fraction_ms;
}

std::optional<std::int64_t> take_offset(std::string_view& rest) {
    if (take(rest, "Zz")) return 0;
    const bool west = rest.starts_with('-');
    if (!take(rest, "+-")) return std::nullopt;
    const auto hour = take_number(rest, 2);
    if (!hour || *hour > 23 || !take(rest, ":")) return std::nullopt;
    const auto minute = take_number(rest, 2);
    if (!minute || *minute > 59) return std::nullopt;
    const auto offset_ms = *hour * kHourMs + *minute * kMinuteMs;
    return west ? -offset_ms : offset_ms;
}

std::unexpected<Error> refuse(std::string_view text, std::string_view wanted) {
    constexpr std::size_t kShownMax = 40;
    const auto shown = valid_utf8(text.substr(0, kShownMax));
    return fail(ErrorCode::UnprocessableEntity, fmt::format("'{}' is not {}", shown, wanted));
}

}  // namespace

std::string date_text(std::int64_t at_ms) {
    const auto day = civil_day(std::clamp(at_ms, kTimeMinMs, kTimeMaxMs));
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::string time_text(std::int64_t at_ms) {
    at_ms = std::clamp(at_ms, kTimeMinMs, kTimeMaxMs);
    const auto past_ms = at_ms - floor_to(at_ms, kDayMs);
    return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", date_text(at_ms), past_ms / kHourMs,
                       past_ms / kMinuteMs % 60, past_ms / kSecondMs % 60, past_ms % kSecondMs);
}

Result<std::int64_t> parse_date(std::string_view text) {
    auto rest = text;
    const auto date_ms = take_date(rest);
    if (!date_ms || !rest.empty()) return refuse(text, "a date such as 2026-01-02");
    return *date_ms;
}

Result<std::int64_t> parse_time(std::string_view text) {
    constexpr std::string_view kWanted = "a time such as 2026-01-02T03:04:05Z";
    auto rest = text;
    const auto date_ms = take_date(rest);
    if (!date_ms || !take(rest, "Tt ")) return refuse(text, kWanted);
    const auto clock_ms = take_clock(rest);
    if (!clock_ms) return refuse(text, kWanted);
    const auto offset_ms = take_offset(rest);
    if (!offset_ms || !rest.empty()) return refuse(text, kWanted);
    return *date_ms + *clock_ms - *offset_ms;
}

std::int64_t start_of_hour_ms(std::int64_t at_ms) {
    return floor_to(at_ms, kHourMs);
}

std::int64_t start_of_day_ms(std::int64_t at_ms) {
    return floor_to(at_ms, kDayMs);
}

std::int64_t start_of_week_ms(std::int64_t at_ms) {
    constexpr std::int64_t kFirstMondayMs = 4 * kDayMs;  // 1970-01-05
    return floor_to(at_ms - kFirstMondayMs, 7 * kDayMs) + kFirstMondayMs;
}

std::int64_t start_of_month_ms(std::int64_t at_ms) {
    const auto day = civil_day(at_ms);
    return sys_days{day.year() / day.month() / 1}.time_since_epoch().count() * kDayMs;
}

std::int64_t full_months_between(std::int64_t from_ms, std::int64_t to_ms) {
    if (to_ms < from_ms) return -full_months_between(to_ms, from_ms);
    const auto months_of = [](const year_month_day& day) {
        return std::int64_t{static_cast<int>(day.year())} * 12 + static_cast<unsigned>(day.month());
    };
    const auto from = civil_day(from_ms);
    const auto to = civil_day(to_ms);
    const auto months = months_of(to) - months_of(from);
    // The last day of a month is a full one for all that began later in theirs.
    const bool is_last = to == to.year() / to.month() / std::chrono::last;
    const auto since_day = [](const year_month_day& day, std::int64_t at_ms) {
        return std::pair(static_cast<unsigned>(day.day()), at_ms - start_of_day_ms(at_ms));
    };
    const auto [from_day, from_time_ms] = since_day(from, from_ms);
    const auto [to_day, to_time_ms] = since_day(to, to_ms);
    const bool day_reached = to_day > from_day ||
                             (to_day == from_day && to_time_ms >= from_time_ms) ||
                             (is_last && to_day < from_day && to_time_ms >= from_time_ms);
    return day_reached ? months : months - 1;
}

}  // namespace hw
