// SPDX-License-Identifier: Apache-2.0
#include "core/resolve_fraud_group.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "core/fraud_rules.hpp"
#include "core/settle_commission.hpp"
#include "store/commissions.hpp"

namespace hw {
namespace {

constexpr std::string_view kReleased = "released";
constexpr std::string_view kFraud = "fraud";
constexpr std::string_view kExpired = "expired";

// Whether what stands is the hold of the rules. A person's word is not overruled by a group's.
bool is_held_by_rules(const std::vector<CommissionReview>& reviews) {
    for (auto review = reviews.rbegin(); review != reviews.rend(); ++review) {
        if (review->verdict == "amended") continue;  // changes amounts, not whether it is owed
        return review->verdict == "hold" && review->decided_by == kFraudRulesDecide;
    }
    return false;
}

void decide(Tx& tx, const FraudGroup& group, const std::string& commission_id) {
    const auto commission = find_commission(tx, tx.workspace_id(), commission_id);
    HW_ASSERT(commission);
    lock_commission(tx, *commission);
    const auto reviews = reviews_of_commission(tx, tx.workspace_id(), commission_id);
    if (!is_held_by_rules(reviews)) return;
    const bool is_fraud = group.resolution == kFraud;
    if (!is_fraud && is_held_by_fraud_group(tx, commission_id)) return;
    insert_commission_review(tx, *commission,
                             {.verdict = is_fraud ? "fraud" : "none",
                              .amount = {},
                              .earnings = {},
                              .reason = fmt::format("fraud group {} ({}): {}", group.group_id,
                                                    group.rule, group.resolution),
                              .decided_by = group.resolved_by.value_or("")});
    settle_commission(tx, *commission, "review");
}

// At most `limit` commissions of a resolved group; gives how many.
std::int64_t settle_group(Tx& tx, const FraudGroup& group, std::int64_t limit) {
    const auto events =
        list_fraud_events(tx, group.group_id, group.settled_through.value_or(""), limit);
    for (const auto& [event, evidence] : events) decide(tx, group, event.commission_id);
    const bool is_done = std::ssize(events) < limit;
    set_settled_through(tx, group.group_id,
                        is_done ? std::nullopt : std::optional(events.back().event.event_id));
    return std::ssize(events);
}

}  // namespace

Result<FraudGroup> resolve_fraud_group(Tx& tx, std::string_view group_id,
                                       const FraudDecision& decision) {
    const auto resolution = decision.is_fraud ? kFraud : kReleased;
    const bool is_mine = resolve_fraud_group(tx, group_id, resolution, decision.decided_by);
    auto group = find_fraud_group(tx, tx.workspace_id(), group_id);
    if (!group) {
        return fail(ErrorCode::NotFound, "Fraud group not found.", "fraud_group_not_found");
    }
    if (is_mine) {
        settle_group(tx, *group, limits::kFraudSettledAtOnce);
        group = find_fraud_group(tx, tx.workspace_id(), group_id);
    } else if (group->resolution != resolution) {
        return fail(ErrorCode::Conflict,
                    fmt::format("Fraud group {} is resolved already: {}. Decide about its "
                                "commissions one by one instead.",
                                group_id, group->resolution),
                    "fraud_group_resolved");
    }
    return std::move(*group);
}

std::int64_t settle_fraud_groups(Tx& tx, std::int64_t limit) {
    std::int64_t touched = 0;
    for (const auto& group_id : due_fraud_groups(tx, tx.workspace_id(), limit)) {
        touched += resolve_fraud_group(tx, group_id, kExpired, kFraudRulesDecide) ? 1 : 0;
    }
    for (const auto& group_id : unsettled_fraud_groups(tx, tx.workspace_id(), limit)) {
        if (touched >= limit) break;
        const auto group = find_fraud_group(tx, tx.workspace_id(), group_id);
        HW_ASSERT(group);
        touched += std::max(settle_group(tx, *group, limit), std::int64_t{1});
    }
    return touched;
}

}  // namespace hw
