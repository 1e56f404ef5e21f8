// SPDX-License-Identifier: Apache-2.0
#include "base/decimal.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(Decimal, WhatIsOne) {
    struct Case {
        std::string_view text;
        bool is_one;
    };
    const Case cases[] = {{"0", true},      {"12", true},   {"-1.5", true}, {"+3.25", true},
                          {"007", true},    {"", false},    {"-", false},   {".5", false},
                          {"5.", false},    {"1e3", false}, {" 1", false},  {"1,5", false},
                          {"1.2.3", false}, {"NaN", false}};
    for (const auto& c : cases) EXPECT_EQ(is_decimal(c.text), c.is_one) << c.text;
}

TEST(Decimal, Compared) {
    struct Case {
        std::string_view a;
        std::string_view b;
        std::strong_ordering expected;
    };
    const Case cases[] = {
        {"1", "1.0", std::strong_ordering::equal},
        {"-0", "0", std::strong_ordering::equal},
        {"007.10", "7.1", std::strong_ordering::equal},
        {"9", "10", std::strong_ordering::less},
        {"0.9", "0.10", std::strong_ordering::greater},
        {"-2", "-10", std::strong_ordering::greater},
        {"-1", "1", std::strong_ordering::less},
        {"123456789012345678901234567890", "123456789012345678901234567891",
         std::strong_ordering::less},
        {"0.1", "0.10000000000000000000000001", std::strong_ordering::less},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(compare_decimals(c.a, c.b), c.expected) << c.a << " " << c.b;
        const auto turned = compare_decimals(c.b, c.a);
        EXPECT_EQ(turned, 0 <=> c.expected) << c.b << " " << c.a;
    }
    EXPECT_EQ(compare_decimals("1", "x"), std::nullopt);
    EXPECT_EQ(compare_decimals("", "1"), std::nullopt);
}

}  // namespace
}  // namespace hw
