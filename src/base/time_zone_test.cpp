// SPDX-License-Identifier: Apache-2.0
#include "base/time_zone.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/civil_time.hpp"

namespace hw {
namespace {

struct Start {
    const char* zone;
    CivilUnit unit;
    const char* at;
    const char* start;
    const char* next;
};

TEST(TimeZone, UnitsStartAndFollowAsInThatPlace) {
    using enum CivilUnit;
    const Start rows[] = {
        {"UTC", Hour, "2026-03-01T10:59:59.999Z", "2026-03-01T10:00:00.000Z",
         "2026-03-01T11:00:00.000Z"},
        {"UTC", Year, "2026-12-31T23:59:59Z", "2026-01-01T00:00:00.000Z",
         "2027-01-01T00:00:00.000Z"},
        {"Europe/Berlin", Day, "2026-09-20T22:30:00Z", "2026-09-20T22:00:00.000Z",
         "2026-09-21T22:00:00.000Z"},
        // The day when clocks go forward has 23 hours, the one when they go back 25.
        {"Europe/Berlin", Day, "2026-03-29T10:00:00Z", "2026-03-28T23:00:00.000Z",
         "2026-03-29T22:00:00.000Z"},
        {"Europe/Berlin", Day, "2026-10-25T10:00:00Z", "2026-10-24T22:00:00.000Z",
         "2026-10-25T23:00:00.000Z"},
        {"Europe/Berlin", Hour, "2026-10-25T01:30:00Z", "2026-10-25T01:00:00.000Z",
         "2026-10-25T02:00:00.000Z"},
        {"Asia/Kolkata", Hour, "2026-01-01T00:10:00Z", "2025-12-31T23:30:00.000Z",
         "2026-01-01T00:30:00.000Z"},
        {"America/New_York", Month, "2026-02-01T03:00:00Z", "2026-01-01T05:00:00.000Z",
         "2026-02-01T05:00:00.000Z"},
        {"America/New_York", Quarter, "2026-06-30T12:00:00Z", "2026-04-01T04:00:00.000Z",
         "2026-07-01T04:00:00.000Z"},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(std::string(row.zone) + " " + row.at);
        const auto zone = TimeZone::find(row.zone);
        ASSERT_TRUE(zone);
        const auto start_ms = zone->start_of(row.unit, parse_time(row.at).value());
        EXPECT_EQ(time_text(start_ms), row.start);
        EXPECT_EQ(time_text(zone->shifted(row.unit, start_ms, 1)), row.next);
        EXPECT_EQ(zone->shifted(row.unit, zone->shifted(row.unit, start_ms, 1), -1), start_ms);
    }
}

TEST(TimeZone, FindsNamesOnly) {
    EXPECT_TRUE(TimeZone::find("Etc/UTC"));
    EXPECT_FALSE(TimeZone::find("Europe/Atlantis"));
    EXPECT_FALSE(TimeZone::find(""));
    EXPECT_FALSE(TimeZone::find("../../etc/passwd"));
}

}  // namespace
}  // namespace hw
