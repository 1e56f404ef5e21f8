// SPDX-License-Identifier: Apache-2.0
#include "core/upsert_link.hpp"

#include "core/update_link.hpp"

namespace hw {

Result<LinkWithTotals> upsert_link(Tx& tx, const CreateLink& input) {
    if (!input.fields.url || input.fields.url->empty()) return create_link(tx, input);
    // The URL as it would be stored, campaign parameters included.
    LinkFields address;
    address.url = input.fields.url;
    address.url_parameters = input.fields.url_parameters;
    Link wanted;
    HW_CHECK(apply_fields(address, wanted));
    const auto stored = find_link_by_url(tx, tx.workspace_id(), wanted.url);
    if (!stored) return create_link(tx, input);
    return update_found_link(tx, *stored, input.fields, input.key_reserved);
}

}  // namespace hw
