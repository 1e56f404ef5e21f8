// SPDX-License-Identifier: Apache-2.0
// A partner leaves the programme: banned, with everything that was not paid yet, or deactivated,
// when their links end and nothing else.
#pragma once

#include <string>
#include <string_view>

#include "core/partner_links.hpp"

namespace hw {

// Links are disabled and expired, codes disabled, waiting payouts and unpaid commissions canceled;
// the group's rewards and discount are theirs no more. Again changes nothing. Gives the partner's
// id.
Result<std::string> ban_partner(Tx& tx, const PartnerReference& reference, std::string_view reason);

// From approved and archived alone: the links expire. Gives the partner's id.
Result<std::string> deactivate_partner(Tx& tx, const PartnerReference& reference);

}  // namespace hw
