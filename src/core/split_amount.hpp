// SPDX-License-Identifier: Apache-2.0
// An amount in parts that sum exactly to it: by largest remainder, in whole minor units.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hw {

// A share of something, relative to the other shares beside it. Never an amount.
using Weight = double;  // tidy: double ok: a share, no amount: amounts are split in whole numbers

// One part per weight; weights are finite and not negative. What whole units cannot express goes
// to the largest remainders, of equal ones to the first. All weights 0: nothing is given (zeros).
std::vector<std::int64_t> split_amount(std::int64_t amount_minor, std::span<const Weight> weights);

}  // namespace hw
