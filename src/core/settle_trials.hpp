// SPDX-License-Identifier: Apache-2.0
// Whoever begins a trial is a lead of the link that brought them, once for ever. It is no sale: the
// first payment is.
#pragma once

#include <string_view>

#include "core/project_trials.hpp"
#include "store/tx.hpp"

namespace hw {

inline constexpr std::string_view kTrialLead = "Started Trial";

// A trial that belongs to no link yet is looked at again when more is told of its customer.
void settle_trial(Tx& tx, std::string_view provider, const ProjectedTrial& trial);

}  // namespace hw
