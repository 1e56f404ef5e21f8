// SPDX-License-Identifier: Apache-2.0
#include "base/time_zone.hpp"

#include <date/tz.h>

#include <algorithm>

#include "base/civil_time.hpp"

namespace hw {
namespace {

using Ms = std::chrono::milliseconds;

date::year_month_day civil_day(std::int64_t wall_ms) {
    return date::year_month_day{date::floor<date::days>(date::local_time<Ms>{Ms{wall_ms}})};
}

std::int64_t wall_ms_of(const date::year_month_day& day) {
    return date::local_days{day}.time_since_epoch().count() * kDayMs;
}

unsigned months_of(CivilUnit unit) {
    if (unit == CivilUnit::Year) return 12;
    return unit == CivilUnit::Quarter ? 3 : 1;
}

}  // namespace

TimeZone TimeZone::utc() {
    return TimeZone(nullptr);
}

std::optional<TimeZone> TimeZone::find(std::string_view name) {
    if (name == "UTC") return utc();
    const auto& zones = date::get_tzdb().zones;
    const auto zone = std::ranges::find(zones, name, &date::time_zone::name);
    if (zone == zones.end()) return std::nullopt;
    return TimeZone(&*zone);
}

std::int64_t TimeZone::to_wall_ms(std::int64_t at_ms) const {
    if (zone_ == nullptr) return at_ms;
    const date::sys_time<Ms> at{Ms{at_ms}};
    return at_ms + std::chrono::duration_cast<Ms>(zone_->get_info(at).offset).count();
}

std::int64_t TimeZone::from_wall_ms(std::int64_t wall_ms) const {
    if (zone_ == nullptr) return wall_ms;
    const auto at = zone_->to_sys(date::local_time<Ms>{Ms{wall_ms}}, date::choose::earliest);
    return at.time_since_epoch().count();
}

std::int64_t TimeZone::start_of(CivilUnit unit, std::int64_t at_ms) const {
    const auto wall_ms = to_wall_ms(at_ms);
    // The same hour may come twice on a clock, so its start is not asked of the clock.
    if (unit == CivilUnit::Hour) return at_ms - (wall_ms - start_of_hour_ms(wall_ms));
    if (unit == CivilUnit::Day) return from_wall_ms(start_of_day_ms(wall_ms));
    const auto day = civil_day(wall_ms);
    const auto month = static_cast<unsigned>(day.month()) - 1;
    const auto first = month - month % months_of(unit) + 1;
    return from_wall_ms(wall_ms_of(day.year() / date::month{first} / 1));
}

std::int64_t TimeZone::shifted(CivilUnit unit, std::int64_t start_ms, int count) const {
    if (unit == CivilUnit::Hour) return start_of(unit, start_ms + count * kHourMs);
    const auto wall_ms = to_wall_ms(start_ms);
    if (unit == CivilUnit::Day) return from_wall_ms(start_of_day_ms(wall_ms) + count * kDayMs);
    const auto months = date::months{count * static_cast<int>(months_of(unit))};
    const auto first = civil_day(wall_ms);
    return from_wall_ms(wall_ms_of((first.year() / first.month() / 1) + months));
}

}  // namespace hw
