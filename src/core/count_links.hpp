// SPDX-License-Identifier: Apache-2.0
// GET /links/count: how many links there are, together or by what they share.
#pragma once

#include "core/list_links.hpp"

namespace hw {

enum class CountGroup : std::uint8_t { Domain, Tag, User, Folder };

std::int64_t count_links(Tx& tx, const LinkQuery& query);

// By folder, links of all folders count when the query names none.
std::vector<LinkGroupCount> count_links_by(Tx& tx, const LinkQuery& query, CountGroup group);

}  // namespace hw
