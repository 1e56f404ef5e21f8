// SPDX-License-Identifier: Apache-2.0
#include "core/book_sale.hpp"

#include "core/credit_commission.hpp"
#include "core/rollups.hpp"
#include "core/settle_commission.hpp"
#include "store/revenues.hpp"

namespace hw {
namespace {

// True when the sale was the customer's conversion on the old link and no other one takes its
// place.
bool leave_first_sale(Tx& tx, const Conversion& sale, const std::string& old_link,
                      const std::optional<Customer>& customer) {
    if (!customer) return false;
    if (!is_first_sale(tx, *customer, old_link, sale.conversion_id)) return false;
    const auto next_at_ms = replace_first_sale(tx, *customer, old_link);
    if (!next_at_ms) return true;
    tx.counters().add(LinkTotalsKey{tx.workspace_id(), old_link},
                      LinkCounts{.last_conversion_at_ms = *next_at_ms});
    return false;
}

}  // namespace

std::optional<Commission> book_sale(Tx& tx, const BookedSale& booked) {
    const auto& sale = booked.sale;
    const auto amount = sale.converted_amount.value_or(0);
    count_sale(tx, booked.touch,
               {.link_id = booked.link.link_id,
                .at_ms = sale.occurred_at_ms,
                .amount = amount,
                .first_conversion = claim_first_sale(tx, booked.customer, booked.link.link_id,
                                                     sale.conversion_id),
                .sign = Sign::Add});
    add_customer_sale(tx, booked.customer, amount, sale.occurred_at_ms);
    if (!booked.link.partner_id) return std::nullopt;
    auto commission = credit_commission(
        tx, {.conversion = sale, .link = booked.link, .customer = &booked.customer});
    // A sale that comes back to a partner it has left: that commission is owed again.
    if (!commission) settle_payment(tx, conversion_alias(sale.conversion_id), "reattribution");
    return commission;
}

void unbook_sale(Tx& tx, const Conversion& sale, const Attribution& before,
                 const std::optional<Customer>& customer) {
    const auto touch =
        before.touch_id ? find_touch(tx, tx.workspace_id(), *before.touch_id) : std::nullopt;
    count_sale(tx, touch ? &*touch : nullptr,
               {.link_id = *before.link_id,
                .at_ms = sale.occurred_at_ms,
                .amount = sale.converted_amount.value_or(0),
                .first_conversion = leave_first_sale(tx, sale, *before.link_id, customer),
                .sign = Sign::TakeBack});
    if (customer) recount_customer(tx, *customer);
    settle_payment(tx, conversion_alias(sale.conversion_id), "reattribution");
}

void book_inferred(Tx& tx, const Conversion& sale, std::string_view link_id, std::int64_t sign) {
    add_inferred(tx, link_id,
                 {.sales = sign, .sale_amount = sign * sale.converted_amount.value_or(0)});
}

}  // namespace hw
