// SPDX-License-Identifier: Apache-2.0
#include "core/credit_referral.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"
#include "core/earning_terms.hpp"
#include "core/evaluate_reward.hpp"
#include "core/settle_commission.hpp"
#include "store/outbox.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

std::optional<Reward> reward_of(Tx& tx, const Enrollment& referrer) {
    const auto group = find_group(tx, referrer.workspace_id, referrer.group_id);
    if (!group || !group->referral_reward_id) return std::nullopt;
    return find_reward(tx, referrer.workspace_id, *group->referral_reward_id);
}

// A referral knows of its partner alone.
std::optional<RewardFact> fact_of(Tx& tx, const Enrollment& referrer,
                                  const RewardCondition& condition) {
    if (condition.entity != "partner") return std::nullopt;
    const auto partner = find_partner(tx, referrer.workspace_id, referrer.partner_id);
    return partner ? partner_fact(tx, *partner, condition.attribute) : std::nullopt;
}

}  // namespace

std::optional<Commission> credit_referral(Tx& tx, const Enrollment& brought) {
    if (!brought.referred_by_partner_id) return std::nullopt;
    const auto& ws = brought.workspace_id;
    const auto referrer =
        find_enrollment(tx, ws, brought.program_id, *brought.referred_by_partner_id);
    if (!referrer || !may_earn(*referrer)) return std::nullopt;
    const auto reward = reward_of(tx, *referrer);
    if (!reward) return std::nullopt;
    const auto facts = [&](const RewardCondition& condition) {
        return fact_of(tx, *referrer, condition);
    };
    const auto earned = evaluate_reward(*reward, RewardedLine{}, facts);
    if (earned.earnings == 0) return std::nullopt;
    const auto workspace = find_workspace(tx, ws);
    HW_ASSERT(workspace);
    Commission commission;
    commission.workspace_id = ws;
    commission.commission_id = tx.new_id("cm_");
    commission.program_id = brought.program_id;
    commission.partner_id = referrer->partner_id;
    commission.kind = "referral";
    commission.reward_id = reward->reward_id;
    commission.modifier_id = earned.modifier_id;
    commission.max_duration_months = earned.max_duration_months;
    commission.earnings = earned.earnings;
    commission.currency = workspace->currency;
    commission.description = fmt::format("For the partner {}.", brought.partner_id);
    commission.occurred_at_ms = commission.matures_at_ms = commission.created_at_ms = tx.now_ms();
    const auto key = fmt::format("referral:{}", brought.partner_id);
    if (claim_commission_key(tx, ws, key, commission.commission_id)) return std::nullopt;
    insert_commission(tx, commission);
    settle_commission(tx, commission, "accrual");
    append_outbox(tx, "commission.created", commission.commission_id);
    return commission;
}

}  // namespace hw
