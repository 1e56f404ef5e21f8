// SPDX-License-Identifier: Apache-2.0
#include "core/list_customers.hpp"

#include "base/limits.hpp"

namespace hw {
namespace {

Result<void> check_paging(Tx& tx, const ListCustomers& input) {
    const auto refuse = [](const char* message) {
        return fail(ErrorCode::UnprocessableEntity, message, "invalid_paging");
    };
    const auto& cursor = input.starting_after ? input.starting_after : input.ending_before;
    if (input.starting_after && input.ending_before) {
        return refuse("You cannot use both startingAfter and endingBefore at the same time.");
    }
    if (cursor && input.page_given) {
        return refuse(
            "You cannot use both page and startingAfter/endingBefore at the same time. Please use "
            "one pagination method.");
    }
    if (cursor && input.filter.order != CustomerOrder::CreatedAt) {
        return refuse(
            "Cursor-based pagination only supports sorting by `createdAt`. Use offset-based "
            "pagination (page/pageSize) for other sort fields.");
    }
    if (input.page > limits::kPageMax) {
        return refuse(
            "Page is too big (cannot be more than 1000), recommend using cursor-based pagination "
            "instead.");
    }
    if (cursor && !find_customer(tx, tx.workspace_id(), *cursor)) {
        return refuse("Invalid cursor: the provided ID does not exist.");
    }
    return {};
}

}  // namespace

Result<std::vector<CustomerWithTotals>> list_customers(Tx& tx, const ListCustomers& input) {
    HW_CHECK(check_paging(tx, input));
    auto filter = input.filter;
    filter.after = input.starting_after.value_or("");
    filter.before = input.ending_before.value_or("");
    filter.offset = (input.page - 1) * filter.limit;
    return list_customers(tx, filter);
}

}  // namespace hw
