// SPDX-License-Identifier: Apache-2.0
// Many links at once, for imports: one statement per batch where a round trip per link would be the
// cost of it.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "store/links.hpp"

namespace hw {

// Stores the links whose id, key and external id are free, and gives the ids of those.
std::set<std::string> insert_links(Tx& tx, std::span<const Link> links);

struct StoredLink {
    std::string link_id;
    std::string url;
};
// By domain and folded key, the stored links that have them. One workspace.
using StoredLinks = std::map<std::pair<std::string, std::string>, StoredLink>;
StoredLinks find_stored_links(Tx& tx, std::span<const Link> links);

}  // namespace hw
