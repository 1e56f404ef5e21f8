// SPDX-License-Identifier: Apache-2.0
#include "core/journey.hpp"

#include <gtest/gtest.h>

#include "tests/fixture/attribution_files.hpp"

namespace hw {
namespace {

TEST(Journey, PathTakesRepeatsInARowAsOne) {
    struct Row {
        Path channels;
        Path expected;
    };
    const std::vector<Row> rows{
        {{}, {}},
        {{"a"}, {"a"}},
        {{"a", "a", "a"}, {"a"}},
        {{"a", "a", "b", "b", "a"}, {"a", "b", "a"}},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(path_of(testing::journey_of(row.channels, {}), CreditBy::Channel), row.expected);
    }
}

TEST(Journey, TouchesStandInTheOrderOfTheirTimeAndId) {
    Journey journey;
    for (const auto& [id, at_ms] : std::vector<std::pair<std::string, std::int64_t>>{
             {"c", 2}, {"b", 2}, {"z", 1}, {"a", 3}}) {
        auto& touch = journey.touches.emplace_back();
        touch.touch_id = id;
        touch.at_ms = at_ms;
        touch.channel = id;
    }
    put_in_order(journey);
    EXPECT_EQ(path_of(journey, CreditBy::Channel), (Path{"z", "b", "c", "a"}));
}

TEST(Journey, KeysAreOfWhatIsCredited) {
    JourneyTouch touch;
    touch.channel = "email";
    touch.source = "news";
    touch.campaign = "spring";
    touch.link_id = "link_1";
    touch.partner_id = "pn_1";
    struct Row {
        std::string name;
        std::string expected;
    };
    for (const auto& row : std::vector<Row>{{"channel", "email"},
                                            {"source", "news"},
                                            {"campaign", "spring"},
                                            {"link", "link_1"},
                                            {"partner", "pn_1"}}) {
        const auto by = credit_by_of(row.name);
        ASSERT_TRUE(by.has_value());
        EXPECT_EQ(name_of(*by), row.name);
        EXPECT_EQ(credit_key(touch, *by), row.expected);
    }
    EXPECT_FALSE(credit_by_of("weather").has_value());
}

TEST(Journey, CountsPathsByWhetherTheyConverted) {
    const auto counts = testing::counts_of(testing::own_journeys());
    std::int64_t converting = 0;
    std::int64_t other = 0;
    for (const auto& [path, count] : counts) {
        converting += count.converting;
        other += count.other;
    }
    EXPECT_EQ(converting, 114);
    EXPECT_EQ(other, 886);
    PathCounts none;
    count_path(none, Journey{}, CreditBy::Channel);
    EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace hw
