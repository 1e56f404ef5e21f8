// SPDX-License-Identifier: Apache-2.0
#include "core/markov_chain.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/fixture/attribution_files.hpp"

namespace hw {
namespace {

constexpr Weight kExact = 1e-12;

void expect_near(const std::map<std::string, Weight>& seen,
                 const std::map<std::string, Weight>& expected) {
    ASSERT_EQ(seen.size(), expected.size());
    for (const auto& [key, value] : expected) EXPECT_NEAR(seen.at(key), value, kExact) << key;
}

TEST(MarkovChain, RemovalEffectsAreExact) {
    struct Row {
        ChainPaths paths;
        std::string file;
    };
    const auto counts = testing::counts_of(testing::own_journeys());
    for (const auto& row :
         std::vector<Row>{{ChainPaths::All, "own/exact_markov_order1.json"},
                          {ChainPaths::Converting, "own/exact_markov_order1_without_null.json"}}) {
        SCOPED_TRACE(row.file);
        const auto effects = removal_effects(counts, row.paths);
        expect_near(effects.of_key, testing::expected_weights(row.file, "removal_effect"));
        const auto text = testing::attribution_file(row.file);
        constexpr std::string_view kName = "base_conversion_probability\": ";
        const auto base = testing::weight_of(text.substr(text.find(kName) + kName.size()));
        EXPECT_NEAR(effects.conversion_probability, base, kExact);
    }
}

TEST(MarkovChain, NothingIsLostWhereNothingConverts) {
    EXPECT_TRUE(removal_effects({}, ChainPaths::All).of_key.empty());
    PathCounts counts;
    counts[{"a", "b"}].other = 3;
    expect_near(removal_effects(counts, ChainPaths::All).of_key, {{"a", 0}, {"b", 0}});
    EXPECT_TRUE(removal_effects(counts, ChainPaths::Converting).of_key.empty());
}

TEST(MarkovChain, AKeyThatEverybodyPassesIsEverything) {
    PathCounts counts;
    counts[{"a", "b", "c"}].converting = 2;
    counts[{"b"}].converting = 1;
    counts[{"b"}].other = 5;
    const auto effects = removal_effects(counts, ChainPaths::All);
    EXPECT_NEAR(effects.of_key.at("b"), 1, kExact);
}

// The definition, by hand: the same chain in which the key leads nowhere, walked until nothing is
// left on the way.
Weight conversions_without(const PathCounts& counts, const std::string& removed) {
    std::map<std::string, std::map<std::string, Weight>> next;
    std::map<std::string, Weight> leaving;
    for (const auto& [path, count] : counts) {
        const auto all = static_cast<Weight>(count.converting + count.other);
        std::string from = "(start)";
        for (const auto& key : path) {
            next[from][key] += all;
            leaving[from] += all;
            from = key;
        }
        next[from]["(conversion)"] += static_cast<Weight>(count.converting);
        leaving[from] += all;
    }
    std::map<std::string, Weight> there{{"(start)", 1}};
    Weight converted = 0;
    for (int step = 0; step < 4000; ++step) {
        std::map<std::string, Weight> then;
        for (const auto& [from, share] : there) {
            if (from == removed) continue;
            for (const auto& [to, journeys] : next[from]) {
                (to == "(conversion)" ? converted : then[to]) += share * journeys / leaving[from];
            }
        }
        there = std::move(then);
    }
    return converted;
}

TEST(MarkovChain, AgreesWithRemovingTheKeyAndWalking) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 10; ++round) {
        PathCounts counts;
        for (int i = 0; i < 12; ++i) {
            Path path{std::string(1, static_cast<char>('a' + random() % 5))};
            for (auto steps = random() % 4; steps > 0; --steps) {
                const std::string key(1, static_cast<char>('a' + random() % 5));
                if (key != path.back()) path.push_back(key);
            }
            counts[path].converting += static_cast<std::int64_t>(random() % 3);
            counts[path].other += 1;
        }
        counts[{"a"}].converting += 1;
        const auto effects = removal_effects(counts, ChainPaths::All);
        const auto base = conversions_without(counts, "");
        EXPECT_NEAR(effects.conversion_probability, base, 1e-9);
        for (const auto& [key, effect] : effects.of_key) {
            EXPECT_NEAR(effect, 1 - conversions_without(counts, key) / base, 1e-9) << key;
        }
    }
}

}  // namespace
}  // namespace hw
