// SPDX-License-Identifier: Apache-2.0
#include "base/money.hpp"

#include <gtest/gtest.h>

#include <climits>
#include <random>

namespace hw {
namespace {

TEST(CurrencyExponent, FollowsIso4217) {
    struct Row {
        std::string_view code;
        std::optional<int> expected;
    };
    const Row rows[] = {
        {"usd", 2},  {"eur", 2},   {"mga", 2},  {"mru", 2},  {"huf", 2},           {"twd", 2},
        {"jpy", 0},  {"ugx", 0},   {"isk", 0},  {"xpf", 0},  {"bif", 0},           {"vnd", 0},
        {"bhd", 3},  {"kwd", 3},   {"tnd", 3},  {"iqd", 3},  {"clf", 4},           {"uyw", 4},
        {"zwg", 2},  {"hrk", 2},   {"xcg", 2},  {"aed", 2},  {"USD", {}},          {"", {}},
        {"us", {}},  {"usdx", {}}, {"xyz", {}}, {"u d", {}}, {"\xff\xff\xff", {}}, {"aaa", {}},
        {"zzz", {}},
    };
    for (const auto& row : rows) EXPECT_EQ(currency_exponent(row.code), row.expected) << row.code;
}

TEST(ParseMinorUnits, IsExact) {
    struct Row {
        std::string_view text;
        std::string_view currency;
        std::int64_t expected;
    };
    const Row rows[] = {
        {"99.99", "usd", 9999},
        {"1130.6", "usd", 113060},
        {"64.1", "usd", 6410},
        {"0", "usd", 0},
        {"-0", "usd", 0},
        {"0.00", "usd", 0},
        {"0e999999999999", "usd", 0},
        {"-12.34", "usd", -1234},
        {"1e2", "usd", 10000},
        {"1E+2", "usd", 10000},
        {"1.5e-1", "usd", 15},
        {"1234e-2", "usd", 1234},
        {"12.3400000", "usd", 1234},
        {"1580", "jpy", 1580},
        {"1580.000", "jpy", 1580},
        {"1.234", "kwd", 1234},
        {"1.2345", "clf", 12345},
        {"007", "usd", 700},
        {"92233720368547758.07", "usd", INT64_MAX},
        {"-92233720368547758.08", "usd", INT64_MIN},
        {"9223372036854775807", "jpy", INT64_MAX},
    };
    for (const auto& row : rows) {
        const auto amount = parse_minor_units(row.text, row.currency);
        ASSERT_TRUE(amount.has_value()) << row.text << ": " << amount.error().message;
        EXPECT_EQ(*amount, row.expected) << row.text;
    }
}

TEST(ParseMinorUnits, RefusesAndNamesTheValue) {
    struct Row {
        std::string_view text;
        std::string_view currency;
        std::string_view expected_message;
    };
    const Row rows[] = {
        {"99.999", "usd", "'99.999' has more decimals than usd has (2)"},
        {"0.5", "jpy", "'0.5' has more decimals than jpy has (0)"},
        {"1e-3", "usd", "'1e-3' has more decimals than usd has (2)"},
        {"1e-999999999999", "usd", "'1e-999999999999' has more decimals than usd has (2)"},
        {"92233720368547758.08", "usd", "'92233720368547758.08' is too large for an amount"},
        {"1e17", "usd", "'1e17' is too large for an amount"},
        {"1e99999999999999999999", "usd", "'1e99999999999999999999' is too large for an amount"},
        {"", "usd", "'' is not a decimal number"},
        {"-", "usd", "'-' is not a decimal number"},
        {".5", "usd", "'.5' is not a decimal number"},
        {"5.", "usd", "'5.' is not a decimal number"},
        {"+5", "usd", "'+5' is not a decimal number"},
        {"1e", "usd", "'1e' is not a decimal number"},
        {"1,5", "usd", "'1,5' is not a decimal number"},
        {" 1", "usd", "' 1' is not a decimal number"},
        {"NaN", "usd", "'NaN' is not a decimal number"},
        {"0x10", "usd", "'0x10' is not a decimal number"},
        {"1", "USD", "'USD' is not a lower-case ISO 4217 currency code"},
        {"1", "xyz", "'xyz' is not a lower-case ISO 4217 currency code"},
    };
    for (const auto& row : rows) {
        const auto amount = parse_minor_units(row.text, row.currency);
        ASSERT_FALSE(amount.has_value()) << row.text;
        EXPECT_EQ(amount.error().code, ErrorCode::UnprocessableEntity);
        EXPECT_EQ(amount.error().message, row.expected_message);
    }
}

TEST(FormatMinor, WritesTheDecimals) {
    struct Row {
        std::int64_t amount;
        std::string_view currency;
        std::string_view expected;
    };
    const Row rows[] = {
        {1234, "usd", "12.34"},
        {5, "usd", "0.05"},
        {0, "usd", "0.00"},
        {-5, "usd", "-0.05"},
        {1580, "jpy", "1580"},
        {-1, "jpy", "-1"},
        {1, "kwd", "0.001"},
        {12345, "clf", "1.2345"},
        {1234, "xyz", "12.34"},
        {INT64_MAX, "usd", "92233720368547758.07"},
        {INT64_MIN, "usd", "-92233720368547758.08"},
    };
    for (const auto& row : rows) EXPECT_EQ(format_minor(row.amount, row.currency), row.expected);
}

TEST(FormatMinor, IsReadBackUnchanged) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 10'000; ++i) {
        const auto amount = static_cast<std::int64_t>(random()) >> (random() % 64);
        for (const auto* currency : {"usd", "jpy", "kwd", "clf"}) {
            EXPECT_EQ(parse_minor_units(format_minor(amount, currency), currency), amount);
        }
    }
}

