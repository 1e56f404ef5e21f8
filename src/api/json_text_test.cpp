// SPDX-License-Identifier: Apache-2.0
#include "api/json_text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace hw {
namespace {

namespace json = boost::json;

// What JSON.stringify(JSON.parse(text)) gives.
TEST(JsonText, NumbersAsJavaScriptWritesThem) {
    struct Row {
        std::string_view text;
        std::string_view expected;
    };
    const Row rows[] = {
        {"0", "0"},
        {"-0", "0"},
        {"-0.0", "0"},
        {"5.0", "5"},
        {"19.99", "19.99"},
        {"-19.99", "-19.99"},
        {"0.1", "0.1"},
        {"0.000001", "0.000001"},
        {"0.0000012", "0.0000012"},
        {"0.0000001", "1e-7"},
        {"1.5e-9", "1.5e-9"},
        {"1e20", "100000000000000000000"},
        {"1e21", "1e+21"},
        {"1.5e25", "1.5e+25"},
        {"123456789.125", "123456789.125"},
        {"1234567890123456789012", "1.2345678901234568e+21"},
        {"9007199254740993.0", "9007199254740992"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"5e-324", "5e-324"},
        {"1e400", "null"},
        {"-1e400", "null"},
        {"9223372036854775807", "9223372036854775807"},
        {"18446744073709551615", "18446744073709551615"},
    };
    for (const auto& row : rows) EXPECT_EQ(json_text(json::parse(row.text)), row.expected);
}

TEST(JsonText, EverythingElse) {
    for (const std::string_view text :
         {R"({})", R"([])", R"({"b":1,"a":[1,"x",null,true,false,{}],"":[[]]})",
          R"("\b\f\n\r\t\"\\\u0001/")", "\"\xC3\xBC\xF0\x9F\x98\x80\"", R"({"\"":"\u0000"})"}) {
        EXPECT_EQ(json_text(json::parse(text)), text);
    }
}

// Whatever is written reads back as the same value.
TEST(JsonText, ReadsBackAsTheSameValue) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 20'000; ++i) {
        const auto cents = static_cast<std::int64_t>(random() % 1'000'000'000);
        const auto text = std::to_string(cents / 100) + "." + std::to_string(10 + cents % 90);
        const auto value = json::parse(text);
        EXPECT_EQ(json::parse(json_text(value)), value) << text;
    }
}

}  // namespace
}  // namespace hw
