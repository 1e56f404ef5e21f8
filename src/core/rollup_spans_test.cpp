// SPDX-License-Identifier: Apache-2.0
#include "core/rollup_spans.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "base/civil_time.hpp"

namespace hw {
namespace {

// Times are hours since 1970; the expected spans are of days (d) and hours (h).
struct Row {
    const char* name;
    std::int64_t from;
    std::int64_t to;
    std::int64_t closed_until;
    std::vector<std::int64_t> open;
    std::vector<std::int64_t> cuts;
    std::string expected;
};

std::vector<std::int64_t> in_ms(std::vector<std::int64_t> hours) {
    for (auto& hour : hours) hour *= kHourMs;
    return hours;
}

TEST(RollupSpans, Table) {
    const std::vector<Row> rows{
        {"nothing is closed", 5, 100, 0, {}, {}, "h5-100"},
        {"empty range", 48, 48, 96, {}, {}, ""},
        {"closed days", 24, 72, 96, {}, {}, "d24-72"},
        {"part of days at both ends", 5, 75, 96, {}, {}, "h5-24 d24-72 h72-75"},
        {"within a day", 25, 47, 96, {}, {}, "h25-47"},
        {"within two days", 25, 71, 96, {}, {}, "h25-71"},
        {"later than the closed", 24, 120, 72, {}, {}, "d24-72 h72-120"},
        {"all later", 72, 120, 72, {}, {}, "h72-120"},
        {"an open day", 0, 96, 96, {24}, {}, "d0-24 h24-48 d48-96"},
        {"open days at the ends", 0, 96, 96, {0, 72}, {}, "h0-24 d24-72 h72-96"},
        {"cuts between days", 0, 96, 96, {}, {0, 24, 48, 72}, "d0-96"},
        {"cuts in days", 0, 96, 96, {}, {5, 29, 53, 77}, "h0-96"},
        {"a cut in a day", 0, 96, 96, {}, {5, 72}, "h0-24 d24-96"},
        {"before 1970", -30, 30, 48, {}, {}, "h-30--24 d-24-24 h24-30"},
    };
    for (const auto& row : rows) {
        std::string found;
        for (const auto& [from_ms, to_ms, of] :
             rollup_spans({row.from * kHourMs, row.to * kHourMs},
                          {row.closed_until * kHourMs, in_ms(row.open)}, in_ms(row.cuts))) {
            found +=
                fmt::format("{}{}{}-{}", found.empty() ? "" : " ",
                            of == RollupRows::Days ? "d" : "h", from_ms / kHourMs, to_ms / kHourMs);
        }
        EXPECT_EQ(found, row.expected) << row.name;
    }
}

}  // namespace
}  // namespace hw
