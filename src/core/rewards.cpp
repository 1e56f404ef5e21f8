// SPDX-License-Identifier: Apache-2.0
#include "core/rewards.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/civil_time.hpp"
#include "base/decimal.hpp"
#include "base/limits.hpp"
#include "core/programs.hpp"

namespace hw {
namespace {

std::unexpected<Error> refuse(std::string_view place, std::string_view why) {
    return fail(ErrorCode::UnprocessableEntity, fmt::format("custom: {}: {}", place, why),
                "invalid_reward");
}

enum class Operand : std::uint8_t { Text, Number, Date, Any };

struct Attribute {
    std::string_view entity;
    std::string_view name;
    Operand operand;
    std::string_view events;  // that can answer it
};

constexpr Attribute kAttributes[] = {
    {"customer", "country", Operand::Text, "click lead sale"},
    {"customer", "source", Operand::Text, "lead sale"},
    {"customer", "subscriptionDurationMonths", Operand::Number, "lead sale"},
    {"customer", "subscriptionStartDate", Operand::Date, "lead sale"},
    {"customer", "signupDate", Operand::Date, "lead sale"},
    {"partner", "country", Operand::Text, "click lead sale referral"},
    {"partner", "totalClicks", Operand::Number, "click lead sale referral"},
    {"partner", "totalLeads", Operand::Number, "click lead sale referral"},
    {"partner", "totalConversions", Operand::Number, "click lead sale referral"},
    {"partner", "totalSaleAmount", Operand::Number, "click lead sale referral"},
    {"partner", "totalCommissions", Operand::Number, "click lead sale referral"},
    {"sale", "productId", Operand::Text, "sale"},
    {"sale", "amount", Operand::Number, "sale"},
    {"sale", "type", Operand::Text, "sale"},
    {"sale", "metadata", Operand::Any, "sale"},
    {"lead", "metadata", Operand::Any, "lead"},
};

constexpr std::array<std::string_view, 4> kEntities = {"customer", "partner", "sale", "lead"};
constexpr std::array<std::string_view, 4> kTextComparisons = {"starts_with", "ends_with",
                                                              "contains", "not_contains"};
constexpr std::array<std::string_view, 4> kOrderComparisons = {
    "greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal"};
constexpr std::array<std::string_view, 4> kEqualComparisons = {"equals_to", "not_equals", "in",
                                                               "not_in"};

bool is_one_of(std::string_view text, const std::array<std::string_view, 4>& options) {
    return std::ranges::find(options, text) != options.end();
}

std::vector<std::string_view> names_of(std::string_view entity) {
    std::vector<std::string_view> names;
    for (const auto& attribute : kAttributes) {
        if (attribute.entity == entity) names.push_back(attribute.name);
    }
    return names;
}

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const auto space = words.find(' ');
        if (words.substr(0, space) == word) return true;
        words = space == words.npos ? std::string_view{} : words.substr(space + 1);
    }
    return false;
}

Result<const Attribute*> attribute_of(const RewardCondition& condition, std::string_view event,
                                      const std::string& place) {
    if (!is_one_of(condition.entity, kEntities)) {
        return refuse(place + ".entity", fmt::format("'{}' is unknown: use one of {}",
                                                     condition.entity, fmt::join(kEntities, ", ")));
    }
    for (const auto& attribute : kAttributes) {
        if (attribute.entity != condition.entity || attribute.name != condition.attribute) continue;
        if (has_word(attribute.events, event)) return &attribute;
        return refuse(place + ".entity",
                      fmt::format("{}.{} is not known of a {}: rewards for {} can ask for it",
                                  condition.entity, condition.attribute, event, attribute.events));
    }
    return refuse(place + ".attribute",
                  fmt::format("{} has no '{}': use one of {}", condition.entity,
                              condition.attribute, fmt::join(names_of(condition.entity), ", ")));
}

bool is_date(const std::string& value) {
    return parse_time(value) || parse_date(value) || is_decimal(value);
}

Result<void> check_values(const RewardCondition& condition, Operand operand,
                          const std::string& place) {
    const bool is_list = condition.comparison == "in" || condition.comparison == "not_in";
    if (condition.values.empty()) return refuse(place, "give a value to compare with");
    if (!is_list && condition.values.size() > 1) {
        return refuse(place, fmt::format("{} values; {} takes one", condition.values.size(),
                                         condition.comparison));
    }
    if (condition.values.size() > limits::kConditionValuesMax) {
        return refuse(place, fmt::format("{} values; {} is the limit", condition.values.size(),
                                         limits::kConditionValuesMax));
    }
    const bool is_order = is_one_of(condition.comparison, kOrderComparisons);
    for (const auto& value : condition.values) {
        if (operand == Operand::Date) {
            if (!is_date(value)) {
                return refuse(place,
                              fmt::format("'{}' is no date: write for example 2026-01-31", value));
            }
        } else if ((operand == Operand::Number || is_order) && !is_decimal(value)) {
            return refuse(place, fmt::format("'{}' is no number", value));
        }
    }
    return {};
}

