// SPDX-License-Identifier: Apache-2.0
#include "core/update_link.hpp"

#include "base/link_key.hpp"
#include "core/get_link.hpp"
#include "core/link_groups.hpp"
#include "core/partner_links.hpp"
#include "store/outbox.hpp"

namespace hw {

Result<LinkWithTotals> update_found_link(Tx& tx, const Link& before, const LinkFields& fields,
                                         const KeyReserved& key_reserved) {
    auto link = before;
    HW_CHECK(apply_fields(fields, link));
    HW_CHECK(put_folder(tx, fields, link));
    HW_CHECK(check_link_partner(tx, fields, link));
    const auto tags = HW_TRY(choose_tags(tx, link.workspace_id, fields));
    // A link whose key became reserved later may still be changed in everything else.
    const bool moves = fields.domain || fields.key;
    if (fields.domain) link.domain = HW_TRY(choose_domain(tx, fields.domain));
    if (moves) {
        const auto key = fields.key.value_or(display_key(link.key));
        HW_CHECK(set_key(link, key, key_reserved));
    }
    const auto clash = find_link_clash(tx, link, link.link_id);
    if (clash != LinkClash::None) return std::unexpected(clash_error(clash, link));
    link.updated_at_ms = tx.now_ms();
    update_link(tx, link, before);
    if (tags) set_link_tags(tx, link.workspace_id, link.link_id, *tags);
    append_outbox(tx, "link.updated", link.link_id);
    return with_totals(tx, std::move(link));
}

Result<LinkWithTotals> update_link(Tx& tx, const UpdateLink& input) {
    const auto before = HW_TRY(find_referenced_link(tx, input.reference));
    return update_found_link(tx, before, input.fields, input.key_reserved);
}

}  // namespace hw
