// SPDX-License-Identifier: Apache-2.0
// What follows when a sale comes to a link, and when it leaves it: counts, the customer's totals,
// the partner's commission, the event. One place, whoever decided it.
#pragma once

#include <optional>
#include <string>

#include "core/match_conversion.hpp"
#include "store/commissions.hpp"
#include "store/conversions.hpp"
#include "store/customers.hpp"
#include "store/links.hpp"
#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

// A sale on a link that counts it.
struct BookedSale {
    const Conversion& sale;
    const Link& link;
    const Customer& customer;
    const Touch* touch = nullptr;  // null: only the link is known
};

// Counts and credits the sale. Call it after the decision was written.
std::optional<Commission> book_sale(Tx& tx, const BookedSale& booked);

// The counts go and the commission is reversed, also when it was paid (it then waits for the next
// payout as a negative carry). Call it after the next decision was written: that says which sales
// the link has left. `customer` is the one of the decision before.
void unbook_sale(Tx& tx, const Conversion& sale, const Attribution& before,
                 const std::optional<Customer>& customer);

// A match without proof of the person: the link's own column, nothing else.
void book_inferred(Tx& tx, const Conversion& sale, std::string_view link_id, std::int64_t sign);

}  // namespace hw
