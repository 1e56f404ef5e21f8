// SPDX-License-Identifier: Apache-2.0
// On what terms the partner of a link earns: whether at all, in which group, by which reward, and
// what its limit leaves. The same for clicks, leads, sales and referrals.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/evaluate_reward.hpp"
#include "store/commissions.hpp"
#include "store/links.hpp"
#include "store/partners.hpp"
#include "store/programs.hpp"
#include "store/rewards.hpp"
#include "store/tx.hpp"

namespace hw {

bool may_earn(const Enrollment& enrollment);

struct EarningTerms {
    Partner partner;
    PartnerGroup group;
    Reward reward;
};

// event: click, lead, sale. Nothing for a link of nobody, for a partner who may not earn, and where
// the group has no such reward.
std::optional<EarningTerms> earning_terms(Tx& tx, const Link& link, std::string_view event);

// Answers the conditions of a reward that are about the partner.
std::optional<RewardFact> partner_fact(Tx& tx, const Partner& partner, std::string_view attribute);

// What the reward's limit leaves of the commission's earnings: of sales per partner and customer,
// of everything else per partner.
std::int64_t within_limit(Tx& tx, const Reward& reward, const Commission& commission);

// For a commission of which the limit left that much of what was earned.
std::string limit_note(std::int64_t left, std::int64_t earned);

}  // namespace hw
