// SPDX-License-Identifier: Apache-2.0
#include "core/check_paging.hpp"

#include "base/limits.hpp"

namespace hw {
namespace {

std::unexpected<Error> refuse(const char* message) {
    return fail(ErrorCode::UnprocessableEntity, message, "invalid_paging");
}

}  // namespace

const std::optional<std::string>& cursor_of(const AskedPage& asked) {
    return asked.starting_after ? asked.starting_after : asked.ending_before;
}

Result<void> check_paging(const AskedPage& asked) {
    const bool has_cursor = cursor_of(asked).has_value();
    if (asked.starting_after && asked.ending_before) {
        return refuse("You cannot use both startingAfter and endingBefore at the same time.");
    }
    if (has_cursor && asked.page_given) {
        return refuse(
            "You cannot use both page and startingAfter/endingBefore at the same time. Please use "
            "one pagination method.");
    }
    if (has_cursor && !asked.by_creation) {
        return refuse(
            "Cursor-based pagination only supports sorting by `createdAt`. Use offset-based "
            "pagination (page/pageSize) for other sort fields.");
    }
    if (asked.page > limits::kPageMax) {
        return refuse(
            "Page is too big (cannot be more than 1000), recommend using cursor-based pagination "
            "instead.");
    }
    return {};
}

Result<void> check_cursor(const AskedPage& asked, bool is_known) {
    if (!cursor_of(asked) || is_known) return {};
    return refuse("Invalid cursor: the provided ID does not exist.");
}

}  // namespace hw
