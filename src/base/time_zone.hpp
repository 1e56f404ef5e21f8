// SPDX-License-Identifier: Apache-2.0
// Days, months and years as a place on earth has them: IANA time zones from the system's files.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace date {
class time_zone;  // NOLINT(readability-identifier-naming): its library calls it so
}

namespace hw {

enum class CivilUnit : std::uint8_t { Hour, Day, Month, Quarter, Year };

class TimeZone {
  public:
    static TimeZone utc();
    static std::optional<TimeZone> find(std::string_view name);  // "Europe/Berlin"

    // The first millisecond of the unit that `at_ms` falls in.
    std::int64_t start_of(CivilUnit unit, std::int64_t at_ms) const;

    // The start of the unit `count` units later; earlier when it is negative.
    std::int64_t shifted(CivilUnit unit, std::int64_t start_ms, int count) const;

    // What a clock on the wall showed, as milliseconds since 1970-01-01 on that clock. Of two such
    // moments the earlier one; one that the clock skipped is the end of the gap.
    std::int64_t from_wall_ms(std::int64_t wall_ms) const;

  private:
    explicit TimeZone(const date::time_zone* zone) : zone_(zone) {}

    std::int64_t to_wall_ms(std::int64_t at_ms) const;

    const date::time_zone* zone_;  // null: UTC
};

}  // namespace hw
