// SPDX-License-Identifier: Apache-2.0
// The clicks behind what customers did, for many customers in one statement.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/conversions.hpp"
#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

// Only id, time, link, trigger, url and referer are set.
struct CustomerClick {
    std::string customer_id;
    Touch touch;
};

// The clicks by which the customers came and by which their leads and sales found their links, as
// decided now. No bots. In no order.
std::vector<CustomerClick> clicks_of_customers(Tx& tx, std::span<const std::string> customer_ids);

// Those of the ids that are stored and no bot's, likewise.
std::vector<Touch> clicks_of_ids(Tx& tx, std::span<const std::string> touch_ids);

// The leads of the customer at or before another conversion, oldest first, at most
// kJourneyTouchesMax.
std::vector<Conversion> leads_before(Tx& tx, std::string_view customer_id,
                                     const Conversion& conversion);

}  // namespace hw
