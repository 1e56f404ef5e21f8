// SPDX-License-Identifier: Apache-2.0
// What makes a conversion revenue: its kind as judged by now, its subscription, and what links
// earned by decisions without proof of the person.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Revenue {
    std::string conversion_id;
    std::string kind;    // purchase, subscription, renewal, upgrade, downgrade
    std::string source;  // "webhook", "revenue"
    std::optional<std::string> subscription_id;
    std::string processor_customer_id;  // empty when nobody was named
    bool test = false;                  // kept, never in totals, never paid
};

void insert_revenue(Tx& tx, const Revenue& revenue);
std::optional<Revenue> find_revenue(Tx& tx, std::string_view conversion_id);
void set_revenue_kind(Tx& tx, std::string_view conversion_id, std::string_view kind);

// Every name that the payment of a conversion goes by, in their order.
std::vector<std::string> payment_aliases_of(Tx& tx, std::string_view conversion_id);
// The names lead to another conversion from now on.
void move_payment_aliases(Tx& tx, std::string_view from_conversion_id,
                          std::string_view to_conversion_id);

struct InferredTotals {
    std::int64_t sales = 0;
    std::int64_t sale_amount = 0;  // minor units of the reporting currency
};
void add_inferred(Tx& tx, std::string_view link_id, const InferredTotals& added);
InferredTotals inferred_totals(Tx& tx, std::string_view link_id);

}  // namespace hw
