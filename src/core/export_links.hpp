// SPDX-License-Identifier: Apache-2.0
// GET /links/export: the links of a listing from the oldest on, a piece at a time, with all that an
// import of them somewhere else needs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/list_links.hpp"

namespace hw {

struct ExportedLink {
    LinkWithTotals linked;
    std::string folder;  // its name; empty: none
};

// Those after the link with that id, empty: from the first. Unlike a listing it leaves out no
// folder when the query names none.
std::vector<ExportedLink> export_links(Tx& tx, const LinkQuery& which, std::string_view after,
                                       std::int64_t limit);

}  // namespace hw
