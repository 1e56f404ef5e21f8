// SPDX-License-Identifier: Apache-2.0
// Tags, and which links carry them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Tag {
    std::string workspace_id;
    std::string tag_id;
    std::string name;  // unique in the workspace, without case
    std::string color;
    std::int64_t created_at_ms = 0;
};

bool insert_tag(Tx& tx, const Tag& tag);  // false: id or name taken
void update_tag(Tx& tx, const Tag& tag);  // name and color; the name is free
void delete_tag(Tx& tx, const Tag& tag);  // and takes it from its links

std::optional<Tag> find_tag(Tx& tx, std::string_view workspace_id, std::string_view tag_id);
std::optional<Tag> find_tag_by_name(Tx& tx, std::string_view workspace_id, std::string_view name);

struct TagFilter {
    std::optional<std::vector<std::string>> ids;
    std::string search;    // part of the name, without case; empty: all
    bool by_name = false;  // else by creation
    bool ascending = false;
    std::int64_t limit = 100;
    std::int64_t offset = 0;
};
std::vector<Tag> list_tags(Tx& tx, std::string_view workspace_id, const TagFilter& filter);

// The link's tags become exactly these, in this order. They exist.
void set_link_tags(Tx& tx, std::string_view workspace_id, std::string_view link_id,
                   const std::vector<Tag>& tags);

// By link id; links without tags are left out.
using LinkTags = std::map<std::string, std::vector<Tag>, std::less<>>;
LinkTags tags_of_links(Tx& tx, std::string_view workspace_id,
                       const std::vector<std::string>& link_ids);

}  // namespace hw
