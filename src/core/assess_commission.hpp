// SPDX-License-Identifier: Apache-2.0
// Whether a new commission may be what it seems: every fraud rule that hits is recorded with its
// evidence, and holds the commission until a person, or time, decides about it.
#pragma once

#include "store/commissions.hpp"
#include "store/customers.hpp"
#include "store/partners.hpp"
#include "store/tx.hpp"

namespace hw {

struct AssessedCommission {
    const Commission& commission;  // inserted, not yet settled, without reviews
    const Partner& partner;
    const Customer* customer = nullptr;  // null: the rules about customers do not hit
    bool is_first = false;               // a lead, or the partner's first sale to the customer
};

// True when it is held now. Call it before settle_commission, in the same transaction. Clawbacks
// and what a person made by hand are never held.
bool assess_commission(Tx& tx, const AssessedCommission& subject);

}  // namespace hw
