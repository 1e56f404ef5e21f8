// SPDX-License-Identifier: Apache-2.0
#include "base/civil_time.hpp"

#include <gtest/gtest.h>

#include <climits>
#include <random>

namespace hw {
namespace {

TEST(CivilTime, WritesTimes) {
    struct Row {
        std::int64_t at_ms;
        std::string_view expected;
    };
    const Row rows[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {1'767'323'045'678, "2026-01-02T03:04:05.678Z"},
        {951'782'400'000, "2000-02-29T00:00:00.000Z"},
        {4'107'542'399'999, "2100-02-28T23:59:59.999Z"},
        {253'402'300'799'999, "9999-12-31T23:59:59.999Z"},
        {253'402'300'800'000, "9999-12-31T23:59:59.999Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"},
        {INT64_MIN, "0000-01-01T00:00:00.000Z"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(time_text(row.at_ms), row.expected);
        EXPECT_EQ(date_text(row.at_ms), row.expected.substr(0, 10));
    }
}

TEST(CivilTime, ReadsTimes) {
    struct Row {
        std::string_view text;
        std::int64_t expected;
    };
    const Row rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-01-02T03:04:05.678Z", 1'767'323'045'678},
        {"2026-01-02t03:04:05.678z", 1'767'323'045'678},
        {"2026-01-02 03:04:05.678Z", 1'767'323'045'678},
        {"2026-01-02T03:04:05.678999Z", 1'767'323'045'678},
        {"2026-01-02T03:04:05.6Z", 1'767'323'045'600},
        {"2026-01-02T05:04:05.678+02:00", 1'767'323'045'678},
        {"2026-01-01T21:34:05.678-05:30", 1'767'323'045'678},
        {"2026-01-02T03:04:05+00:00", 1'767'323'045'000},
        {"2016-12-31T23:59:60Z", 1'483'228'800'000},
        {"2024-02-29T00:00:00Z", 1'709'164'800'000},
        {"1969-12-31T23:59:59.999Z", -1},
    };
    for (const auto& row : rows) EXPECT_EQ(parse_time(row.text), row.expected) << row.text;
}

TEST(CivilTime, RefusesOtherTexts) {
    const std::string_view rows[] = {
        "",
        "2026-01-02",
        "2026-01-02T03:04:05",
        "2026-01-02T03:04Z",
        "2026-01-02T24:00:00Z",
        "2026-01-02T03:60:00Z",
        "2026-01-02T03:04:61Z",
        "2026-01-02T03:04:05.Z",
        "2026-01-02T03:04:05,5Z",
        "2026-13-02T03:04:05Z",
        "2026-02-29T03:04:05Z",
        "2026-00-10T03:04:05Z",
        "26-01-02T03:04:05Z",
        "2026-01-02T03:04:05+0200",
        "2026-01-02T03:04:05+24:00",
        "2026-01-02T03:04:05Zx",
        " 2026-01-02T03:04:05Z",
        "1767323045678",
    };
    for (const auto text : rows) {
        const auto time = parse_time(text);
        ASSERT_FALSE(time.has_value()) << text;
        EXPECT_EQ(time.error().code, ErrorCode::UnprocessableEntity);
        EXPECT_TRUE(time.error().message.starts_with("'" + std::string(text) + "' is not a time"));
    }
}

TEST(CivilTime, ReadsDates) {
    EXPECT_EQ(parse_date("2026-01-02"), 1'767'312'000'000);
    EXPECT_EQ(parse_date("1970-01-01"), 0);
    for (const auto* text : {"", "2026-1-2", "2026-02-30", "2026-01-02T", "2026/01/02"}) {
        EXPECT_FALSE(parse_date(text).has_value()) << text;
    }
}

TEST(CivilTime, WhatIsWrittenIsReadBack) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::int64_t> times(-62'167'219'200'000, 253'402'300'799'999);
    for (int i = 0; i < 10'000; ++i) {
        const auto at_ms = times(random);
        EXPECT_EQ(parse_time(time_text(at_ms)), at_ms);
        EXPECT_EQ(parse_date(date_text(at_ms)), start_of_day_ms(at_ms));
    }
}

TEST(CivilTime, FindsTheStartOfHourAndDay) {
    struct Row {
        std::int64_t at_ms;
        std::int64_t expected_hour;
        std::int64_t expected_day;
    };
    const Row rows[] = {
        {0, 0, 0},
        {kHourMs - 1, 0, 0},
        {kHourMs, kHourMs, 0},
        {kDayMs + 1, kDayMs, kDayMs},
        {-1, -kHourMs, -kDayMs},
        {-kDayMs, -kDayMs, -kDayMs},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(start_of_hour_ms(row.at_ms), row.expected_hour);
        EXPECT_EQ(start_of_day_ms(row.at_ms), row.expected_day);
    }
}

TEST(CivilTime, FindsTheStartOfWeekAndMonth) {
    struct Row {
        std::string_view at;
        std::string_view expected_week;  // begins on Monday
        std::string_view expected_month;
    };
    const Row rows[] = {
        {"2026-11-21T10:00:00Z", "2026-11-16", "2026-11-01"},
        {"2026-11-16T00:00:00Z", "2026-11-16", "2026-11-01"},
        {"2026-11-15T23:59:59Z", "2026-11-09", "2026-11-01"},
        {"2026-01-01T00:00:00Z", "2025-12-29", "2026-01-01"},
        {"2024-02-29T12:00:00Z", "2024-02-26", "2024-02-01"},
        {"1970-01-01T00:00:00Z", "1969-12-29", "1970-01-01"},
    };
    for (const auto& row : rows) {
        const auto at_ms = *parse_time(row.at);
        EXPECT_EQ(date_text(start_of_week_ms(at_ms)), row.expected_week) << row.at;
        EXPECT_EQ(date_text(start_of_month_ms(at_ms)), row.expected_month) << row.at;
    }
}

TEST(CivilTime, CountsFullMonths) {
    struct Row {
        std::string_view from, to;
        std::int64_t expected;
    };
    const Row rows[] = {
        {"2026-01-15T12:00:00Z", "2026-01-15T12:00:00Z", 0},
        {"2026-01-15T12:00:00Z", "2026-02-15T11:59:59Z", 0},
        {"2026-01-15T12:00:00Z", "2026-02-15T12:00:00Z", 1},
        {"2026-01-31T00:00:00Z", "2026-02-27T23:00:00Z", 0},
        {"2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z", 1},  // its last day
        {"2024-02-29T00:00:00Z", "2025-02-28T00:00:00Z", 12},
        {"2025-12-31T00:00:00Z", "2027-01-01T00:00:00Z", 12},
        {"2026-03-01T00:00:00Z", "2026-01-31T00:00:00Z", -1},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(full_months_between(*parse_time(row.from), *parse_time(row.to)), row.expected)
            << row.from << " to " << row.to;
    }
}

}  // namespace
}  // namespace hw
