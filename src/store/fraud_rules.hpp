// SPDX-License-Identifier: Apache-2.0
// The settings of fraud rules, where a workspace changed them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct FraudRule {
    std::string rule;  // as core/fraud_rules.hpp names them
    bool enabled = true;
    // Of the rules that have them.
    std::vector<std::string> platforms;         // paidTrafficDetected
    std::vector<std::string> domains;           // referralSourceBanned: globs of hosts
    std::int64_t clicks_per_visitor_hour = 0;   // clickFlooding
    std::int64_t clicks_per_lead = 0;           // likewise
    std::int64_t clicks_min = 0;                // likewise: below it the ratio says nothing
    std::optional<std::int64_t> updated_at_ms;  // nothing: as it came
};

void put_fraud_rule(Tx& tx, const FraudRule& rule);
std::vector<FraudRule> list_fraud_rules(Tx& tx, std::string_view workspace_id);

}  // namespace hw
