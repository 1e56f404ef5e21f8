// SPDX-License-Identifier: Apache-2.0
#include "core/update_link.hpp"

#include "base/link_key.hpp"
#include "core/get_link.hpp"

namespace hw {

Result<LinkWithTotals> update_link(Tx& tx, const UpdateLink& input) {
    const auto before = HW_TRY(find_referenced_link(tx, input.reference));
    auto link = before;
    HW_CHECK(apply_fields(input.fields, link));
    // A link whose key became reserved later may still be changed in everything else.
    const bool moves = input.fields.domain || input.fields.key;
    if (input.fields.domain) link.domain = HW_TRY(choose_domain(tx, input.fields.domain));
    if (moves) {
        const auto key = input.fields.key.value_or(display_key(link.key));
        HW_CHECK(set_key(link, key, input.key_reserved));
    }
    const auto clash = find_link_clash(tx, link, link.link_id);
    if (clash != LinkClash::None) return std::unexpected(clash_error(clash, link));
    link.updated_at_ms = tx.now_ms();
    update_link(tx, link, before);
    const auto totals = link_totals(tx, tx.workspace_id(), link.link_id);
    return LinkWithTotals{std::move(link), totals};
}

}  // namespace hw
