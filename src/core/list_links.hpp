// SPDX-License-Identifier: Apache-2.0
// GET /links: a page of the workspace's links, newest first (reference: dub, 1.6 and 2.6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "core/link_fields.hpp"

namespace hw {

struct ListLinks {
    std::optional<std::string> domain;
    std::optional<std::string> tenant_id;
    std::string search;  // part of the key or the URL
    bool show_archived = false;
    std::int64_t page = 1;
    std::int64_t page_size = limits::kPageSizeMax;
    // Ids of links; at most one of the two, and not together with a page.
    std::optional<std::string> starting_after;
    std::optional<std::string> ending_before;
    bool page_given = false;
};

Result<std::vector<LinkWithTotals>> list_links(Tx& tx, const ListLinks& input);

}  // namespace hw
