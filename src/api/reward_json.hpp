// SPDX-License-Identifier: Apache-2.0
// Rewards and discounts as bodies and seed files say them, and as they are answered. Percentages
// are read and written by their text (exact_json.hpp).
#pragma once

#include "api/exact_json.hpp"
#include "store/discounts.hpp"
#include "store/rewards.hpp"

namespace hw {

// `body` as parse_exact_object gives it. Without ids and times; whether its rules are good is the
// use case's to say. A click or lead without maxDuration is paid once.
Result<Reward> read_reward(const json::object& body);
json::object reward_json(const Reward& reward);

Result<Discount> read_discount(const json::object& body);
json::object discount_json(const Discount& discount);

// {id, amount, type, maxDuration, couponId, couponTestId, description}: as others name it.
json::object discount_summary(const Discount& discount);

// What is stored, with the members of the body in place of its own.
json::object overlaid(json::object stored, const json::object& body);

}  // namespace hw
