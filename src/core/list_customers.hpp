// SPDX-License-Identifier: Apache-2.0
// GET /customers: a page of the workspace's customers (reference: dub, 1.6 and 2.7).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/customer_list.hpp"

namespace hw {

struct ListCustomers {
    CustomerFilter filter;  // without cursors and offset
    std::int64_t page = 1;
    bool page_given = false;
    std::optional<std::string> starting_after;
    std::optional<std::string> ending_before;
};

Result<std::vector<CustomerWithTotals>> list_customers(Tx& tx, const ListCustomers& input);

}  // namespace hw
