// SPDX-License-Identifier: Apache-2.0
#include "base/punycode.hpp"

#include <gtest/gtest.h>

#include <random>

namespace hw {
namespace {

// The vectors are those of RFC 3492 section 7.1 and well-known domain names.
TEST(Punycode, EncodesAndDecodes) {
    struct Row {
        std::u32string_view label;
        std::string_view expected;
    };
    const Row rows[] = {
        {U"b\u00FCcher", "bcher-kva"},
        {U"\u00FC", "tda"},
        {U"\u4ED6\u4EEC\u4E3A\u4EC0\u4E48\u4E0D\u8BF4\u4E2D\u6587", "ihqwcrb4cv8a8dqg056pqjye"},
        {U"Pro\u010Dprost\u011Bnemluv\u00ED\u010Desky", "Proprostnemluvesky-uyb24dma41a"},
        {U"3\u5E74B\u7D44\u91D1\u516B\u5148\u751F", "3B-ww4c5e180e575a65lsy2b"},
        {U"Hello-Another-Way-\u305D\u308C\u305E\u308C\u306E\u5834\u6240",
         "Hello-Another-Way--fc4qua05auwb3674vfr0b"},
        {U"-> $1.00 <-", "-> $1.00 <--"},
        {U"\U0001F600", "e28h"},
        {U"", ""},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(punycode_encode(row.label), row.expected);
        EXPECT_EQ(punycode_decode(row.expected), row.label) << row.expected;
    }
}

TEST(Punycode, RefusesWhatItCannotHaveMade) {
    for (const auto* text :
         {"a!", "99999999", "zzzzzzzzzzzzzzzzzz", "\xC3\xBC-tda", "a-\xFF", "b", "a-b"}) {
        EXPECT_FALSE(punycode_decode(text).has_value()) << text;
    }
}

TEST(Punycode, RandomTextSurvives) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 2'000; ++i) {
        std::u32string label(random() % 20, U'\0');
        for (auto& c : label) {
            c = static_cast<char32_t>(random() % (random() % 2 == 0 ? 0x80 : 0x110000));
            if (c >= 0xD800 && c <= 0xDFFF) c = U'x';
        }
        EXPECT_EQ(punycode_decode(punycode_encode(label)), label);
        EXPECT_EQ(code_points(utf8_of(label)), label);
    }
}

}  // namespace
}  // namespace hw
