// SPDX-License-Identifier: Apache-2.0
// POST /tokens/embed/referrals and what its token opens: one partner's own figures, for a page that
// the merchant shows them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/enroll_partner.hpp"
#include "store/discounts.hpp"
#include "store/embed_tokens.hpp"
#include "store/partner_dues.hpp"
#include "store/rewards.hpp"

namespace hw {

struct NewEmbedToken {
    PartnerReference partner;
    std::optional<NewPartner> enroll;  // who need not be a partner yet; else `partner` must be one
};
struct CreatedEmbedToken {
    std::string token;  // told once
    std::int64_t expires_at_ms = 0;
};
Result<CreatedEmbedToken> create_embed_token(Tx& tx, const NewEmbedToken& input);

// Operator: whose page it is. 401 for one that is unknown or over.
Result<EmbedToken> open_embed_token(Tx& tx, std::string_view token);

struct EmbeddedReferrals {
    EnrolledPartner partner;
    std::vector<StatusSum> commissions;
    std::vector<Reward> rewards;  // of the group
    std::optional<Discount> discount;
};
Result<EmbeddedReferrals> embedded_referrals(Tx& tx, const EmbedToken& token);

}  // namespace hw
