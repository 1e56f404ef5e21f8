// SPDX-License-Identifier: Apache-2.0
#include "base/literal_set.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace hw {
namespace {

TEST(LiteralSet, FindsEveryLiteralOnce) {
    const std::vector<std::string> literals = {"he", "she", "his", "hers", "s", "\xff"};
    const LiteralSet set(literals);
    struct Row {
        std::string_view text;
        std::vector<int> expected;
    };
    const Row rows[] = {
        {"", {}},
        {"xyz", {}},
        {"ushers", {0, 1, 3, 4}},
        {"hishe", {0, 1, 2, 4}},
        {"h", {}},
        {"hehehe", {0}},
        {"ssss", {4}},
        {"h\xff", {5}},
        {"HE", {}},
        {"hihxe", {}},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(set.find_all(row.text), row.expected) << row.text;
        EXPECT_EQ(set.contains_any(row.text), !row.expected.empty()) << row.text;
    }
}

TEST(LiteralSet, AgreesWithPlainSearch) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const auto word = [&](std::size_t length) {
        std::string text(length, 'a');
        for (auto& c : text) c = static_cast<char>('a' + random() % 3);
        return text;
    };
    for (int round = 0; round < 200; ++round) {
        std::set<std::string> distinct;
        for (int i = 0; i < 12; ++i) distinct.insert(word(1 + random() % 6));
        const std::vector<std::string> literals(distinct.begin(), distinct.end());
        const auto text = word(random() % 30);
        std::vector<int> expected;
        for (std::size_t i = 0; i < literals.size(); ++i) {
            if (text.contains(literals[i])) expected.push_back(static_cast<int>(i));
        }
        EXPECT_EQ(LiteralSet(literals).find_all(text), expected) << text;
    }
}

}  // namespace
}  // namespace hw
