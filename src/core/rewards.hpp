// SPDX-License-Identifier: Apache-2.0
// Rewards and discounts as a programme's owner sets them up, and what they may say (reference: dub,
// 5.1).
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "store/discounts.hpp"
#include "store/rewards.hpp"

namespace hw {

// Everything that a reward may not say, whoever says it: amounts, durations, limits, and conditions
// that its event cannot answer. The error names the place: "modifiers[0].conditions[1].attribute".
Result<void> check_reward(const Reward& reward);
Result<void> check_discount(const Discount& discount);

Result<Reward> get_reward(Tx& tx, std::string_view reward_id);
// Ids and times are given here.
Result<Reward> create_reward(Tx& tx, Reward reward);
// What commissions were credited by stays with them, so a changed reward holds from now on alone.
Result<Reward> update_reward(Tx& tx, const Reward& before, Reward reward);
// Gives the id. Groups that pay it pay nothing for its event from then on.
Result<std::string> delete_reward(Tx& tx, std::string_view reward_id);

Result<Discount> get_discount(Tx& tx, std::string_view discount_id);
Result<Discount> create_discount(Tx& tx, Discount discount);
Result<Discount> update_discount(Tx& tx, const Discount& before, Discount discount);
Result<std::string> delete_discount(Tx& tx, std::string_view discount_id);

}  // namespace hw
