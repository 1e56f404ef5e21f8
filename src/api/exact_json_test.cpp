// SPDX-License-Identifier: Apache-2.0
#include "api/exact_json.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace hw {
namespace {

TEST(ExactJson, NumbersComeBackAsTheyWereWritten) {
    struct Row {
        std::string_view body;
        std::string_view expected;
    };
    const Row rows[] = {
        {R"({"a":0.1})", R"({"a":0.1})"},
        {R"({"a":12.340})", R"({"a":12.340})"},
        {R"({"a": [1.5, -2e3, 7, "8.5"] })", R"({"a":[1.5,-2e3,7,"8.5"]})"},
        {R"({"a":99999999999999999999.99})", R"({"a":99999999999999999999.99})"},
        {R"({"a \"1.5\" b":"\\\"2.5"})", R"({"a \"1.5\" b":"\\\"2.5"})"},
        {R"({"a":"","b":{}})", R"({"a":"","b":{}})"},
    };
    for (const auto& row : rows) {
        const auto body = parse_exact_object(row.body);
        ASSERT_TRUE(body) << row.body;
        EXPECT_EQ(serialize_exact(*body), row.expected);
    }
}

TEST(ExactJson, TextIsNotTakenForANumber) {
    struct Row {
        std::string body;
        std::string expected;  // the number's text; "-" for none
    };
    const Row rows[] = {
        {R"({"a":1.50})", "1.50"}, {R"({"a":7})", "7"},
        {R"({"a":-7})", "-7"},     {R"({"a":"1.50"})", "-"},
        {R"({"a":null})", "-"},    {R"({"a":18446744073709551615})", "18446744073709551615"},
    };
    for (const auto& row : rows) {
        const auto body = parse_exact_object(row.body);
        ASSERT_TRUE(body) << row.body;
        EXPECT_EQ(number_text(body->at("a")).value_or("-"), row.expected) << row.body;
    }
    EXPECT_FALSE(
        parse_exact_object("{\"a\":\"\xFF"
                           "1\"}"));
    EXPECT_FALSE(parse_exact_object("{"));
    EXPECT_FALSE(parse_exact_object("[1.5]"));
}

TEST(ExactJson, Ratios) {
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    struct Row {
        std::int64_t numerator;
        std::int64_t denominator;
        std::string_view expected;
    };
    const Row rows[] = {
        {1, 4, "0.25"},
        {1, 3, "0.333333"},
        {2, 3, "0.666667"},
        {6, 3, "2"},
        {0, 3, "0"},
        {5, 0, "null"},
        {-1, 2, "-0.5"},
        {-1, 3'000'000, "0"},
        {1, 2'000'000, "0.000001"},
        {kMost, 1, "9223372036854775807"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(serialize_exact(ratio_or_null(row.numerator, row.denominator)), row.expected);
    }
}

}  // namespace
}  // namespace hw
