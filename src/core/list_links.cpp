// SPDX-License-Identifier: Apache-2.0
#include "core/list_links.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "core/check_paging.hpp"
#include "core/link_groups.hpp"

namespace hw {
namespace {

Result<void> check_page(Tx& tx, const ListLinks& input) {
    const AskedPage asked{.page = input.page,
                          .page_given = input.page_given,
                          .starting_after = input.starting_after,
                          .ending_before = input.ending_before,
                          .by_creation = input.sort == LinkSort::Created};
    HW_CHECK(check_paging(asked));
    const auto& cursor = cursor_of(asked);
    return check_cursor(asked, cursor && find_link(tx, tx.workspace_id(), *cursor));
}

// The ids of the tags that the query names. Unknown names find nothing.
std::optional<std::vector<std::string>> wanted_tags(Tx& tx, const LinkQuery& query) {
    if (query.tag_ids.empty() && query.tag_names.empty()) return std::nullopt;
    auto ids = query.tag_ids;
    for (const auto& name : query.tag_names) {
        if (auto tag = find_tag_by_name(tx, tx.workspace_id(), name)) {
            ids.push_back(std::move(tag->tag_id));
        }
    }
    return ids;
}

}  // namespace

std::optional<LinkFilter> link_filter(Tx& tx, const LinkQuery& query) {
    // Links belong to the workspace here, not to one of its users.
    if (query.user_id) return std::nullopt;
    return LinkFilter{
        .domain = query.domain ? std::optional(ascii_lower(*query.domain)) : std::nullopt,
        .tenant_id = query.tenant_id,
        .folder_id = query.folder_id.value_or(std::string(kNoFolder)),
        .tag_ids = wanted_tags(tx, query),
        .tagged = query.with_tags,
        .search = query.search,
        .show_archived = query.show_archived,
        .after = {},
        .before = {}};
}

Result<std::vector<LinkWithTotals>> list_links(Tx& tx, const ListLinks& input) {
    HW_CHECK(check_page(tx, input));
    auto filter = link_filter(tx, input.which);
    if (!filter) return std::vector<LinkWithTotals>{};
    filter->after = input.starting_after;
    filter->before = input.ending_before;
    filter->sort = input.sort;
    filter->ascending = input.ascending;
    filter->limit = input.page_size;
    filter->offset = (input.page - 1) * input.page_size;
    return with_totals(tx, list_links(tx, tx.workspace_id(), *filter));
}

}  // namespace hw
