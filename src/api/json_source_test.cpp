// SPDX-License-Identifier: Apache-2.0
#include "api/json_source.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "api/json_text.hpp"

namespace hw {
namespace {

namespace json = boost::json;

TEST(RepeatedKey, OnlyOfTheObjectItself) {
    struct Row {
        std::string_view text;
        std::optional<std::string> expected;
    };
    const Row rows[] = {
        {"{}", std::nullopt},
        {" { } ", std::nullopt},
        {R"({"a":1})", std::nullopt},
        {R"({"a":1,"b":2,"c":3})", std::nullopt},
        {R"({"a":1,"b":2,"a":3})", "a"},
        {R"({"b":1,"a":2,"a":3,"b":4})", "a"},
        {R"({"a":1,"\u0061":2})", "a"},
        {R"({"":1 , "":2})", ""},
        {R"({"a":{"x":1,"x":2},"b":[{"x":1},{"x":2}]})", std::nullopt},
        {R"({"a":"}","b":"{\"a\":1,","c":["]"],"d":"\\"})", std::nullopt},
        {R"({"a":"\\","a":"\\\""})", "a"},
        {R"({"a:":1,"a":":","a ":{}})", std::nullopt},
        {R"({"a":[[],{},[{}],"a"],"a":1})", "a"},
        {"{\n\t\"a\"\r\n:\n1\n,\n\"a\"\n:\n2\n}\n", "a"},
    };
    for (const auto& row : rows) EXPECT_EQ(repeated_key(row.text), row.expected) << row.text;
}

TEST(ReadNumbersExactly, AtEveryDepth) {
    struct Row {
        std::string_view text;
        std::string_view expected;
    };
    const Row rows[] = {
        {"1.25e25", "1.25e+25"},
        {" 9007199254740991.0 ", "9007199254740991"},
        {R"({"a":{"b":[1, 1.25e25 ,[9007199254740991.0]],"c":"1.25e25"},"d":9007199254740991.0})",
         R"({"a":{"b":[1,1.25e+25,[9007199254740991]],"c":"1.25e25"},"d":9007199254740991})"},
        {R"({"a":1.5,"a":2.5})", R"({"a":2.5})"},
        {R"({"a":1.5,"a":"x"})", R"({"a":"x"})"},
        {"[1e400,-1e400]", "[null,null]"},
        {"[]", "[]"},
        {"[ [ ] , { } ]", "[[],{}]"},
    };
    for (const auto& row : rows) {
        auto value = json::parse(row.text);
        read_numbers_exactly(row.text, value);
        EXPECT_EQ(json_text(value), row.expected) << row.text;
    }
}

// Random decimals in every notation come out as the C library reads them.
TEST(ReadNumbersExactly, AgreesWithTheCLibrary) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 20'000; ++i) {
        auto text = std::to_string(random() >> (random() % 60));
        const auto point = 1 + random() % text.size();
        if (point < text.size()) text.insert(point, ".");
        text += "e" + std::to_string(static_cast<int>(random() % 40) - 20);
        auto value = json::parse(text);
        read_numbers_exactly(text, value);
        // tidy: double ok: the other reader of the comparison
        EXPECT_EQ(value.as_double(), std::strtod(text.c_str(), nullptr)) << text;
    }
}

}  // namespace
}  // namespace hw
