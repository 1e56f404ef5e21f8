// SPDX-License-Identifier: Apache-2.0
// What a partner earns when a lead or a sale is attributed to a link of theirs: by the reward of
// the partner's group (docs: rewards, durations, limits, one lead per customer and partner).
#pragma once

#include <optional>
#include <string>

#include "store/commissions.hpp"
#include "store/conversions.hpp"
#include "store/customers.hpp"
#include "store/links.hpp"
#include "store/tx.hpp"

namespace hw {

struct CreditedEvent {
    const Conversion& conversion;  // a lead, or a sale whose converted amount is known
    const Link& link;
    const Customer* customer = nullptr;
};

// Books the commission in this transaction. Nothing when none is due: a link of nobody, no reward,
// not the first, over the limit, credited before. Tell it again and nothing changes.
std::optional<Commission> credit_commission(Tx& tx, const CreditedEvent& event);

}  // namespace hw
