// SPDX-License-Identifier: Apache-2.0
#include "core/export_links.hpp"

#include <map>

#include "core/link_groups.hpp"
#include "store/folders.hpp"

namespace hw {

std::vector<ExportedLink> export_links(Tx& tx, const LinkQuery& which, std::string_view after,
                                       std::int64_t limit) {
    auto filter = link_filter(tx, which);
    if (!filter) return {};
    if (!which.folder_id) filter->folder_id.clear();
    filter->after = after;
    filter->ascending = true;
    filter->limit = limit;
    std::map<std::string, std::string> folders;
    std::vector<ExportedLink> exported;
    for (auto& linked : with_totals(tx, list_links(tx, tx.workspace_id(), *filter))) {
        std::string folder;
        if (const auto& id = linked.link.folder_id) {
            const auto [at, is_new] = folders.try_emplace(*id);
            const auto found =
                is_new ? find_folder(tx, tx.workspace_id(), *id) : std::optional<Folder>{};
            if (found) at->second = found->name;
            folder = at->second;
        }
        exported.push_back({std::move(linked), std::move(folder)});
    }
    return exported;
}

}  // namespace hw
