// SPDX-License-Identifier: Apache-2.0
#include "base/slug.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(Slug, IsMadeOfLettersAndDigits) {
    struct Row {
        std::string_view text;
        std::string_view expected;
    };
    const Row rows[] = {
        {"Ann Lee", "ann-lee"},
        {"  Ann,  Lee! ", "ann-lee"},
        {"ann_lee.2", "ann-lee-2"},
        {"Zoë", "zo"},
        {"日本", ""},
        {"", ""},
        {"abcdefghij-k", "abcdefghij"},
        {"abcdefghi -k", "abcdefghi"},
    };
    for (const auto& row : rows) EXPECT_EQ(slug_of(row.text, 10), row.expected) << row.text;
}

TEST(Slug, IsRecognized) {
    struct Row {
        std::string_view text;
        bool expected;
    };
    const Row rows[] = {{"ann-lee", true}, {"a", true},           {"", false},
                        {"-a", false},     {"a-", false},         {"A", false},
                        {"a b", false},    {"0123456789", true},  {"ä", false},
                        {"a_b", false},    {"0123456789a", false}};
    for (const auto& row : rows) EXPECT_EQ(is_slug(row.text, 10), row.expected) << row.text;
}

}  // namespace
}  // namespace hw
