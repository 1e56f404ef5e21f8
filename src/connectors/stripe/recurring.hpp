// SPDX-License-Identifier: Apache-2.0
// What a subscription brings in a month. Exact: rounded once, half away from zero, at the end.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace hw::stripe {

struct Recurring {
    bool known = false;  // false: tiers or transformed quantities, which the event does not price
    std::int64_t per_month = 0;  // minor units of ISO 4217
    std::string plan;            // "price_1x2+price_2x1"
};

// Of the items of a subscription, whatever its status. Metered ones bring nothing by themselves.
// `quantity` stands in for that of a single item, where an event tells it apart.
Recurring recurring_of_items(const boost::json::array& items, std::string_view currency,
                             std::optional<std::int64_t> quantity = {});

// Of the lines of an invoice that bill whole periods of a subscription.
Recurring recurring_of_lines(const boost::json::array& lines, std::string_view currency);

}  // namespace hw::stripe
