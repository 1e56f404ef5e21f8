// SPDX-License-Identifier: Apache-2.0
#include "core/complete_conversions.hpp"

#include "base/fault.hpp"
#include "core/convert_currency.hpp"
#include "core/credit_commission.hpp"
#include "core/rollups.hpp"
#include "core/settle_commission.hpp"
#include "store/attributions.hpp"
#include "store/customers.hpp"
#include "store/links.hpp"
#include "store/revenues.hpp"
#include "store/unconverted_sales.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

// The sale is in the counts already, with an amount of 0.
void count_amount(Tx& tx, const Conversion& sale, const Attribution& decision) {
    const auto touch =
        decision.touch_id ? find_touch(tx, tx.workspace_id(), *decision.touch_id) : std::nullopt;
    CountedSale counted{.link_id = *decision.link_id, .at_ms = sale.occurred_at_ms};
    counted.sign = Sign::TakeBack;
    count_sale(tx, touch ? &*touch : nullptr, counted);
    counted.sign = Sign::Add;
    counted.amount = *sale.converted_amount;
    count_sale(tx, touch ? &*touch : nullptr, counted);
}

void count_and_credit(Tx& tx, const Conversion& sale, const Attribution& decision) {
    if (decision.inferred_link_id) {
        add_inferred(tx, *decision.inferred_link_id,
                     {.sales = 0, .sale_amount = *sale.converted_amount});
    }
    if (!decision.link_id) return;
    count_amount(tx, sale, decision);
    std::optional<Customer> customer;
    if (decision.customer_id) {
        customer = find_customer(tx, tx.workspace_id(), *decision.customer_id);
    }
    if (customer) recount_customer_without(tx, *customer, "");
    const auto link = find_link(tx, tx.workspace_id(), *decision.link_id);
    if (!link) return;
    credit_commission(
        tx, {.conversion = sale, .link = *link, .customer = customer ? &*customer : nullptr});
}

bool complete(Tx& tx, Conversion sale, const std::string& currency) {
    const auto converted =
        convert_currency(tx, sale.amount, sale.currency, currency, sale.occurred_at_ms);
    if (!converted.amount) return false;
    lock_payment(tx, conversion_alias(sale.conversion_id));
    sale.converted_amount = converted.amount;
    sale.converted_currency = currency;
    sale.fx_rate = converted.rate;
    sale.fx_date = converted.rate_date;
    sale.fx_source = converted.source;
    if (!set_converted_once(tx, sale)) return false;
    const auto decision = find_attribution(tx, tx.workspace_id(), sale.conversion_id);
    HW_ASSERT(decision);
    count_and_credit(tx, sale, *decision);
    return true;
}

}  // namespace

CompletedConversions complete_conversions(Tx& tx, std::string_view after_id, std::int64_t limit) {
    const auto workspace = find_workspace(tx, tx.workspace_id());
    HW_ASSERT(workspace);
    auto sales = list_unconverted_sales(tx, after_id, limit);
    CompletedConversions done;
    for (auto& sale : sales) {
        done.last_id = sale.conversion_id;
        if (complete(tx, std::move(sale), workspace->currency)) ++done.completed;
    }
    if (std::ssize(sales) < limit) done.last_id.clear();
    return done;
}

}  // namespace hw
