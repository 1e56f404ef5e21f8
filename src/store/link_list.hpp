// SPDX-License-Identifier: Apache-2.0
// Links by what they have in common: pages of them, and how many there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/links.hpp"

namespace hw {

// The folder of links that are in none, where a filter names folders.
inline constexpr std::string_view kNoFolder = "unsorted";

enum class LinkSort : std::uint8_t { Created, Clicks, SaleAmount, LastClicked };

struct LinkFilter {
    std::optional<std::string> domain;
    std::optional<std::string> tenant_id;
    std::string folder_id;  // empty: every folder
    // Links with one of these tags; an empty list finds none.
    std::optional<std::vector<std::string>> tag_ids;
    bool tagged = false;  // only links with a tag
    std::string search;   // part of key or url, without case; empty: all
    bool show_archived = false;
    std::optional<std::string> after;   // id: the links that follow it in the listing
    std::optional<std::string> before;  // id: those just before it; not together with `after`
    LinkSort sort = LinkSort::Created;  // the others without cursors
    bool ascending = false;
    std::int64_t limit = 100;
    std::int64_t offset = 0;
};

std::vector<Link> list_links(Tx& tx, std::string_view workspace_id, const LinkFilter& filter);

// Cursors, limit and offset do not count.
std::int64_t count_links(Tx& tx, std::string_view workspace_id, const LinkFilter& filter);

enum class LinkGroup : std::uint8_t { Domain, Tag, Folder };

struct LinkGroupCount {
    std::optional<std::string> value;  // nothing: links without a folder
    std::int64_t count = 0;
};

// Largest first. A link counts once for each of its tags.
std::vector<LinkGroupCount> count_links_by(Tx& tx, std::string_view workspace_id,
                                           const LinkFilter& filter, LinkGroup group);

}  // namespace hw
