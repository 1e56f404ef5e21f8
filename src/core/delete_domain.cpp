// SPDX-License-Identifier: Apache-2.0
#include "core/delete_domain.hpp"

#include "core/claim_domain.hpp"

namespace hw {

Result<Domain> delete_domain(Tx& tx, std::string_view slug) {
    auto domain = HW_TRY(find_named_domain(tx, tx.workspace_id(), slug));
    delete_domain(tx, domain);
    if (!domain.primary) return domain;
    // The workspace's oldest name takes its place.
    auto others = list_domains(tx, tx.workspace_id());
    if (others.empty()) return domain;
    auto next = others.front();
    for (const auto& other : others) {
        if (other.created_at_ms < next.created_at_ms) next = other;
    }
    next.primary = true;
    update_domain(tx, next);
    return domain;
}

}  // namespace hw
