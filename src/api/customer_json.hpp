// SPDX-License-Identifier: Apache-2.0
// A customer as the customers API and the lists of events answer it (reference: dub, 2.7).
#pragma once

#include "api/json.hpp"
#include "store/customer_list.hpp"
#include "store/links.hpp"

namespace hw {

json::object customer_json(const CustomerWithTotals& customer);

// With includeExpandedFields: the customer's link, its programme and partner.
void add_expanded_fields(json::object& customer, const std::optional<Link>& link);

}  // namespace hw
