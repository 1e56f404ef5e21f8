// SPDX-License-Identifier: Apache-2.0
// What the conditions of workflows may say, when they hold, and whether two workflows could find
// one partner at the same time. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "store/workflows.hpp"

namespace hw {

// What a workflow sees of a partner.
struct PartnerStanding {
    std::int64_t leads = 0;
    std::int64_t conversions = 0;
    std::int64_t sale_amount = 0;  // minor units of the reporting currency
    std::int64_t commissions = 0;  // likewise: what they earned
    std::int64_t enrolled_days = 0;
    std::int64_t joined_ms = 0;
    std::string group_id;
};

// 422 that names the attribute, the operator and what would be right.
Result<void> check_condition(const WorkflowCondition& condition);

bool holds(const WorkflowCondition& condition, const PartnerStanding& standing);
bool all_hold(const std::vector<WorkflowCondition>& conditions, const PartnerStanding& standing);

// The number that a condition on an attribute looks at; 0 for partnerGroup.
std::int64_t number_of(std::string_view attribute, const PartnerStanding& standing);

// Whether some partner could meet all of them at once. Attributes are taken to be independent.
bool can_all_hold(const std::vector<WorkflowCondition>& conditions);

}  // namespace hw
