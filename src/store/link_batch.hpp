// SPDX-License-Identifier: Apache-2.0
// Many links at once, for imports: one statement per batch where a round trip per link would be the
// cost of it.
#pragma once

#include <set>
#include <span>
#include <string>

#include "store/links.hpp"

namespace hw {

// Stores the links whose id, key and external id are free, and gives the ids of those.
std::set<std::string> insert_links(Tx& tx, std::span<const Link> links);

}  // namespace hw
