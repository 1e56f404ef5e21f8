// SPDX-License-Identifier: Apache-2.0
#include "core/link_book.hpp"

#include <set>
#include <vector>

#include "base/limits.hpp"

namespace hw {

void LinkBook::load(std::span<const std::string> link_ids) {
    if (links_.size() + link_ids.size() > limits::kLinkBookMax) links_.clear();
    const std::set<std::string> wanted(link_ids.begin(), link_ids.end());
    std::vector<std::string> missing;
    for (const auto& id : wanted) {
        if (!links_.contains(id)) missing.push_back(id);
    }
    if (missing.empty()) return;
    auto found = find_tagged_links(tx_, missing);
    // Those that are gone are remembered as such: a link without an id.
    for (auto& id : missing) links_[id] = std::move(found[id]);
}

const TaggedLink* LinkBook::find(std::string_view link_id) const {
    const auto at = links_.find(link_id);
    if (at == links_.end() || at->second.link.link_id.empty()) return nullptr;
    return &at->second;
}

}  // namespace hw