Result<void> check_condition(const RewardCondition& condition, std::string_view event,
                             const std::string& place) {
    const auto* attribute = HW_TRY(attribute_of(condition, event, place));
    const auto& comparison = condition.comparison;
    const bool is_text = is_one_of(comparison, kTextComparisons);
    const bool is_order = is_one_of(comparison, kOrderComparisons);
    if (!is_text && !is_order && !is_one_of(comparison, kEqualComparisons)) {
        return refuse(
            place + ".operator",
            fmt::format("'{}' is unknown: use one of {}, {}, {}", comparison,
                        fmt::join(kEqualComparisons, ", "), fmt::join(kTextComparisons, ", "),
                        fmt::join(kOrderComparisons, ", ")));
    }
    const auto operand = attribute->operand;
    if ((is_text && (operand == Operand::Number || operand == Operand::Date)) ||
        (is_order && operand == Operand::Text)) {
        return refuse(place + ".operator",
                      fmt::format("{} does not compare {}", comparison, condition.attribute));
    }
    if ((condition.attribute == "metadata") != !condition.metadata_field.empty()) {
        return refuse(place + ".metadataField", "name the field of metadata, and of nothing else");
    }
    return check_values(condition, operand, place + ".value");
}

Result<void> check_amount(const RewardAmount& amount, std::string_view event,
                          const std::string& place) {
    if (amount.is_percentage && event != "sale") {
        return refuse(place + "type", "a percentage is for sales alone: use flat");
    }
    const auto most = amount.is_percentage ? limits::kPercentageMax : limits::kFlatRewardMax;
    if (amount.amount < 0 || amount.amount > most) {
        return amount.is_percentage
                   ? refuse(place + "amountInPercentage", "give a percentage from 0 to 100")
                   : refuse(place + "amountInCents",
                            fmt::format("{} is not from 0 to {}", amount.amount, most));
    }
    const auto months = amount.max_duration_months;
    if (months && (*months < 0 || *months > limits::kRewardMonthsMax)) {
        return refuse(place + "maxDuration", fmt::format("{} is not from 0 to {} months", *months,
                                                         limits::kRewardMonthsMax));
    }
    if ((event == "click" || event == "lead") && months != 0) {
        return refuse(place + "maxDuration",
                      fmt::format("a {} is paid once: give 0 or leave it out", event));
    }
    return {};
}

Result<void> check_modifier(const RewardModifier& modifier, std::string_view event,
                            const std::string& place) {
    HW_CHECK(check_amount(modifier.amount, event, place + "."));
    const auto& conditions = modifier.conditions;
    if (conditions.empty() || conditions.size() > limits::kModifierConditionsMax) {
        return refuse(place + ".conditions",
                      fmt::format("{} conditions; give 1 to {}", conditions.size(),
                                  limits::kModifierConditionsMax));
    }
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        HW_CHECK(check_condition(conditions[i], event, fmt::format("{}.conditions[{}]", place, i)));
    }
    return {};
}

Result<void> check_spend_limit(const Reward& reward) {
    if (!reward.spend_limit) return {};
    if (reward.event == "referral") return refuse("spendLimit", "a referral is paid once: omit it");
    constexpr std::array<std::string_view, 4> kIntervals = {"allTime", "day", "week", "month"};
    if (!is_one_of(reward.spend_limit_interval, kIntervals)) {
        return refuse("spendLimit.interval",
                      fmt::format("'{}' is unknown: use one of {}", reward.spend_limit_interval,
                                  fmt::join(kIntervals, ", ")));
    }
    if (*reward.spend_limit >= 1 && *reward.spend_limit <= limits::kAmountMax) return {};
    return refuse("spendLimit.amount",
                  fmt::format("{} is not from 1 to {}", *reward.spend_limit, limits::kAmountMax));
}

// Groups of the programme lose what `slot` names it by.
void take_from_groups(Tx& tx, std::string_view program_id, std::string_view id) {
    for (auto group : list_groups(tx, tx.workspace_id(), program_id)) {
        bool changed = false;
        for (auto slot : {&PartnerGroup::click_reward_id, &PartnerGroup::lead_reward_id,
                          &PartnerGroup::sale_reward_id, &PartnerGroup::referral_reward_id,
                          &PartnerGroup::discount_id}) {
            if (group.*slot != id) continue;
            (group.*slot).reset();
            changed = true;
        }
        if (changed) update_group(tx, group);
    }
}

}  // namespace

Result<void> check_reward(const Reward& reward) {
    constexpr std::array<std::string_view, 4> kEvents = {"click", "lead", "sale", "referral"};
    if (!is_one_of(reward.event, kEvents)) {
        return refuse("event", fmt::format("'{}' is unknown: use one of {}", reward.event,
                                           fmt::join(kEvents, ", ")));
    }
    HW_CHECK(check_amount(reward.base, reward.event, ""));
    HW_CHECK(check_spend_limit(reward));
    if (reward.modifiers.size() > limits::kRewardModifiersMax) {
        return refuse("modifiers",
                      fmt::format("{} modifiers; {} is the limit", reward.modifiers.size(),
                                  limits::kRewardModifiersMax));
    }
    for (std::size_t i = 0; i < reward.modifiers.size(); ++i) {
        HW_CHECK(
            check_modifier(reward.modifiers[i], reward.event, fmt::format("modifiers[{}]", i)));
    }
    return {};
}

