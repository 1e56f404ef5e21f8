// SPDX-License-Identifier: Apache-2.0
#include "core/fraud_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace hw {
namespace {

// As a workspace finds it.
FraudRule default_rule(std::string_view name) {
    FraudRule rule;
    rule.rule = name;
    if (name == kPaidTraffic) rule.platforms = {"google"};
    if (name == kClickFlooding) {
        rule.clicks_per_visitor_hour = 20;
        rule.clicks_per_lead = 1'000;
        rule.clicks_min = 1'000;
    }
    return rule;
}

}  // namespace

bool is_partner_rule(std::string_view rule) {
    return rule == kCrossProgramBan || rule == kDuplicateAccount;
}

std::vector<FraudRule> fraud_rules(Tx& tx) {
    auto stored = list_fraud_rules(tx, tx.workspace_id());
    std::vector<FraudRule> rules;
    for (const auto name : kFraudRules) {
        const auto found = std::ranges::find(stored, name, &FraudRule::rule);
        rules.push_back(found == stored.end() ? default_rule(name) : std::move(*found));
    }
    return rules;
}

Result<FraudRule> update_fraud_rule(Tx& tx, std::string_view rule, const FraudRuleChange& change) {
    auto rules = fraud_rules(tx);
    const auto found = std::ranges::find(rules, rule, &FraudRule::rule);
    if (found == rules.end()) {
        return fail(ErrorCode::NotFound,
                    fmt::format("There is no fraud rule '{}'. The rules are {}.", rule,
                                fmt::join(kFraudRules, ", ")),
                    "fraud_rule_not_found");
    }
    auto& changed = *found;
    changed.enabled = change.enabled.value_or(changed.enabled);
    if (change.platforms) changed.platforms = *change.platforms;
    if (change.domains) changed.domains = *change.domains;
    changed.clicks_per_visitor_hour =
        change.clicks_per_visitor_hour.value_or(changed.clicks_per_visitor_hour);
    changed.clicks_per_lead = change.clicks_per_lead.value_or(changed.clicks_per_lead);
    changed.clicks_min = change.clicks_min.value_or(changed.clicks_min);
    changed.updated_at_ms = tx.now_ms();
    put_fraud_rule(tx, changed);
    return changed;
}

}  // namespace hw
