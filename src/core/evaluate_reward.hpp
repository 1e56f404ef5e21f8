// SPDX-License-Identifier: Apache-2.0
// What a reward pays for one click, lead or sale: the base amount, or that of the best modifier
// whose conditions hold. Pure: the facts come from a callback, so that a preview, a replay and the
// booking ask the same code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.hpp"
#include "store/rewards.hpp"

namespace hw {

// A fact as text; numbers as decimal text, dates as milliseconds since 1970. Nothing, and the empty
// text, mean that it is missing: then no condition on it holds, not even a negative one.
struct RewardFact {
    std::string text;
    bool is_number = false;
};
using RewardFacts = FunctionRef<std::optional<RewardFact>(const RewardCondition& condition)>;

// Part of a sale: an invoice line, or all of it.
struct RewardedLine {
    std::string product_id;   // empty: not known
    std::int64_t amount = 0;  // minor units of the reporting currency
    std::int64_t quantity = 1;
};

struct Earned {
    std::int64_t earnings = 0;                        // minor units of the reporting currency
    std::optional<std::int64_t> max_duration_months;  // 0: the first only; nothing: for ever
    std::string modifier_id;                          // the one that paid; empty: the base
};

// Whether the condition holds.
bool holds(const RewardCondition& condition, const std::optional<RewardFact>& fact);

// What one amount pays. Sale, percentage: (amount x percentage) / 100, half a minor unit rounded
// up, whatever the quantity; everything else: quantity x amount. Capped at the largest int64.
std::int64_t earnings_of(const RewardAmount& amount, const RewardedLine& line);

// Of all modifiers that match, the one that pays most for this line; without one the base.
Earned evaluate_reward(const Reward& reward, const RewardedLine& line, RewardFacts facts);

}  // namespace hw
