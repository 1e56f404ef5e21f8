// SPDX-License-Identifier: Apache-2.0
// Monthly recurring revenue out of what subscriptions told. Each change comes from the two sides of
// one event, so changes add up in whatever order they are known.
#pragma once

#include <span>
#include <vector>

#include "core/project_payments.hpp"

namespace hw {

// `facts` in the order of time and key, each once.
std::vector<ProjectedMovement> project_movements(const std::vector<const PaymentFact*>& facts,
                                                 std::span<const ProjectedPayment> payments);

}  // namespace hw
