// SPDX-License-Identifier: Apache-2.0
#include "core/rewards.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "base/limits.hpp"
#include "core/programs.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

Reward sale_reward() {
    Reward reward;
    reward.event = "sale";
    reward.base = {.is_percentage = true, .amount = 1'000, .max_duration_months = 12};
    return reward;
}

Reward flat_reward(const std::string& event, std::optional<std::int64_t> months = 0) {
    Reward reward;
    reward.event = event;
    reward.base = {.is_percentage = false, .amount = 500, .max_duration_months = months};
    return reward;
}

Reward with_condition(Reward reward, RewardCondition condition) {
    RewardModifier modifier;
    modifier.modifier_id = "m";
    modifier.amount = reward.base;
    modifier.conditions.push_back(std::move(condition));
    reward.modifiers.push_back(std::move(modifier));
    return reward;
}

std::string outcome(const Result<void>& result) {
    return result ? "" : result.error().message;
}

TEST(CheckReward, AmountsAndDurations) {
    const auto changed = [](Reward reward, const std::function<void(Reward&)>& change) {
        change(reward);
        return reward;
    };
    struct Row {
        Reward reward;
        std::string expected;
    };
    const Row rows[] = {
        {sale_reward(), ""},
        {flat_reward("click"), ""},
        {flat_reward("referral", std::nullopt), ""},
        {flat_reward("open"),
         "custom: event: 'open' is unknown: use one of click, lead, sale, referral"},
        {changed(sale_reward(), [](Reward& r) { r.base.amount = 10'000; }), ""},
        {changed(sale_reward(), [](Reward& r) { r.base.amount = 10'001; }),
         "custom: amountInPercentage: give a percentage from 0 to 100"},
        {changed(sale_reward(), [](Reward& r) { r.base.amount = -1; }),
         "custom: amountInPercentage: give a percentage from 0 to 100"},
        {changed(flat_reward("sale"), [](Reward& r) { r.base.amount = 99'999'999; }), ""},
        {changed(flat_reward("sale"), [](Reward& r) { r.base.amount = 100'000'000; }),
         "custom: amountInCents: 100000000 is not from 0 to 99999999"},
        {changed(flat_reward("lead"), [](Reward& r) { r.base.is_percentage = true; }),
         "custom: type: a percentage is for sales alone: use flat"},
        {flat_reward("sale", 600), ""},
        {flat_reward("sale", 601), "custom: maxDuration: 601 is not from 0 to 600 months"},
        {flat_reward("click", 1),
         "custom: maxDuration: a click is paid once: give 0 or leave it out"},
        {flat_reward("lead", std::nullopt),
         "custom: maxDuration: a lead is paid once: give 0 or leave it out"},
        {changed(sale_reward(),
                 [](Reward& r) {
                     r.spend_limit = 100;
                     r.spend_limit_interval = "year";
                 }),
         "custom: spendLimit.interval: 'year' is unknown: use one of allTime, day, week, month"},
        {changed(sale_reward(),
                 [](Reward& r) {
                     r.spend_limit = 0;
                     r.spend_limit_interval = "day";
                 }),
         "custom: spendLimit.amount: 0 is not from 1 to 9007199254740991"},
        {changed(flat_reward("referral"),
                 [](Reward& r) {
                     r.spend_limit = 1;
                     r.spend_limit_interval = "day";
                 }),
         "custom: spendLimit: a referral is paid once: omit it"},
        {changed(sale_reward(),
                 [](Reward& r) { r.modifiers.resize(limits::kRewardModifiersMax + 1); }),
         "custom: modifiers: 51 modifiers; 50 is the limit"},
        {changed(sale_reward(), [](Reward& r) { r.modifiers.resize(1); }),
         "custom: modifiers[0].conditions: 0 conditions; give 1 to 50"},
    };
    for (const auto& row : rows) EXPECT_EQ(outcome(check_reward(row.reward)), row.expected);
}

TEST(CheckReward, Conditions) {
    using Values = std::vector<std::string>;
    struct Row {
        std::string event;
        RewardCondition condition;
        std::string expected;
    };
    const Row rows[] = {
        {"sale", {"customer", "country", "equals_to", {"DE"}, true, ""}, ""},
        {"sale", {"sale", "amount", "greater_than", {"100.5"}, false, ""}, ""},
        {"sale", {"sale", "metadata", "not_in", {"a", "b"}, true, "plan"}, ""},
        {"sale", {"customer", "signupDate", "less_than", {"2026-01-31"}, true, ""}, ""},
        {"lead", {"lead", "metadata", "equals_to", {"pro"}, true, "plan"}, ""},
        {"click", {"customer", "country", "in", {"DE"}, true, ""}, ""},
        {"sale",
         {"shop", "country", "equals_to", {"DE"}, true, ""},
         "entity: 'shop' is unknown: use one of customer, partner, sale, lead"},
        {"sale",
         {"sale", "country", "equals_to", {"DE"}, true, ""},
         "attribute: sale has no 'country': use one of productId, amount, type, metadata"},
        {"lead",
         {"sale", "amount", "greater_than", {"1"}, false, ""},
         "entity: sale.amount is not known of a lead: rewards for sale can ask for it"},
        {"click",
         {"customer", "signupDate", "less_than", {"2026-01-31"}, true, ""},
         "entity: customer.signupDate is not known of a click: rewards for lead sale can ask for "
         "it"},
        {"sale",
         {"customer", "country", "like", {"DE"}, true, ""},
         "operator: 'like' is unknown: use one of equals_to, not_equals, in, not_in, starts_with, "
         "ends_with, contains, not_contains, greater_than, greater_than_or_equal, less_than, "
         "less_than_or_equal"},
        {"sale",
         {"customer", "country", "less_than", {"1"}, true, ""},
         "operator: less_than does not compare country"},
        {"sale",
         {"sale", "amount", "contains", {"1"}, true, ""},
         "operator: contains does not compare amount"},
        {"sale", {"sale", "amount", "equals_to", {"much"}, true, ""}, "value: 'much' is no number"},
        {"sale",
         {"sale", "metadata", "greater_than", {"much"}, true, "size"},
         "value: 'much' is no number"},
        {"sale",
         {"customer", "signupDate", "less_than", {"soon"}, true, ""},
         "value: 'soon' is no date: write for example 2026-01-31"},
        {"sale",
         {"customer", "country", "equals_to", {}, true, ""},
         "value: give a value to compare with"},
        {"sale",
         {"customer", "country", "equals_to", {"DE", "FR"}, true, ""},
         "value: 2 values; equals_to takes one"},
        {"sale",
         {"customer", "country", "in", Values(1'001, "DE"), true, ""},
         "value: 1001 values; 1000 is the limit"},
        {"sale",
         {"sale", "metadata", "equals_to", {"a"}, true, ""},
         "metadataField: name the field of metadata, and of nothing else"},
        {"sale",
         {"customer", "country", "equals_to", {"DE"}, true, "plan"},
         "metadataField: name the field of metadata, and of nothing else"},
    };
    for (const auto& row : rows) {
        const auto base = row.event == "sale" ? sale_reward() : flat_reward(row.event);
        const auto expected =
            row.expected.empty() ? "" : "custom: modifiers[0].conditions[0]." + row.expected;
        EXPECT_EQ(outcome(check_reward(with_condition(base, row.condition))), expected);
    }
}

class RewardsTest : public EngineTest {};

TEST_P(RewardsTest, ADeletedRewardIsTakenFromItsGroups) {
    const auto done = write([&](Tx& tx) -> Result<bool> {
        ProgramFields fields;
        fields.name = "Shop";
        const auto program = HW_TRY(create_program(tx, fields));
        const auto sale = HW_TRY(create_reward(tx, sale_reward()));
        const auto lead = HW_TRY(create_reward(tx, flat_reward("lead")));
        const auto discount = HW_TRY(create_discount(tx, {}));
        const auto groups = list_groups(tx, workspace_id, program.program_id);
        GroupFields wanted;
        wanted.sale_reward_id.emplace(sale.reward_id);
        wanted.lead_reward_id.emplace(lead.reward_id);
        wanted.discount_id.emplace(discount.discount_id);
        HW_TRY(update_group(tx, groups.at(0).group_id, wanted));
        HW_TRY(delete_reward(tx, sale.reward_id));
        HW_TRY(delete_discount(tx, discount.discount_id));
        const auto group = HW_TRY(get_group(tx, groups.at(0).group_id));
        EXPECT_EQ(group.sale_reward_id, std::nullopt);
        EXPECT_EQ(group.discount_id, std::nullopt);
        EXPECT_EQ(group.lead_reward_id, lead.reward_id);
        EXPECT_EQ(delete_reward(tx, sale.reward_id).error().message, "Reward not found.");
        return true;
    });
    EXPECT_TRUE(done) << done.error().message;
}

HW_ON_BOTH_ENGINES(RewardsTest);

}  // namespace
}  // namespace hw
