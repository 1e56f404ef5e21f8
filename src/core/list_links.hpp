// SPDX-License-Identifier: Apache-2.0
// GET /links: a page of the workspace's links (reference: dub, 1.6 and 2.6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "core/link_fields.hpp"
#include "store/link_list.hpp"

namespace hw {

// Which links. What no link has here finds none.
struct LinkQuery {
    std::optional<std::string> domain{};
    std::optional<std::string> tenant_id{};
    std::optional<std::string> folder_id{};  // absent or "unsorted": links in no folder
    std::vector<std::string> tag_ids{};      // links with one of them; empty: no such filter
    std::vector<std::string> tag_names{};
    std::optional<std::string> user_id{};
    bool with_tags = false;  // only links that have a tag
    std::string search{};    // part of the key or the URL
    bool show_archived = false;
};

struct ListLinks {
    LinkQuery which{};
    LinkSort sort = LinkSort::Created;
    bool ascending = false;
    std::int64_t page = 1;
    std::int64_t page_size = limits::kPageSizeMax;
    // Ids of links; at most one of the two, and not together with a page.
    std::optional<std::string> starting_after{};
    std::optional<std::string> ending_before{};
    bool page_given = false;
};

Result<std::vector<LinkWithTotals>> list_links(Tx& tx, const ListLinks& input);

// Nothing when no link can match.
std::optional<LinkFilter> link_filter(Tx& tx, const LinkQuery& query);

}  // namespace hw
