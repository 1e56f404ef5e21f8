// SPDX-License-Identifier: Apache-2.0
#include "core/evaluate_reward.hpp"

#include <algorithm>
#include <limits>

#include "base/civil_time.hpp"
#include "base/decimal.hpp"

namespace hw {
namespace {

__extension__ using Int128 = __int128;  // products of two amounts

// A hundredth of a percent of an amount.
constexpr std::int64_t kWhole = 10'000;

bool is_date(const RewardCondition& condition) {
    return condition.attribute.ends_with("Date");
}

// Dates are told as text and compared as milliseconds.
std::string comparable(const RewardCondition& condition, const std::string& value) {
    if (!is_date(condition) || is_decimal(value)) return value;
    auto at_ms = parse_time(value);
    if (!at_ms) at_ms = parse_date(value);
    return at_ms ? std::to_string(*at_ms) : value;
}

bool is_equal(const RewardCondition& condition, const RewardFact& fact, const std::string& value) {
    const bool as_numbers = fact.is_number || !condition.is_text || is_date(condition);
    // Metadata is compared as text when the condition gives text, whatever it holds.
    const bool as_text = condition.attribute == "metadata" && condition.is_text;
    if (as_numbers && !as_text) {
        const auto order = compare_decimals(fact.text, value);
        if (order) return *order == std::strong_ordering::equal;
    }
    return fact.text == value;
}

bool is_any(const RewardCondition& condition, const RewardFact& fact) {
    return std::ranges::any_of(condition.values, [&](const auto& value) {
        return is_equal(condition, fact, comparable(condition, value));
    });
}

bool holds_for_text(const RewardCondition& condition, const std::string& text,
                    const std::string& needle) {
    if (needle.empty()) return false;
    if (condition.comparison == "starts_with") return text.starts_with(needle);
    if (condition.comparison == "ends_with") return text.ends_with(needle);
    const bool found = text.find(needle) != std::string::npos;
    if (condition.comparison == "contains") return found;
    return condition.comparison == "not_contains" && !found;
}

bool holds_for_number(const RewardCondition& condition, const std::string& number,
                      const std::string& value) {
    const auto order = compare_decimals(number, value);
    if (!order) return false;
    if (condition.comparison == "greater_than") return *order > 0;
    if (condition.comparison == "greater_than_or_equal") return *order >= 0;
    if (condition.comparison == "less_than") return *order < 0;
    return *order <= 0;
}

bool matches(const RewardModifier& modifier, RewardFacts facts) {
    const auto is_true = [&](const RewardCondition& condition) {
        return holds(condition, facts(condition));
    };
    if (modifier.conditions.empty()) return false;
    return modifier.needs_all ? std::ranges::all_of(modifier.conditions, is_true)
                              : std::ranges::any_of(modifier.conditions, is_true);
}

std::int64_t capped(Int128 amount) {
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    return amount > kMost ? kMost : static_cast<std::int64_t>(amount);
}

}  // namespace

bool holds(const RewardCondition& condition, const std::optional<RewardFact>& fact) {
    if (!fact || fact->text.empty() || condition.values.empty()) return false;
    const auto& comparison = condition.comparison;
    if (comparison == "in") return is_any(condition, *fact);
    if (comparison == "not_in") return !is_any(condition, *fact);
    const auto value = comparable(condition, condition.values.front());
    if (comparison == "equals_to") return is_equal(condition, *fact, value);
    if (comparison == "not_equals") return !is_equal(condition, *fact, value);
    if (comparison.ends_with("with") || comparison.ends_with("contains")) {
        return holds_for_text(condition, fact->text, value);
    }
    return holds_for_number(condition, fact->text, value);
}

std::int64_t earnings_of(const RewardAmount& amount, const RewardedLine& line) {
    if (!amount.is_percentage) return capped(Int128{line.quantity} * amount.amount);
    return capped((Int128{line.amount} * amount.amount + kWhole / 2) / kWhole);
}

Earned evaluate_reward(const Reward& reward, const RewardedLine& line, RewardFacts facts) {
    Earned best{earnings_of(reward.base, line), reward.base.max_duration_months, ""};
    bool found = false;
    for (const auto& modifier : reward.modifiers) {
        if (!matches(modifier, facts)) continue;
        const auto earnings = earnings_of(modifier.amount, line);
        if (found && earnings <= best.earnings) continue;
        best = {earnings, modifier.amount.max_duration_months, modifier.modifier_id};
        found = true;
    }
    return best;
}

}  // namespace hw
