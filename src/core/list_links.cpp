// SPDX-License-Identifier: Apache-2.0
#include "core/list_links.hpp"

#include <algorithm>

namespace hw {
namespace {

std::optional<std::string> lower_case(std::optional<std::string> text) {
    if (!text) return text;
    std::ranges::transform(*text, text->begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

Result<void> check_paging(Tx& tx, const ListLinks& input) {
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
    if (input.page > limits::kPageMax) {
        return refuse(
            "Page is too big (cannot be more than 1000), recommend using cursor-based pagination "
            "instead.");
    }
    if (cursor && !find_link(tx, tx.workspace_id(), *cursor)) {
        return refuse("Invalid cursor: the provided ID does not exist.");
    }
    return {};
}

}  // namespace

Result<std::vector<LinkWithTotals>> list_links(Tx& tx, const ListLinks& input) {
    HW_CHECK(check_paging(tx, input));
    auto links = list_links(tx, tx.workspace_id(),
                            {.domain = lower_case(input.domain),
                             .tenant_id = input.tenant_id,
                             .search = input.search,
                             .show_archived = input.show_archived,
                             .after = input.starting_after,
                             .before = input.ending_before,
                             .limit = input.page_size,
                             .offset = (input.page - 1) * input.page_size});
    const auto totals = link_totals(tx, tx.workspace_id(), links);
    std::vector<LinkWithTotals> found;
    found.reserve(links.size());
    for (std::size_t i = 0; i < links.size(); ++i) {
        found.push_back({std::move(links[i]), totals[i]});
    }
    return found;
}

}  // namespace hw
