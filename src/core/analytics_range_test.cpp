// SPDX-License-Identifier: Apache-2.0
#include "core/analytics_range.hpp"

#include <gtest/gtest.h>

#include "base/civil_time.hpp"

namespace hw {
namespace {

constexpr auto kNow = "2026-05-20T10:30:00Z";
constexpr auto kFirst = "2026-01-05T07:00:00Z";

struct Row {
    const char* interval;
    const char* start;
    const char* end;
    const char* zone;
    const char* from;
    const char* to;
    std::size_t buckets;
};

TEST(AnalyticsRange, BeginsWithABucketAndEndsNow) {
    const Row rows[] = {
        {"24h", nullptr, nullptr, "UTC", "2026-05-19T11:00:00.000Z", "2026-05-20T10:30:00.001Z",
         24},
        {"7d", nullptr, nullptr, "UTC", "2026-05-14T00:00:00.000Z", "2026-05-20T10:30:00.001Z", 7},
        {"30d", nullptr, nullptr, "Europe/Berlin", "2026-04-20T22:00:00.000Z",
         "2026-05-20T10:30:00.001Z", 30},
        {"90d", nullptr, nullptr, "UTC", "2026-02-20T00:00:00.000Z", "2026-05-20T10:30:00.001Z",
         90},
        {"1y", nullptr, nullptr, "UTC", "2025-06-01T00:00:00.000Z", "2026-05-20T10:30:00.001Z", 12},
        {"mtd", nullptr, nullptr, "UTC", "2026-05-01T00:00:00.000Z", "2026-05-20T10:30:00.001Z",
         20},
        {"qtd", nullptr, nullptr, "UTC", "2026-04-01T00:00:00.000Z", "2026-05-20T10:30:00.001Z",
         50},
        {"ytd", nullptr, nullptr, "UTC", "2026-01-01T00:00:00.000Z", "2026-05-20T10:30:00.001Z", 5},
        {"all", nullptr, nullptr, "UTC", "2026-01-05T07:00:00.000Z", "2026-05-20T10:30:00.001Z", 5},
        {"24h", "2026-01-01", "2026-01-02", "UTC", "2026-01-01T00:00:00.000Z",
         "2026-01-03T00:00:00.000Z", 48},
        {"24h", "2026-01-01", "2026-01-31", "Asia/Kolkata", "2025-12-31T18:30:00.000Z",
         "2026-01-31T18:30:00.000Z", 31},
        {"", "2026-01-01T10:00:00", "2026-01-01T12:00:00.000Z", "Europe/Berlin",
         "2026-01-01T09:00:00.000Z", "2026-01-01T12:00:00.001Z", 4},
        {"", "2025-01-01", nullptr, "UTC", "2025-01-01T00:00:00.000Z", "2026-05-20T10:30:00.001Z",
         17},
        {"", "0001-01-01", "9999-01-01", "UTC", "2022-09-22T00:00:00.000Z",
         "2027-05-21T10:30:00.000Z", 57},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(std::string(row.interval) + " " + row.from);
        AskedRange asked{.interval = row.interval, .start = {}, .end = {}, .timezone = row.zone};
        if (row.start != nullptr) asked.start = row.start;
        if (row.end != nullptr) asked.end = row.end;
        const auto range = read_range(asked, parse_time(kNow).value(), parse_time(kFirst).value());
        ASSERT_TRUE(range) << range.error().message;
        EXPECT_EQ(time_text(range->from_ms), row.from);
        EXPECT_EQ(time_text(range->to_ms), row.to);
        EXPECT_EQ(bucket_starts(*range).size(), row.buckets);
    }
}

TEST(AnalyticsRange, RefusesWhatCannotBeRead) {
    const AskedRange rows[] = {{"2h", {}, {}, "UTC"},
                               {"24h", {}, {}, "Europe/Atlantis"},
                               {"24h", "tomorrow", {}, "UTC"},
                               {"24h", "2026-02-02", "2026-01-01", "UTC"},
                               {"24h", {}, "2026-13-01", "UTC"}};
    for (const auto& asked : rows) {
        const auto range = read_range(asked, parse_time(kNow).value(), 0);
        ASSERT_FALSE(range);
        EXPECT_EQ(range.error().code, ErrorCode::UnprocessableEntity);
    }
}

}  // namespace
}  // namespace hw
