// SPDX-License-Identifier: Apache-2.0
#include "base/percent.hpp"

#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

namespace hw {
namespace {

using namespace std::string_view_literals;

TEST(Percent, Decodes) {
    struct Row {
        std::string_view text;
        std::string_view expected;
        std::string_view expected_form;
    };
    const Row rows[] = {
        {"", "", ""},
        {"abc", "abc", "abc"},
        {"a+b%20c", "a+b c", "a b c"},
        {"%41%62%2f%2F", "Ab//", "Ab//"},
        {"%2B", "+", "+"},
        {"%", "%", "%"},
        {"%4", "%4", "%4"},
        {"%zz%4g", "%zz%4g", "%zz%4g"},
        {"%%41", "%A", "%A"},
        {"%25%34%31", "%41", "%41"},
        {"%00", "\0"sv, "\0"sv},
        {"%C3%BC", "\xC3\xBC", "\xC3\xBC"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(percent_decode(row.text), row.expected) << row.text;
        EXPECT_EQ(form_decode(row.text), row.expected_form) << row.text;
    }
}

TEST(Percent, Encodes) {
    struct Row {
        std::string_view text;
        std::string_view expected;
    };
    const Row rows[] = {
        {"", ""},
        {"aZ09-_.!~*'()", "aZ09-_.!~*'()"},
        {"a b/c?d&e=f#g%+", "a%20b%2Fc%3Fd%26e%3Df%23g%25%2B"},
        {"\r\n\0"sv, "%0D%0A%00"},
        {"\xC3\xBC", "%C3%BC"},
    };
    for (const auto& row : rows) EXPECT_EQ(percent_encode_component(row.text), row.expected);
}

TEST(Percent, WhatIsEncodedIsDecodedBack) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 1'000; ++i) {
        std::string text(random() % 40, '\0');
        for (auto& c : text) c = static_cast<char>(random());
        EXPECT_EQ(percent_decode(percent_encode_component(text)), text);
    }
}

TEST(Parameters, AreGivenRawAndInOrder) {
    using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;
    struct Row {
        std::string_view query;
        Pairs expected;
    };
    const Row rows[] = {
        {"", {}},
        {"a=1", {{"a", "1"}}},
        {"a=1&b=2&a=3", {{"a", "1"}, {"b", "2"}, {"a", "3"}}},
        {"a", {{"a", ""}}},
        {"a=", {{"a", ""}}},
        {"=1", {{"", "1"}}},
        {"&&a=1&&", {{"a", "1"}}},
        {"a=b=c", {{"a", "b=c"}}},
        {"%61=%20+", {{"%61", "%20+"}}},
    };
    for (const auto& row : rows) {
        Pairs pairs;
        for_each_parameter(row.query,
                           [&](auto name, auto value) { pairs.push_back({name, value}); });
        EXPECT_EQ(pairs, row.expected) << row.query;
    }
}

TEST(Parameters, AreFoundByTheirDecodedName) {
    struct Row {
        std::string_view query;
        std::string_view name;
        std::optional<std::string_view> expected;
    };
    const Row rows[] = {
        {"a=1&b=2", "b", "2"}, {"a=1&a=2", "a", "1"}, {"dub%2Dno-track", "dub-no-track", ""},
        {"a+b=1", "a b", "1"}, {"A=1", "a", {}},      {"ab=1", "a", {}},
        {"", "a", {}},
    };
    for (const auto& row : rows) EXPECT_EQ(find_parameter(row.query, row.name), row.expected);
}

}  // namespace
}  // namespace hw
