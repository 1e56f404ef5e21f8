// SPDX-License-Identifier: Apache-2.0
// The folder and the tags of links, as callers name them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/link_fields.hpp"

namespace hw {

// The tags that the fields ask for; nothing when they say nothing about tags. 422 names the unknown
// ones.
Result<std::optional<std::vector<Tag>>> choose_tags(Tx& tx, std::string_view workspace_id,
                                                    const LinkFields& fields);

// The folder must be one of the workspace's. Empty and "unsorted" mean none.
Result<void> put_folder(Tx& tx, const LinkFields& fields, Link& link);

// The link as it is stored, with what belongs to it.
LinkWithTotals with_totals(Tx& tx, Link link);
std::vector<LinkWithTotals> with_totals(Tx& tx, std::vector<Link> links);

}  // namespace hw
