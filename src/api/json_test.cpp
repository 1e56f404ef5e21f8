// SPDX-License-Identifier: Apache-2.0
#include "api/json.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace hw {
namespace {

constexpr std::string_view kInvalidJson =
    "Invalid JSON format in request body. Please ensure the request body is a valid JSON object.";

json::object object_of(std::string_view text) {
    auto object = parse_object(text);
    EXPECT_TRUE(object.has_value()) << text << " " << object.error().message;
    return object ? *object : json::object{};
}

template <class T>
std::string message_of(const Result<T>& result) {
    return result ? "" : result.error().message;
}

TEST(ParseObject, TakesAnObjectAndNothingElse) {
    const auto nested = [](std::size_t depth) {
        return R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    struct Row {
        std::string text;
        std::string_view expected;  // the message; empty: taken
    };
    const Row rows[] = {
        {"{}", ""},
        {" \r\n\t{ \"a\" : 1 } \n", ""},
        {R"({"a":{"a":1,"b":[{"a":2}]},"b":"}{,\"\\"})", ""},
        {R"({"":1})", ""},
        {"", kInvalidJson},
        {" ", kInvalidJson},
        {"{", kInvalidJson},
        {"{}}", kInvalidJson},
        {"{} {}", kInvalidJson},
        {"{'a':1}", kInvalidJson},
        {R"({"a":1,})", kInvalidJson},
        {R"({a:1})", kInvalidJson},
        {R"({"a":01})", kInvalidJson},
        {R"({"a":+1})", kInvalidJson},
        {R"({"a":1.})", kInvalidJson},
        {R"({"a":NaN})", kInvalidJson},
        {R"({"a":Infinity})", kInvalidJson},
        {R"({"a":1} // why)", kInvalidJson},
        {"\xEF\xBB\xBF{}", kInvalidJson},
        {"{\"a\":\"\xFF\"}", kInvalidJson},
        {"{\"a\":\"\xC3\x28\"}", kInvalidJson},
        {"{\"a\":\"\xED\xA0\x80\"}", kInvalidJson},  // half a surrogate pair as bytes
        {"{\"a\":\"\xC0\x80\"}", kInvalidJson},      // U+0000 in two bytes
        {std::string("{\"a\":\"\0\"}", 9), kInvalidJson},
        {"{\"a\":\"\n\"}", kInvalidJson},
        {R"({"a":"\ud800"})", kInvalidJson},
        {R"({"a":"\udc00"})", kInvalidJson},
        {R"({"a":"\ud800\u0041"})", kInvalidJson},
        {R"({"a":"\ud83d\ude00"})", ""},
        {R"({"a":"\u0000"})", ""},  // refused where a text is read
        {nested(limits::kJsonDepthMax - 1), ""},
        {nested(limits::kJsonDepthMax), kInvalidJson},
        {nested(100'000), kInvalidJson},
        {R"("text")", "invalid_type: : Invalid input: expected object, received string"},
        {"[]", "invalid_type: : Invalid input: expected object, received array"},
        {"null", "invalid_type: : Invalid input: expected object, received null"},
        {"5", "invalid_type: : Invalid input: expected object, received number"},
        {"true", "invalid_type: : Invalid input: expected object, received boolean"},
    };
    for (const auto& row : rows) {
        const auto object = parse_object(row.text);
        EXPECT_EQ(message_of(object), row.expected) << row.text.substr(0, 60);
    }
}

// Which of two amounts was meant, nobody can tell.
TEST(ParseObject, AKeyThatIsThereTwiceIsRefused) {
    struct Row {
        std::string_view text;
        std::string_view expected;
    };
    const Row rows[] = {
        {R"({"amount":1,"amount":2})",
         "custom: amount: The key appears more than once in the body"},
        {R"({"amount":1,"amount":1})",
         "custom: amount: The key appears more than once in the body"},
        {R"({"amount":1,"am\u006funt":2})",
         "custom: amount: The key appears more than once in the body"},
        {R"({"x":{"a":[1,{"b":"}"}]},"\"":"\\\"","y":"a,b" , "x" : null})",
         "custom: x: The key appears more than once in the body"},
        {R"({"amount":1,"Amount":2,"amount ":3})", ""},
        {R"({"metadata":{"amount":1,"a":{"amount":2}},"amount":3})", ""},
        {R"({"a":"amount","amount":"a"})", ""},
    };
    for (const auto& row : rows) EXPECT_EQ(message_of(parse_object(row.text)), row.expected);
}

