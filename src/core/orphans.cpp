// SPDX-License-Identifier: Apache-2.0
#include "core/orphans.hpp"

#include <algorithm>

#include "base/fault.hpp"

namespace hw {
namespace {

std::optional<Link> suggested_link(Tx& tx, const Attribution& decision) {
    const auto found = std::ranges::find(decision.candidates, "suggested", &Candidate::verdict);
    if (found == decision.candidates.end() || !found->link_id) return std::nullopt;
    return find_link(tx, tx.workspace_id(), *found->link_id);
}

}  // namespace

OrphanPage list_orphan_page(Tx& tx, std::string_view after_id, std::int64_t limit) {
    OrphanPage page{.orphans = {}, .counts = count_orphans(tx), .next_id = {}};
    const auto ids = list_orphans(tx, after_id, limit);
    for (const auto& id : ids) {
        auto conversion = find_conversion(tx, tx.workspace_id(), id);
        auto decision = find_attribution(tx, tx.workspace_id(), id);
        HW_ASSERT(conversion && decision);
        auto suggested = suggested_link(tx, *decision);
        page.orphans.push_back(
            {std::move(*conversion), std::move(*decision), std::move(suggested)});
    }
    if (std::ssize(ids) == limit) page.next_id = ids.back();
    return page;
}

}  // namespace hw
