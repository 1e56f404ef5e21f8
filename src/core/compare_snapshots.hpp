// SPDX-License-Identifier: Apache-2.0
// Some processors tell what a subscription is and never what it was: what it was is what they told
// before.
#pragma once

#include <span>
#include <vector>

#include "store/payment_facts.hpp"

namespace hw {

// The facts in the order of time, each once. Every "subscription_state" among them becomes the
// change from the state before it, and prices that nobody told come from the first whole invoice.
std::vector<PaymentFact> compare_snapshots(std::span<const PaymentFact> facts);

}  // namespace hw