TEST(RequiredText, ByText) {
    struct Row {
        std::string_view text;
        std::string expected;  // the value, or "!" and the message
    };
    const Row rows[] = {
        {R"({"f":"a"})", "a"},
        {R"({"f":" a\t"})", "a"},
        {R"({"f":"12345"})", "12345"},
        {R"({"f":"123456"})", "!too_big: f: Too big: expected string to have <=5 characters"},
        {"{\"f\":\"\xF0\x9F\x98\x80\xF0\x9F\x98\x80\"}",
         "\xF0\x9F\x98\x80\xF0\x9F\x98\x80"},  // four UTF-16 units
        {"{\"f\":\"\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\"}",
         "!too_big: f: Too big: expected string to have <=5 characters"},
        {R"({"f":""})", "!too_small: f: f is required"},
        {R"({"f":"  "})", "!too_small: f: f is required"},
        {R"({})", "!invalid_type: f: Invalid input: expected string, received undefined"},
        {R"({"f":null})", "!invalid_type: f: Invalid input: expected string, received null"},
        {R"({"f":5})", "!invalid_type: f: Invalid input: expected string, received number"},
        {R"({"f":true})", "!invalid_type: f: Invalid input: expected string, received boolean"},
        {R"({"f":["a"]})", "!invalid_type: f: Invalid input: expected string, received array"},
        {R"({"f":{}})", "!invalid_type: f: Invalid input: expected string, received object"},
        {R"({"f":"a\u0000"})",
         "!invalid_format: f: Invalid input: the character U+0000 is not allowed"},
    };
    for (const auto& row : rows) {
        const auto value =
            required_text(object_of(row.text), "f",
                          {.max_characters = 5, .trim = true, .empty_message = "f is required"});
        EXPECT_EQ(value ? *value : "!" + value.error().message, row.expected) << row.text;
    }
}

TEST(OptionalText, AbsentAndNullAreNothing) {
    EXPECT_EQ(*optional_text(object_of("{}"), "f"), std::nullopt);
    EXPECT_EQ(*optional_text(object_of(R"({"f":null})"), "f"), std::nullopt);
    EXPECT_EQ(*optional_text(object_of(R"({"f":""})"), "f"), "");
    EXPECT_EQ(message_of(optional_text(object_of(R"({"f":null})"), "f", {.nullable = false})),
              "invalid_type: f: Invalid input: expected string, received null");
}

TEST(OptionalEmail, Addresses) {
    struct Row {
        std::string_view email;
        bool expected;
    };
    const Row rows[] = {
        {"ada@shop.example", true},
        {"a.b+c_d'e-f@sub.shop.example", true},
        {"A@B.CO", true},
        {"ada@shop.museum", true},
        {"", false},
        {"ada", false},
        {"@shop.example", false},
        {"ada@", false},
        {"ada@shop", false},
        {"ada@shop.e", false},
        {"ada@shop.123", false},
        {"ada@@shop.example", false},
        {"ada@shop..example", false},
        {"a..b@shop.example", false},
        {".a@shop.example", false},
        {"a.@shop.example", false},
        {"ada@-shop.example", false},
        {"ada@shop.example.", false},
        {"ada lovelace@shop.example", false},
        {" ada@shop.example", false},
        {"ada@shop.example\nx", false},
    };
    for (const auto& row : rows) {
        const json::object body{{"f", row.email}};
        const auto value = optional_email(body, "f", {.max_characters = 100});
        EXPECT_EQ(message_of(value), row.expected ? "" : "invalid_format: f: Invalid email address")
            << row.email;
    }
    const json::object too_long{{"f", std::string(90, 'a') + "@shop.example"}};
    EXPECT_EQ(message_of(optional_email(too_long, "f", {.max_characters = 100})),
              "too_big: f: Too big: expected string to have <=100 characters");
}

