// SPDX-License-Identifier: Apache-2.0
#include "core/split_amount.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <random>

#include "base/fault.hpp"

namespace hw {
namespace {

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();

TEST(SplitAmount, GivesWhatIsLeftToTheLargestRemainders) {
    struct Row {
        std::int64_t amount;
        std::vector<Weight> weights;
        std::vector<std::int64_t> expected;
    };
    const std::vector<Row> rows{
        {100, {}, {}},
        {100, {1}, {100}},
        {100, {1, 1, 1}, {34, 33, 33}},
        {2, {1, 1, 1}, {1, 1, 0}},
        {-100, {1, 1, 1}, {-34, -33, -33}},
        {0, {1, 2}, {0, 0}},
        {100, {2, 1, 2}, {40, 20, 40}},
        {10, {1, 6, 6}, {1, 5, 4}},
        {10, {1, 2, 8}, {1, 2, 7}},
        {7, {0, 0}, {0, 0}},
        {7, {0, 3}, {0, 7}},
        {kMost, {1}, {kMost}},
        {kMost, {1, 1}, {kMost / 2 + 1, kMost / 2}},
        {std::numeric_limits<std::int64_t>::min(), {1, 1}, {-(kMost / 2) - 1, -(kMost / 2) - 1}},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(split_amount(row.amount, row.weights), row.expected) << row.amount;
    }
}

TEST(SplitAmount, RefusesWhatIsNoShare) {
    const std::vector<Weight> negative{1, -1};
    const std::vector<Weight> endless{1, std::numeric_limits<Weight>::infinity()};
    EXPECT_THROW(split_amount(1, negative), Fault);
    EXPECT_THROW(split_amount(1, endless), Fault);
}

TEST(SplitAmount, PartsSumToTheAmountWhateverTheWeights) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::int64_t> amounts(-kMost, kMost);
    std::uniform_int_distribution<std::size_t> counts(1, 40);
    for (int round = 0; round < 2000; ++round) {
        const auto amount = amounts(random) >> (random() % 60);
        std::vector<Weight> weights(counts(random));
        for (auto& weight : weights) weight = static_cast<Weight>(random() >> (random() % 64));
        weights.front() += 1;
        const auto parts = split_amount(amount, weights);
        EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}), amount);
        for (const auto part : parts) EXPECT_GE(amount < 0 ? -part : part, 0);
    }
}

}  // namespace
}  // namespace hw