TEST(Convert, HonoursBothExponentsAndRoundsHalfAwayFromZero) {
    struct Row {
        std::int64_t amount;
        std::string_view from;
        std::string_view to;
        std::string_view rate;
        std::optional<std::int64_t> expected;
    };
    const Row rows[] = {
        {10000, "eur", "usd", "1.1721", 11721},
        {1580, "jpy", "usd", "0.006373572593", 1007},
        {1007, "usd", "jpy", "156.897875607883", 1580},
        {1000, "kwd", "usd", "3.25", 325},
        {325, "usd", "kwd", "0.307692307692", 1000},
        {1, "usd", "usd", "1", 1},
        {1, "usd", "eur", "0.5", 1},
        {1, "usd", "eur", "0.499999999999", 0},
        {-1, "usd", "eur", "0.5", -1},
        {-1, "usd", "eur", "0.499999999999", 0},
        {-3, "usd", "eur", "0.5", -2},
        {3, "usd", "eur", "0.5", 2},
        {0, "usd", "eur", "0.9", 0},
        {5, "ugx", "usd", "0.00028", 0},
        {100, "clf", "jpy", "5000", 50},
        {INT64_MAX, "usd", "eur", "1", INT64_MAX},
        {INT64_MIN, "usd", "eur", "1", INT64_MIN},
        {INT64_MAX, "usd", "eur", "1.000000000001", {}},
        {INT64_MAX, "usd", "eur", "2", {}},
        {INT64_MAX, "jpy", "clf", "999999999999999999", {}},
        {INT64_MIN, "jpy", "clf", "999999999999999999", {}},
        {100, "usd", "eur", "0", {}},
        {100, "usd", "eur", "0.000", {}},
        {100, "usd", "eur", "-1", {}},
        {100, "usd", "eur", "", {}},
        {100, "usd", "eur", "1e2", {}},
        {100, "usd", "eur", "N/A", {}},
        {100, "usd", "eur", ".5", {}},
        {100, "usd", "eur", "1.", {}},
        {100, "usd", "eur", "1.0000000000001", {}},
        {100, "usd", "eur", "1234567890123456789", {}},
        {100, "usd", "eur", "1.10000000000000000000000", 110},
        {100, "usd", "xyz", "1", {}},
        {100, "USD", "eur", "1", {}},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(convert(row.amount, row.from, row.to, row.rate), row.expected)
            << row.amount << ' ' << row.from << ' ' << row.to << ' ' << row.rate;
    }
}

TEST(CrossRate, IsTheQuotient) {
    struct Row {
        std::string_view per_base_from;
        std::string_view per_base_to;
        std::string_view expected;
    };
    const Row rows[] = {
        {"1", "1.1721", "1.1721"},
        {"1.1721", "1", "0.853169524785"},
        {"183.90", "1.1721", "0.006373572594"},
        {"1.1721", "183.90", "156.897875607883"},
        {"3", "1", "0.333333333333"},
        {"3", "2", "0.666666666667"},
        {"19620", "0.3595", "0.00001832314"},
        {"2", "2.00", "1"},
        {"0.000000000001", "1", "1000000000000"},
        {"0.000000000001", "1000000", ""},
        {"1000000", "0.000000000001", ""},
        {"0.000000000001", "999999", "999999000000000000"},
        {"0.0003", "1000000", "3333333333.33333333"},
        {"999999999999999999", "999999999999999999", "1"},
        {"0.3", "999999999999999999", ""},
        {"0", "1", ""},
        {"1", "", ""},
        {"x", "1", ""},
    };
    for (const auto& row : rows) {
        const auto rate = cross_rate(row.per_base_from, row.per_base_to);
        EXPECT_EQ(rate, row.expected);
        EXPECT_TRUE(rate.empty() || is_rate(rate)) << rate;
    }
}

}  // namespace
}  // namespace hw