TEST(OptionText, OneOfTheOptions) {
    const auto read = [](std::string_view text) {
        return option_text(object_of(text), "mode", {"async", "wait"}, "async");
    };
    EXPECT_EQ(*read("{}"), "async");
    EXPECT_EQ(*read(R"({"mode":"wait"})"), "wait");
    for (const auto* text : {R"({"mode":"Wait"})", R"({"mode":""})", R"({"mode":null})",
                             R"({"mode":1})", R"({"mode":["wait"]})"}) {
        EXPECT_EQ(message_of(read(text)),
                  "invalid_value: mode: Invalid option: expected one of \"async\"|\"wait\"");
    }
}

TEST(OptionalBool, TrueFalseOrNothing) {
    EXPECT_EQ(*optional_bool(object_of("{}"), "f"), std::nullopt);
    EXPECT_EQ(*optional_bool(object_of(R"({"f":false})"), "f"), false);
    EXPECT_EQ(message_of(optional_bool(object_of(R"({"f":"true"})"), "f")),
              "invalid_type: f: Invalid input: expected boolean, received string");
}

// Amounts as JavaScript reads them: whole however they are written, exact up to 2^53 - 1.
TEST(RequiredInt, AmountsHoweverTheyAreWritten) {
    constexpr std::string_view kRequired = "!invalid_type: amount: amount is required";
    constexpr std::string_view kNegative = "!too_small: amount: amount cannot be negative";
    constexpr std::string_view kFraction =
        "!invalid_type: amount: Invalid input: expected int, received number";
    constexpr std::string_view kTooBig =
        "!too_big: amount: Too big: expected int to be <=9007199254740991";
    struct Row {
        std::string_view amount;
        std::string_view expected;
    };
    const Row rows[] = {
        {"0", "0"},
        {"-0", "0"},
        {"-0.0", "0"},
        {"0e5", "0"},
        {"1", "1"},
        {"1e3", "1000"},
        {"1E3", "1000"},
        {"1e+3", "1000"},
        {"5.0", "5"},
        {"5.00000000000000000000", "5"},
        {"1000e-3", "1"},
        {"20.990e2", "2099"},
        {"1234567890.0000000", "1234567890"},
        {"100000000000000000000e-18", "100"},
        {"9007199254740991", "9007199254740991"},
        {"9007199254740991.0", "9007199254740991"},
        {"90071992547409.91e2", "9007199254740991"},
        {"0.9007199254740991e16", "9007199254740991"},
        {"9007199254740992", kTooBig},
        {"9007199254740992.0", kTooBig},
        {"9007199254740991.5", kTooBig},
        {"1e16", kTooBig},
        {"1e400", kTooBig},
        {"9223372036854775807", kTooBig},
        {"9223372036854775808", kTooBig},
        {"18446744073709551616", kTooBig},
        {"1.5", kFraction},
        {"0.1", kFraction},
        {"19.99", kFraction},
        {"1e-1", kFraction},
        {"-1.5", kFraction},
        {"1e-400", "0"},  // less than JavaScript can hold is nothing there too
        {"-1", kNegative},
        {"-1e3", kNegative},
        {"-9007199254740992", kNegative},
        {"-9223372036854775809", kNegative},
        {"-1e400", kNegative},
        {"null", kRequired},
        {"\"5\"", kRequired},
        {"\"\"", kRequired},
        {"true", kRequired},
        {"[5]", kRequired},
        {"{}", kRequired},
    };
    const IntRule rule{.min = 0,
                       .max = limits::kAmountMax,
                       .missing_message = "amount is required",
                       .too_small_message = "amount cannot be negative",
                       .too_big_message = "Too big: expected int to be <=9007199254740991"};
    for (const auto& row : rows) {
        for (const auto* spaces : {"", " "}) {
            const auto text = std::string(R"({"before":"}","amount":)") + spaces +
                              std::string(row.amount) + spaces + R"(,"after":1})";
            const auto value = required_int(object_of(text), "amount", rule);
            EXPECT_EQ(value ? std::to_string(*value) : "!" + value.error().message, row.expected)
                << row.amount;
        }
    }
    EXPECT_EQ(message_of(required_int(object_of("{}"), "amount", rule)), kRequired.substr(1));
}

