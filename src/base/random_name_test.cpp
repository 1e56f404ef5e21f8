// SPDX-License-Identifier: Apache-2.0
#include "base/random_name.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <set>

namespace hw {
namespace {

class ScriptedEnv : public Env {
  public:
    explicit ScriptedEnv(std::deque<std::uint64_t> numbers) : numbers_(std::move(numbers)) {}

    std::int64_t now_ms() override { return 0; }
    std::uint64_t random_64() override {
        const auto number = numbers_.front();
        numbers_.pop_front();
        return number;
    }

  private:
    std::deque<std::uint64_t> numbers_;
};

std::uint64_t index_of(std::span<const std::string_view> words, std::string_view word) {
    return static_cast<std::uint64_t>(std::ranges::find(words, word) - words.begin());
}

TEST(RandomName, IsAdjectiveColourAnimal) {
    ScriptedEnv env({index_of(name_adjectives(), "Big"), index_of(name_colours(), "Red"),
                     index_of(name_animals(), "Caribou"), 0, name_colours().size(), UINT64_MAX});
    EXPECT_EQ(random_name(env), "Big Red Caribou");
    EXPECT_TRUE(random_name(env).starts_with("Able Almond "));
}

TEST(RandomName, DrawsFromManyDistinctWords) {
    for (const auto words : {name_adjectives(), name_colours(), name_animals()}) {
        EXPECT_GE(words.size(), 60U);
        EXPECT_EQ(std::set<std::string_view>(words.begin(), words.end()).size(), words.size());
        for (const auto word : words) {
            const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
            EXPECT_TRUE(word[0] >= 'A' && word[0] <= 'Z') << word;
            EXPECT_TRUE(std::ranges::all_of(word.substr(1), lower)) << word;
        }
    }
}

}  // namespace
}  // namespace hw