Result<void> check_discount(const Discount& discount) {
    const auto most = discount.is_percentage ? limits::kPercentageMax : limits::kFlatRewardMax;
    if (discount.amount < 0 || discount.amount > most) {
        return refuse("amount", discount.is_percentage
                                    ? "give a percentage from 0 to 100"
                                    : fmt::format("{} is not from 0 to {}", discount.amount, most));
    }
    const auto months = discount.max_duration_months;
    if (!months || (*months >= 0 && *months <= limits::kRewardMonthsMax)) return {};
    return refuse("maxDuration",
                  fmt::format("{} is not from 0 to {} months", *months, limits::kRewardMonthsMax));
}

Result<Reward> get_reward(Tx& tx, std::string_view reward_id) {
    auto reward = find_reward(tx, tx.workspace_id(), reward_id);
    if (!reward) return fail(ErrorCode::NotFound, "Reward not found.", "reward_not_found");
    return std::move(*reward);
}

Result<Reward> create_reward(Tx& tx, Reward reward) {
    const auto named = reward.program_id.empty() ? std::nullopt : std::optional(reward.program_id);
    const auto program = HW_TRY(required_program(tx, named));
    HW_CHECK(check_reward(reward));
    if (list_rewards(tx, program.workspace_id, program.program_id).size() >=
        limits::kRewardsOfProgramMax) {
        return fail(ErrorCode::Forbidden,
                    fmt::format("A program has at most {} rewards.", limits::kRewardsOfProgramMax),
                    "too_many_rewards");
    }
    reward.workspace_id = program.workspace_id;
    reward.program_id = program.program_id;
    reward.reward_id = tx.new_id("rw_");
    reward.created_at_ms = reward.updated_at_ms = tx.now_ms();
    insert_reward(tx, reward);
    return reward;
}

Result<Reward> update_reward(Tx& tx, const Reward& before, Reward reward) {
    if (reward.program_id != before.program_id) {
        return refuse("programId", fmt::format("the reward belongs to {} for good: leave it out",
                                               before.program_id));
    }
    if (reward.event != before.event) {
        return refuse("event", fmt::format("the reward is for a {} for good: make another one",
                                           before.event));
    }
    HW_CHECK(check_reward(reward));
    reward.workspace_id = before.workspace_id;
    reward.reward_id = before.reward_id;
    reward.created_at_ms = before.created_at_ms;
    reward.updated_at_ms = tx.now_ms();
    update_reward(tx, reward);
    return reward;
}

Result<std::string> delete_reward(Tx& tx, std::string_view reward_id) {
    const auto reward = HW_TRY(get_reward(tx, reward_id));
    take_from_groups(tx, reward.program_id, reward.reward_id);
    delete_reward(tx, reward.workspace_id, reward.reward_id);
    return reward.reward_id;
}

Result<Discount> get_discount(Tx& tx, std::string_view discount_id) {
    auto discount = find_discount(tx, tx.workspace_id(), discount_id);
    if (!discount) return fail(ErrorCode::NotFound, "Discount not found.", "discount_not_found");
    return std::move(*discount);
}

Result<Discount> create_discount(Tx& tx, Discount discount) {
    const auto named =
        discount.program_id.empty() ? std::nullopt : std::optional(discount.program_id);
    const auto program = HW_TRY(required_program(tx, named));
    HW_CHECK(check_discount(discount));
    if (list_discounts(tx, program.workspace_id, program.program_id).size() >=
        limits::kRewardsOfProgramMax) {
        return fail(
            ErrorCode::Forbidden,
            fmt::format("A program has at most {} discounts.", limits::kRewardsOfProgramMax),
            "too_many_discounts");
    }
    discount.workspace_id = program.workspace_id;
    discount.program_id = program.program_id;
    discount.discount_id = tx.new_id("disc_");
    discount.created_at_ms = tx.now_ms();
    insert_discount(tx, discount);
    return discount;
}

Result<Discount> update_discount(Tx& tx, const Discount& before, Discount discount) {
    if (discount.program_id != before.program_id) {
        return refuse("programId", fmt::format("the discount belongs to {} for good: leave it out",
                                               before.program_id));
    }
    HW_CHECK(check_discount(discount));
    discount.workspace_id = before.workspace_id;
    discount.discount_id = before.discount_id;
    discount.created_at_ms = before.created_at_ms;
    update_discount(tx, discount);
    return discount;
}

Result<std::string> delete_discount(Tx& tx, std::string_view discount_id) {
    const auto discount = HW_TRY(get_discount(tx, discount_id));
    take_from_groups(tx, discount.program_id, discount.discount_id);
    delete_discount(tx, discount.workspace_id, discount.discount_id);
    return discount.discount_id;
}

}  // namespace hw
