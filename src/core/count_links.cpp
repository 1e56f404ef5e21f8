// SPDX-License-Identifier: Apache-2.0
#include "core/count_links.hpp"

namespace hw {

std::int64_t count_links(Tx& tx, const LinkQuery& query) {
    const auto filter = link_filter(tx, query);
    return filter ? count_links(tx, tx.workspace_id(), *filter) : 0;
}

std::vector<LinkGroupCount> count_links_by(Tx& tx, const LinkQuery& query, CountGroup group) {
    auto filter = link_filter(tx, query);
    if (!filter) return {};
    const auto by = [&](LinkGroup what) {
        return count_links_by(tx, tx.workspace_id(), *filter, what);
    };
    switch (group) {
        case CountGroup::Domain:
            return by(LinkGroup::Domain);
        case CountGroup::Tag:
            return by(LinkGroup::Tag);
        case CountGroup::Folder:
            if (!query.folder_id) filter->folder_id.clear();
            return by(LinkGroup::Folder);
        case CountGroup::User:
            break;
    }
    // Nobody's: all of them.
    const auto count = count_links(tx, tx.workspace_id(), *filter);
    if (count == 0) return {};
    return {LinkGroupCount{std::nullopt, count}};
}

}  // namespace hw
