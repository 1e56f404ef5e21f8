// SPDX-License-Identifier: Apache-2.0
#include "core/list_customers.hpp"

#include "core/check_paging.hpp"

namespace hw {
namespace {

Result<void> check_page(Tx& tx, const ListCustomers& input) {
    const AskedPage asked{.page = input.page,
                          .page_given = input.page_given,
                          .starting_after = input.starting_after,
                          .ending_before = input.ending_before,
                          .by_creation = input.filter.order == CustomerOrder::CreatedAt};
    HW_CHECK(check_paging(asked));
    const auto& cursor = cursor_of(asked);
    return check_cursor(asked, cursor && find_customer(tx, tx.workspace_id(), *cursor));
}

}  // namespace

Result<std::vector<CustomerWithTotals>> list_customers(Tx& tx, const ListCustomers& input) {
    HW_CHECK(check_page(tx, input));
    auto filter = input.filter;
    filter.after = input.starting_after.value_or("");
    filter.before = input.ending_before.value_or("");
    filter.offset = (input.page - 1) * filter.limit;
    return list_customers(tx, filter);
}

}  // namespace hw