TEST(OptionalInt, WithoutAMessageForMissing) {
    const IntRule rule{.min = 1,
                       .max = 100,
                       .too_small_message = "Too small: expected number to be >0",
                       .too_big_message = "Too big: expected number to be <=100"};
    struct Row {
        std::string_view text;
        std::string_view expected;
    };
    const Row rows[] = {
        {"{}", "nothing"},
        {R"({"n":null})", "nothing"},
        {R"({"n":1})", "1"},
        {R"({"n":100})", "100"},
        {R"({"n":1e2})", "100"},
        {R"({"n":0})", "too_small: n: Too small: expected number to be >0"},
        {R"({"n":101})", "too_big: n: Too big: expected number to be <=100"},
        {R"({"n":1.5})", "invalid_type: n: Invalid input: expected int, received number"},
        {R"({"n":"1"})", "invalid_type: n: Invalid input: expected number, received string"},
        {R"({"n":true})", "invalid_type: n: Invalid input: expected number, received boolean"},
    };
    for (const auto& row : rows) {
        const auto value = optional_int(object_of(row.text), "n", rule);
        std::string text = "nothing";
        if (!value) text = value.error().message;
        if (value && *value) text = std::to_string(**value);
        EXPECT_EQ(text, row.expected) << row.text;
    }
}

TEST(OptionalMetadata, TenThousandUtf16UnitsOfJson) {
    const auto with = [](const std::string& value) {
        return json::object{{"metadata", json::object{{"k", value}}}};
    };
    constexpr std::size_t kFrame = std::string_view(R"({"k":""})").size();
    const std::string smile = "\xF0\x9F\x98\x80";  // two UTF-16 units, four bytes
    std::string smiles;
    for (std::size_t i = 0; i < (10'000 - kFrame) / 2; ++i) smiles += smile;
    struct Row {
        std::string value;
        bool expected;
    };
    const Row rows[] = {
        {std::string(10'000 - kFrame, 'a'), true},
        {std::string(10'001 - kFrame, 'a'), false},
        {smiles, true},
        {smiles + "a", false},
        {std::string((10'000 - kFrame) / 2, '"'), true},  // escaped: two characters each
        {std::string((10'000 - kFrame) / 2 + 1, '"'), false},
        {std::string((10'000 - kFrame) / 6, '\x01'), true},
        {std::string((10'000 - kFrame) / 6 + 1, '\x01'), false},
    };
    for (const auto& row : rows) {
        const auto text = optional_metadata(with(row.value), "metadata");
        EXPECT_EQ(message_of(text),
                  row.expected ? ""
                               : "custom: metadata: Metadata must be less than 10,000 characters "
                                 "when stringified");
    }
    struct Shape {
        std::string_view body;
        std::string_view expected;
    };
    const Shape shapes[] = {
        {"{}", "nothing"},
        {R"({"metadata":null})", "nothing"},
        {R"({"metadata":{}})", "{}"},
        {R"({"metadata":{"b":1,"a":[19.99,1e400,"\u0000"]}})",
         R"({"b":1,"a":[19.99,null,"\u0000"]})"},
        {R"({"metadata":[]})",
         "invalid_type: metadata: Invalid input: expected record, received array"},
        {R"({"metadata":"{}"})",
         "invalid_type: metadata: Invalid input: expected record, received string"},
        {R"({"metadata":5})",
         "invalid_type: metadata: Invalid input: expected record, received number"},
    };
    for (const auto& shape : shapes) {
        const auto text = optional_metadata(object_of(shape.body), "metadata");
        EXPECT_EQ(text ? text->value_or("nothing") : text.error().message, shape.expected);
    }
}

TEST(AnswerValues, NothingIsNull) {
    EXPECT_EQ(json::serialize(text_or_null(std::nullopt)), "null");
    EXPECT_EQ(json::serialize(text_or_null("")), "\"\"");
    EXPECT_EQ(json::serialize(int_or_null(std::nullopt)), "null");
    EXPECT_EQ(json::serialize(int_or_null(0)), "0");
    EXPECT_EQ(json::serialize(time_or_null(std::nullopt)), "null");
    EXPECT_EQ(json::serialize(time_or_null(0)), "\"1970-01-01T00:00:00.000Z\"");
    EXPECT_EQ(json::serialize(json_or_null(std::nullopt)), "null");
    EXPECT_EQ(json::serialize(json_or_null(R"({"a":1})")), R"({"a":1})");
}

}  // namespace
}  // namespace hw
