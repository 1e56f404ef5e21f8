// SPDX-License-Identifier: Apache-2.0
#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "store/fx_rates.hpp"
#include "store/partners.hpp"
#include "store/programs.hpp"
#include "tests/sim/random_program.hpp"

namespace hw {

PlainAmount RandomProgram::some_pay(bool is_percentage) {
    constexpr std::array<std::int64_t, 5> kPercentages{2'000, 1'000, 333, 10'000, 1};
    PlainAmount pay{is_percentage, is_percentage ? one_of(kPercentages) : between(1, 1'500), {}};
    if (one_in(4)) pay.months = between(0, 3);
    return pay;
}

PlainReward RandomProgram::some_sale_reward(const std::string& id) {
    constexpr std::array<std::string_view, 4> kIntervals{"allTime", "day", "week", "month"};
    PlainReward reward;
    reward.id = id;
    reward.base = some_pay(!one_in(3));
    if (one_in(4)) {
        reward.limit = between(0, 3'000);
        reward.interval = one_of(kIntervals);
    }
    if (one_in(3)) reward.modifiers.push_back({"over_" + id, 5'000, some_pay(one_in(2))});
    if (one_in(3)) reward.modifiers.push_back({"again_" + id, {}, some_pay(one_in(2))});
    return reward;
}

void RandomProgram::put_reward(Tx& tx, const PlainReward& plain, bool is_new) {
    const auto amount_of = [](const PlainAmount& pay) {
        return RewardAmount{pay.is_percentage, pay.amount, pay.months};
    };
    Reward reward;
    reward.workspace_id = workspace_id_;
    reward.reward_id = plain.id;
    reward.program_id = "prog_1";
    reward.event = plain.id == "rw_lead" ? "lead" : "sale";
    reward.base = amount_of(plain.base);
    reward.spend_limit = plain.limit;
    reward.spend_limit_interval = plain.interval;
    for (const auto& modifier : plain.modifiers) {
        RewardCondition condition;
        condition.entity = "sale";
        condition.attribute = modifier.over ? "amount" : "type";
        condition.comparison = modifier.over ? "greater_than" : "equals_to";
        condition.values = {modifier.over ? std::to_string(*modifier.over) : "recurring"};
        condition.is_text = !modifier.over;
        reward.modifiers.push_back({modifier.id, true, {condition}, amount_of(modifier.pays)});
    }
    if (is_new) {
        HW_ASSERT(insert_reward(tx, reward));
    } else {
        update_reward(tx, reward);
    }
}

void RandomProgram::put_group(Tx& tx, const std::string& id, bool is_new) {
    const auto& plain = books_.groups.at(id);
    PartnerGroup group;
    group.workspace_id = workspace_id_;
    group.group_id = group.name = group.slug = id;
    group.program_id = "prog_1";
    group.holding_period_days = plain.hold_days;
    if (!plain.sale_reward.empty()) group.sale_reward_id = plain.sale_reward;
    if (!plain.lead_reward.empty()) group.lead_reward_id = plain.lead_reward;
    if (is_new) {
        HW_ASSERT(insert_group(tx, group));
    } else {
        update_group(tx, group);
    }
}

bool RandomProgram::is_rated(const std::string& currency, std::int64_t at_ms) const {
    if (currency != options_.rare_currency) return true;
    return rate_since_ms_ != 0 && start_of_day_ms(rate_since_ms_) <= at_ms;
}

void RandomProgram::change_terms() {
    const auto done = act([&](Tx& tx) -> Result<bool> {
        if (one_in(2)) {
            const auto* id = one_in(2) ? "rw_1" : "rw_2";
            books_.rewards[id] = some_sale_reward(id);
            put_reward(tx, books_.rewards[id], false);
            tell("{} pays {} {}", id, books_.rewards[id].base.amount,
                 books_.rewards[id].base.is_percentage ? "/10000" : "flat");
            return true;
        }
        if (one_in(2)) {
            auto& group = books_.groups["grp_1"];
            group = {one_in(2) ? 0 : 30, one_in(4) ? "" : "rw_1", one_in(4) ? "" : "rw_lead"};
            put_group(tx, "grp_1", false);
            tell("group 1: {} days, {}, {}", group.hold_days, group.sale_reward, group.lead_reward);
            return true;
        }
        const auto partner = fmt::format("pn_{}", between(1, 3));
        auto enrollment = *find_enrollment(tx, workspace_id_, "prog_1", partner);
        enrollment.group_id = enrollment.group_id == "grp_1" ? "grp_2" : "grp_1";
        update_enrollment(tx, enrollment);
        books_.group_of[partner] = enrollment.group_id;
        tell("{} is in {}", partner, enrollment.group_id);
        return true;
    });
    HW_ASSERT(done);
}

void RandomProgram::bring_rate() {
    if (rate_since_ms_ != 0) return;
    rate_since_ms_ = env_.now_ms();
    const auto done = act([&](Tx& tx) -> Result<bool> {
        const auto date = date_text(rate_since_ms_);
        insert_fx_rate(tx, {date, "eur", options_.rare_currency, "11.73", "test"});
        return true;
    });
    HW_ASSERT(done);
    tell("a rate of {}", options_.rare_currency);
    did(Deed::RateArrived);
}

}  // namespace hw
