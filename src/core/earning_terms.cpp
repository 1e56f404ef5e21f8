// SPDX-License-Identifier: Apache-2.0
#include "core/earning_terms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"

namespace hw {
namespace {

const std::optional<std::string>& reward_id_of(const PartnerGroup& group, std::string_view event) {
    if (event == "click") return group.click_reward_id;
    return event == "lead" ? group.lead_reward_id : group.sale_reward_id;
}

RewardFact number(std::int64_t value) {
    return {std::to_string(value), true};
}

std::int64_t limit_since_ms(std::string_view interval, std::int64_t now_ms) {
    const auto today_ms = start_of_day_ms(now_ms);
    if (interval == "day") return today_ms;
    if (interval == "week") return start_of_week_ms(now_ms);
    if (interval == "month") return start_of_month_ms(now_ms);
    return 0;
}

}  // namespace

bool may_earn(const Enrollment& enrollment) {
    return enrollment.status == "approved" || enrollment.status == "archived" ||
           enrollment.status == "invited";
}

std::optional<EarningTerms> earning_terms(Tx& tx, const Link& link, std::string_view event) {
    if (!link.program_id || !link.partner_id) return std::nullopt;
    const auto enrollment =
        find_enrollment(tx, tx.workspace_id(), *link.program_id, *link.partner_id);
    if (!enrollment || !may_earn(*enrollment)) return std::nullopt;
    auto group = find_group(tx, tx.workspace_id(), enrollment->group_id);
    auto partner = find_partner(tx, tx.workspace_id(), *link.partner_id);
    if (!group || !partner) return std::nullopt;
    const auto& reward_id = reward_id_of(*group, event);
    if (!reward_id) return std::nullopt;
    auto reward = find_reward(tx, tx.workspace_id(), *reward_id);
    if (!reward) return std::nullopt;
    return EarningTerms{std::move(*partner), std::move(*group), std::move(*reward)};
}

std::optional<RewardFact> partner_fact(Tx& tx, const Partner& partner, std::string_view attribute) {
    if (attribute == "country") {
        return partner.country ? std::optional(RewardFact{*partner.country, false}) : std::nullopt;
    }
    if (attribute == "totalCommissions") {
        return number(earned_by_partner(tx, tx.workspace_id(), partner.partner_id));
    }
    const auto totals = totals_of_partner(tx, tx.workspace_id(), partner.partner_id);
    if (attribute == "totalClicks") return number(totals.clicks);
    if (attribute == "totalLeads") return number(totals.leads);
    if (attribute == "totalConversions") return number(totals.conversions);
    if (attribute == "totalSaleAmount") return number(totals.sale_amount);
    return std::nullopt;
}

std::int64_t within_limit(Tx& tx, const Reward& reward, const Commission& commission) {
    if (!reward.spend_limit) return commission.earnings;
    const auto& customer_id = commission.kind == "sale" ? commission.customer_id : std::nullopt;
    const auto spent = spent_on(
        tx, {.workspace_id = commission.workspace_id,
             .partner_id = commission.partner_id,
             .kind = commission.kind,
             .customer_id = customer_id,
             .since_ms = limit_since_ms(reward.spend_limit_interval, commission.occurred_at_ms)});
    return std::clamp(*reward.spend_limit - spent, std::int64_t{0}, commission.earnings);
}

std::string limit_note(std::int64_t left, std::int64_t earned) {
    return fmt::format("Limited to {} of {} by the reward's spend limit.", left, earned);
}

}  // namespace hw
