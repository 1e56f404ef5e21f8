// SPDX-License-Identifier: Apache-2.0
// Collects what partners are owed by now into payouts, one for each partner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/payouts.hpp"

namespace hw {

inline constexpr std::size_t kPayoutsAtOnceMax = 200;

struct CreatePayouts {
    std::string program_id;
    std::optional<std::string> partner_id;  // nothing: of all partners
    std::optional<std::string> description;
    std::string decided_by;
    std::string after_partner_id{};  // go on behind that partner
};

struct CreatedPayouts {
    std::vector<Payout> payouts;    // pending
    std::string last_partner_id{};  // there may be more behind; empty: there are none
};

// Only where the sum, clawbacks included, is positive and not below the programme's minimum. What
// is in a payout is in no other one, whoever asks at the same time. At most kPayoutsAtOnceMax
// partners at once. 404 for an unknown programme or partner.
Result<CreatedPayouts> create_payouts(Tx& tx, const CreatePayouts& input);

}  // namespace hw
