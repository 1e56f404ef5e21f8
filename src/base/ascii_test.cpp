// SPDX-License-Identifier: Apache-2.0
#include "base/ascii.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

static_assert(ascii_lower('Q') == 'q');

TEST(Ascii, LowersTheLettersAlone) {
    struct Row {
        std::string_view text;
        std::string_view lower;
    };
    using namespace std::string_view_literals;
    const Row rows[] = {
        {"", ""},
        {"abc", "abc"},
        {"AZaz09", "azaz09"},
        {"@[`{", "@[`{"},  // what stands before and behind the letters
        {"A\0B"sv, "a\0b"sv},
        {"\xC3\x84", "\xC3\x84"},  // a letter that is not ASCII's
        {"\xC1\xDA\xFF", "\xC1\xDA\xFF"},
    };
    for (const auto& row : rows) EXPECT_EQ(ascii_lower(row.text), row.lower) << row.text;
}

TEST(Ascii, EqualWithoutCase) {
    struct Row {
        std::string_view a;
        std::string_view b;
        bool equal;
    };
    const Row rows[] = {
        {"", "", true},     {"Content-Type", "content-tYPE", true},
        {"a", "b", false},  {"a", "ab", false},
        {"ab", "a", false}, {"@", "`", false},  // 32 apart, and no letters
        {"[", "{", false},  {"\xC3\x84", "\xC3\xA4", false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(equal_no_case(row.a, row.b), row.equal) << row.a << " and " << row.b;
    }
}

}  // namespace
}  // namespace hw
