// SPDX-License-Identifier: Apache-2.0
#include "core/attribution_models.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include "base/civil_time.hpp"
#include "tests/fixture/attribution_files.hpp"

namespace hw {
namespace {

using testing::counts_of;
using testing::journey_of;

constexpr Weight kExact = 1e-12;
constexpr Weight kPublished = 1e-6;  // as their authors compare

ModelSettings settings_of(AttributionModel model) {
    return {.model = model, .by = CreditBy::Channel, .half_life_ms = 7 * kDayMs};
}

void expect_near(const KeyShares& seen, const KeyShares& expected, Weight tolerance) {
    ASSERT_EQ(seen.size(), expected.size());
    for (const auto& [key, value] : expected) EXPECT_NEAR(seen.at(key), value, tolerance) << key;
}

// What the keys of these journeys get of their conversions and of their value.
struct Sums {
    KeyShares conversions;
    KeyShares value_minor;
};
Sums sums_of(const std::vector<Journey>& journeys, AttributionModel model) {
    const auto counts = counts_of(journeys);
    const AttributionShares shares(settings_of(model), counts);
    Sums sums;
    for (const auto& journey : journeys) {
        if (!journey.value_minor) continue;
        for (const auto& [key, share] : shares.of_journey(journey)) {
            sums.conversions[key] += share;
            sums.value_minor[key] += share * static_cast<Weight>(*journey.value_minor);
        }
    }
    return sums;
}

TEST(AttributionModels, EachHasItsName) {
    std::set<std::string_view> names;
    for (const auto model : attribution_models()) {
        names.insert(name_of(model));
        EXPECT_EQ(attribution_model_of(name_of(model)), model);
    }
    EXPECT_EQ(names.size(), 10U);
    EXPECT_FALSE(attribution_model_of("best").has_value());
}

TEST(AttributionModels, TouchesAreCreditedByTheirPlace) {
    struct Row {
        AttributionModel model;
        Path channels;
        std::map<std::string, std::int64_t> expected_of_a_thousand;
    };
    using enum AttributionModel;
    const std::vector<Row> rows{
        {First, {"a", "b", "c"}, {{"a", 1000}}},
        {Last, {"a", "b", "c"}, {{"c", 1000}}},
        {Last, {"a", "direct"}, {{"direct", 1000}}},
        {LastNonDirect, {"a", "b", "direct", "direct"}, {{"b", 1000}}},
        {LastNonDirect, {"direct", "direct"}, {{"direct", 1000}}},
        {Linear, {"a", "b", "a"}, {{"a", 667}, {"b", 333}}},
        {Linear, {"a", "b", "c", "d"}, {{"a", 250}, {"b", 250}, {"c", 250}, {"d", 250}}},
        {PositionBased, {"a"}, {{"a", 1000}}},
        {PositionBased, {"a", "b"}, {{"a", 500}, {"b", 500}}},
        {PositionBased, {"a", "b", "c"}, {{"a", 400}, {"b", 200}, {"c", 400}}},
        {PositionBased, {"a", "b", "c", "d"}, {{"a", 400}, {"b", 100}, {"c", 100}, {"d", 400}}},
        {PositionBased, {"a", "b", "a"}, {{"a", 800}, {"b", 200}}},
        {Shapley, {"a", "b", "a", "a"}, {{"a", 500}, {"b", 500}}},
        {First, {}, {}},
        {Linear, {}, {}},
        {Shapley, {}, {}},
        {Counterfactual, {}, {}},
        {Markov, {}, {}},
    };
    for (const auto& row : rows) {
        const auto journey = journey_of(row.channels, 1000);
        const PathCounts none;
        const auto shares = AttributionShares(settings_of(row.model), none).of_journey(journey);
        std::map<std::string, std::int64_t> seen;
        for (const auto& credit : credits_of(shares, 1, 1000)) {
            seen[credit.key] = credit.amount_minor;
        }
        EXPECT_EQ(seen, row.expected_of_a_thousand) << name_of(row.model);
    }
}

TEST(AttributionModels, DecayHalvesPerHalfLifeBeforeTheNewestTouch) {
    Journey journey = journey_of({"a", "b", "c"}, 700);
    journey.touches[0].at_ms = 0;
    journey.touches[1].at_ms = 7 * kDayMs;
    journey.touches[2].at_ms = 14 * kDayMs;
    const PathCounts none;
    auto settings = settings_of(AttributionModel::TimeDecay);
    const auto week = AttributionShares(settings, none).of_journey(journey);
    expect_near(week, {{"a", Weight{1} / 7}, {"b", Weight{2} / 7}, {"c", Weight{4} / 7}}, kExact);
    settings.half_life_ms = 1;
    const auto blink = AttributionShares(settings, none).of_journey(journey);
    expect_near(blink, {{"c", 1}}, kExact);
}

TEST(AttributionModels, MarkovCreditsAreExact) {
    struct Row {
        AttributionModel model;
        std::string file;
    };
    const auto counts = counts_of(testing::own_journeys());
    for (const auto& row : std::vector<Row>{
             {AttributionModel::Markov, "own/exact_markov_order1.json"},
             {AttributionModel::MarkovConverting, "own/exact_markov_order1_without_null.json"}}) {
        SCOPED_TRACE(row.file);
        auto shares = AttributionShares(settings_of(row.model), counts).of_all();
        for (auto& [key, share] : shares) share *= 114;
        expect_near(shares, testing::expected_weights(row.file, "markov_conversions"), 1e-11);
    }
}

TEST(AttributionModels, MarkovSharesOfOneJourneyAreOfItsOwnKeys) {
    const auto counts = counts_of(testing::own_journeys());
    const AttributionShares shares(settings_of(AttributionModel::Markov), counts);
    const auto effects =
        testing::expected_weights("own/exact_markov_order1.json", "removal_effect");
    const auto sum = effects.at("social") + effects.at("search");
    expect_near(shares.of_journey(journey_of({"social", "search"}, 1)),
                {{"social", effects.at("social") / sum}, {"search", effects.at("search") / sum}},
                kExact);
}

TEST(AttributionModels, ShapleyIsExact) {
    const auto sums = sums_of(testing::own_journeys(), AttributionModel::Shapley);
    expect_near(sums.conversions,
                testing::expected_weights("own/exact_shapley_set.json", "shapley"), 1e-11);
}

// The definition: the mean of what a key adds, over all orders in which keys may join.
TEST(AttributionModels, ShapleyIsTheMeanOverAllOrders) {
    const auto journeys = testing::own_journeys();
    const auto worth = [&](const std::set<std::string>& coalition) {
        return std::ranges::count_if(journeys, [&](const Journey& journey) {
            return journey.value_minor &&
                   std::ranges::all_of(journey.touches, [&](const JourneyTouch& touch) {
                       return coalition.contains(touch.channel);
                   });
        });
    };
    std::vector<std::string> order{"affiliate", "direct", "email", "search", "social"};
    std::map<std::string, std::int64_t> added;
    std::int64_t orders = 0;
    do {
        std::set<std::string> coalition;
        for (const auto& key : order) {
            const auto before = worth(coalition);
            coalition.insert(key);
            added[key] += worth(coalition) - before;
        }
        ++orders;
    } while (std::ranges::next_permutation(order).found);
    const auto sums = sums_of(journeys, AttributionModel::Shapley);
    for (const auto& [key, sum] : added) {
        const auto mean = static_cast<Weight>(sum) / static_cast<Weight>(orders);
        EXPECT_NEAR(sums.conversions.at(key), mean, 1e-9) << key;
    }
}

// One journey per customer: the sessions up to the first conversion, or all of them.
std::vector<Journey> published_journeys() {
    const std::string folder = "snowplow-fractribution/";
    std::map<std::string, std::pair<std::string, std::int64_t>> conversions;
    for (const auto& row :
         testing::attribution_rows(folder + "conversions_by_customer_id_expected.csv")) {
        const auto minor = std::llround(testing::weight_of(row.at("revenue")) * 100);
        conversions[row.at("customer_id")] = {row.at("conversion_tstamp").substr(0, 19), minor};
    }
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> sessions;
    for (const auto& row :
         testing::attribution_rows(folder + "sessions_by_customer_id_expected.csv")) {
        const auto conversion = conversions.find(row.at("customer_id"));
        const auto& start = row.at("visit_start_tstamp");
        if (conversion != conversions.end() && start > conversion->second.first) continue;
        sessions[row.at("customer_id")].emplace_back(start, row.at("channel"));
    }
    std::vector<Journey> journeys;
    for (auto& [customer, visits] : sessions) {
        std::ranges::sort(visits);
        Path channels;
        for (const auto& [start, channel] : visits) channels.push_back(channel);
        const auto conversion = conversions.find(customer);
        std::optional<std::int64_t> value;
        if (conversion != conversions.end()) value = conversion->second.second;
        journeys.push_back(journey_of(channels, value));
    }
    return journeys;
}

TEST(AttributionModels, PathsAreAsPublished) {
    const auto counts = counts_of(published_journeys());
    const auto rows = testing::attribution_rows("snowplow-fractribution/path_summary_expected.csv");
    EXPECT_EQ(counts.size(), rows.size());
    for (const auto& row : rows) {
        const auto found = counts.find(testing::split_text(row.at("transformed_path"), " > "));
        ASSERT_NE(found, counts.end()) << row.at("transformed_path");
        EXPECT_EQ(found->second.converting, std::stoll(row.at("conversions")));
        EXPECT_EQ(found->second.other, std::stoll(row.at("non_conversions")));
    }
}

// What they call shapley is the counterfactual of ours.
TEST(AttributionModels, CreditsAreAsPublished) {
    const auto journeys = published_journeys();
    const std::map<std::string, Sums> sums{
        {"last_touch", sums_of(journeys, AttributionModel::Last)},
        {"shapley", sums_of(journeys, AttributionModel::Counterfactual)}};
    const auto share_of = [](const KeyShares& shares, const std::string& key) {
        const auto found = shares.find(key);
        return found == shares.end() ? Weight{0} : found->second;
    };
    const auto rows =
        testing::attribution_rows("snowplow-fractribution/channel_attribution_expected.csv");
    EXPECT_EQ(rows.size(), 12U);
    for (const auto& row : rows) {
        const auto& seen = sums.at(row.at("ATTRIBUTION_TYPE"));
        const auto& channel = row.at("CHANNEL");
        SCOPED_TRACE(row.at("ATTRIBUTION_TYPE") + " " + channel);
        EXPECT_NEAR(share_of(seen.conversions, channel), testing::weight_of(row.at("CONVERSIONS")),
                    kPublished);
        EXPECT_NEAR(share_of(seen.value_minor, channel) / 100,
                    testing::weight_of(row.at("REVENUE")), kPublished);
    }
}

TEST(AttributionModels, CounterfactualWithoutAnyEffectIsEqual) {
    PathCounts counts;
    counts[{"a"}].converting = 5;
    counts[{"b"}].converting = 5;
    counts[{"a", "b"}].converting = 1;
    const AttributionShares shares(settings_of(AttributionModel::Counterfactual), counts);
    const auto half = Weight{1} / 2;
    expect_near(shares.of_journey(journey_of({"a", "b"}, 1)), {{"a", half}, {"b", half}}, kExact);
}

Journey random_journey(std::mt19937_64& random) {
    Journey journey;
    for (auto touches = random() % 6; touches > 0; --touches) {
        auto& touch = journey.touches.emplace_back();
        touch.touch_id = std::to_string(random());
        touch.at_ms = static_cast<std::int64_t>(random() % 4) * kDayMs;
        touch.channel = random() % 4 == 0 ? "direct" : std::string(1, "abcd"[random() % 4]);
    }
    if (random() % 3 == 0) journey.value_minor = static_cast<std::int64_t>(random() % 1'000'000);
    put_in_order(journey);
    return journey;
}

TEST(AttributionModels, CreditsOfEachConversionSumExactly) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    std::vector<Journey> journeys;
    for (int i = 0; i < 300; ++i) journeys.push_back(random_journey(random));
    const auto counts = counts_of(journeys);
    for (const auto model : attribution_models()) {
        SCOPED_TRACE(name_of(model));
        const AttributionShares shares(settings_of(model), counts);
        for (const auto& journey : journeys) {
            if (!journey.value_minor || journey.touches.empty()) continue;
            std::int64_t amount = 0;
            std::int64_t micros = 0;
            for (const auto& credit :
                 credits_of(shares.of_journey(journey), 1, *journey.value_minor)) {
                amount += credit.amount_minor;
                micros += credit.conversion_micros;
            }
            EXPECT_EQ(amount, *journey.value_minor);
            EXPECT_EQ(micros, kConversionMicros);
        }
    }
}

TEST(AttributionModels, TheOrderOfWhatComesInDoesNotMatter) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    std::vector<Journey> journeys;
    for (int i = 0; i < 100; ++i) journeys.push_back(random_journey(random));
    auto mixed = journeys;
    for (auto& journey : mixed) {
        std::ranges::shuffle(journey.touches, random);
        put_in_order(journey);
    }
    auto counts = counts_of(journeys);
    auto shuffled = mixed;
    std::ranges::shuffle(shuffled, random);
    const auto other_counts = counts_of(shuffled);
    for (const auto model : attribution_models()) {
        const AttributionShares one(settings_of(model), counts);
        const AttributionShares other(settings_of(model), other_counts);
        for (std::size_t i = 0; i < journeys.size(); ++i) {
            EXPECT_EQ(one.of_journey(journeys[i]), other.of_journey(mixed[i])) << name_of(model);
        }
        if (is_of_all_journeys(model)) {
            EXPECT_EQ(one.of_all(), other.of_all());
        }
    }
}

}  // namespace
}  // namespace hw
