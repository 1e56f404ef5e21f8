// SPDX-License-Identifier: Apache-2.0
#include "core/evaluate_reward.hpp"

#include <gtest/gtest.h>

#include <map>

namespace hw {
namespace {

RewardAmount percent(std::int64_t hundredths) {
    return {.is_percentage = true, .amount = hundredths, .max_duration_months = {}};
}
RewardAmount flat(std::int64_t amount) {
    return {.is_percentage = false, .amount = amount, .max_duration_months = {}};
}

TEST(EarningsOf, PercentageRoundsHalfUp) {
    struct Case {
        std::int64_t sale;
        std::int64_t hundredths;
        std::int64_t earnings;
    };
    const Case cases[] = {
        {3, 2'000, 1},
        {2, 2'000, 0},
        {15, 1'000, 2},
        {1, 5'000, 1},
        {500, 290, 15},
        {1'900, 1'000, 190},
        {0, 5'000, 0},
        {999, 10'000, 999},
        {333, 3'333, 111},
        {5, 1'000, 1},
        {4, 1'000, 0},
        {100, 1, 0},
        {10'000, 1, 1},
        {4'999, 1, 0},
        {5'000, 1, 1},
        {1, 4'999, 0},
        {9'223'372'036'854'775'807, 10'000, 9'223'372'036'854'775'807},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(earnings_of(percent(c.hundredths), {"", c.sale, 7}), c.earnings)
            << c.sale << " at " << c.hundredths;
    }
}

TEST(EarningsOf, FlatIsPerPiece) {
    struct Case {
        std::int64_t amount;
        std::int64_t quantity;
        std::int64_t earnings;
    };
    const Case cases[] = {{500, 1, 500},
                          {500, 3, 1'500},
                          {0, 9, 0},
                          {99'999'999, 1'000'000, 99'999'999'000'000},
                          {9'000'000'000'000'000'000, 2, 9'223'372'036'854'775'807}};
    for (const auto& c : cases) {
        EXPECT_EQ(earnings_of(flat(c.amount), {"", 12'345, c.quantity}), c.earnings);
    }
}

struct HoldsCase {
    std::string_view comparison;
    std::vector<std::string> values;
    bool is_text;
    std::optional<RewardFact> fact;
    bool expected;
};

void expect_holds(const std::vector<HoldsCase>& cases, std::string_view attribute) {
    for (const auto& c : cases) {
        const RewardCondition condition{.entity = "sale",
                                        .attribute = std::string(attribute),
                                        .comparison = std::string(c.comparison),
                                        .values = c.values,
                                        .is_text = c.is_text,
                                        .metadata_field = "plan"};
        EXPECT_EQ(holds(condition, c.fact), c.expected)
            << attribute << " " << c.comparison << " " << (c.values.empty() ? "" : c.values.front())
            << " of " << (c.fact ? c.fact->text : "nothing");
    }
}

TEST(Holds, Texts) {
    const RewardFact germany{"DE", false};
    const RewardFact product{"prod_basic_yearly", false};
    expect_holds({{"equals_to", {"DE"}, true, germany, true},
                  {"equals_to", {"de"}, true, germany, false},
                  {"not_equals", {"US"}, true, germany, true},
                  {"not_equals", {"DE"}, true, germany, false},
                  {"in", {"US", "DE"}, true, germany, true},
                  {"in", {"US", "FR"}, true, germany, false},
                  {"not_in", {"US", "FR"}, true, germany, true},
                  {"not_in", {"US", "DE"}, true, germany, false},
                  {"starts_with", {"prod_"}, true, product, true},
                  {"starts_with", {"yearly"}, true, product, false},
                  {"ends_with", {"yearly"}, true, product, true},
                  {"ends_with", {"basic"}, true, product, false},
                  {"contains", {"basic"}, true, product, true},
                  {"contains", {"pro max"}, true, product, false},
                  {"not_contains", {"pro max"}, true, product, true},
                  {"not_contains", {"basic"}, true, product, false},
                  {"greater_than", {"A"}, true, germany, false}},
                 "country");
}

TEST(Holds, MissingFactsAndEmptyNeedlesNeverDo) {
    const char* const every[] = {"equals_to",    "not_equals",
                                 "starts_with",  "ends_with",
                                 "contains",     "not_contains",
                                 "in",           "not_in",
                                 "greater_than", "greater_than_or_equal",
                                 "less_than",    "less_than_or_equal"};
    for (const auto* comparison : every) {
        expect_holds({{comparison, {"5"}, true, std::nullopt, false},
                      {comparison, {"5"}, true, RewardFact{"", false}, false},
                      {comparison, {}, true, RewardFact{"5", true}, false}},
                     "amount");
    }
    expect_holds({{"starts_with", {""}, true, RewardFact{"a", false}, false},
                  {"ends_with", {""}, true, RewardFact{"a", false}, false},
                  {"contains", {""}, true, RewardFact{"a", false}, false},
                  {"not_contains", {""}, true, RewardFact{"a", false}, false}},
                 "country");
}

TEST(Holds, Numbers) {
    const RewardFact amount{"10000", true};
    expect_holds({{"equals_to", {"10000"}, false, amount, true},
                  {"equals_to", {"10000.00"}, true, amount, true},
                  {"not_equals", {"9999"}, false, amount, true},
                  {"greater_than", {"9999"}, false, amount, true},
                  {"greater_than", {"10000"}, false, amount, false},
                  {"greater_than", {"9"}, false, amount, true},  // not by letters
                  {"greater_than_or_equal", {"10000"}, true, amount, true},
                  {"less_than", {"10000.01"}, false, amount, true},
                  {"less_than", {"10000"}, false, amount, false},
                  {"less_than_or_equal", {"10000"}, false, amount, true},
                  {"less_than", {"many"}, true, amount, false},
                  {"in", {"1", "10000"}, false, amount, true}},
                 "amount");
}

TEST(Holds, Dates) {
    const RewardFact signed_up{"1767225600000", true};  // 2026-01-01
    expect_holds({{"equals_to", {"2026-01-01"}, true, signed_up, true},
                  {"equals_to", {"2026-01-01T01:00:00+01:00"}, true, signed_up, true},
                  {"less_than", {"2026-01-02"}, true, signed_up, true},
                  {"greater_than", {"2025-12-31T23:59:59Z"}, true, signed_up, true},
                  {"greater_than", {"2026-01-01"}, true, signed_up, false},
                  {"greater_than_or_equal", {"1767225600000"}, false, signed_up, true}},
                 "signupDate");
}

TEST(Holds, MetadataIsTextWhereTheConditionIs) {
    const RewardFact seats{"10", true};
    expect_holds({{"equals_to", {"10"}, true, seats, true},
                  {"equals_to", {"10.0"}, true, seats, false},
                  {"equals_to", {"10.0"}, false, seats, true},
                  {"greater_than", {"9"}, false, seats, true},
                  {"greater_than", {"9"}, true, seats, true},
                  {"equals_to", {"pro"}, true, RewardFact{"pro", false}, true}},
                 "metadata");
}

RewardModifier modifier(std::string id, bool needs_all, std::vector<RewardCondition> conditions,
                        RewardAmount amount) {
    return {std::move(id), needs_all, std::move(conditions), amount};
}
RewardCondition country_is(std::string country) {
    return {"customer", "country", "equals_to", {std::move(country)}, true, ""};
}
RewardCondition amount_over(std::string amount) {
    return {"sale", "amount", "greater_than", {std::move(amount)}, false, ""};
}

TEST(EvaluateReward, TheModifierThatPaysMost) {
    Reward reward;
    reward.base = percent(2'000);
    reward.base.max_duration_months = 12;
    auto small = modifier("small", false, {country_is("DE"), country_is("AT")}, percent(500));
    small.amount.max_duration_months = 0;
    reward.modifiers = {small,
                        modifier("big", true, {country_is("DE"), amount_over("5000")}, flat(3'000)),
                        modifier("never", true, {}, flat(1'000'000))};
    struct Case {
        std::string country;
        std::int64_t amount;
        std::int64_t earnings;
        std::optional<std::int64_t> months;
        std::string modifier_id;
    };
    const Case cases[] = {
        {"US", 10'000, 2'000, 12, ""},       // nothing matches: the base
        {"", 10'000, 2'000, 12, ""},         // country unknown
        {"AT", 10'000, 500, 0, "small"},     // OR; less than the base, and yet it replaces it
        {"DE", 4'000, 200, 0, "small"},      // AND fails on the amount
        {"DE", 10'000, 3'000, {}, "big"},    // both match: the higher
        {"DE", 100'000, 5'000, 0, "small"},  // 5 % of much is more than the flat one
    };
    for (const auto& c : cases) {
        const auto facts = [&](const RewardCondition& condition) -> std::optional<RewardFact> {
            if (condition.attribute == "amount") return RewardFact{std::to_string(c.amount), true};
            if (c.country.empty()) return std::nullopt;
            return RewardFact{c.country, false};
        };
        const auto earned = evaluate_reward(reward, {"", c.amount, 1}, facts);
        EXPECT_EQ(earned.earnings, c.earnings) << c.country << " " << c.amount;
        EXPECT_EQ(earned.max_duration_months, c.months) << c.country << " " << c.amount;
        EXPECT_EQ(earned.modifier_id, c.modifier_id) << c.country << " " << c.amount;
    }
}

}  // namespace
}  // namespace hw
