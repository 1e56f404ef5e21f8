// SPDX-License-Identifier: Apache-2.0
// PATCH /links/{linkId}: what the caller says is changed, the rest stays.
#pragma once

#include <string>

#include "core/link_fields.hpp"

namespace hw {

struct UpdateLink {
    std::string reference;  // id, or "ext_" and the external id
    LinkFields fields;
    KeyReserved key_reserved;
};

Result<LinkWithTotals> update_link(Tx& tx, const UpdateLink& input);

// The same for a link that was found. Everything is checked before the first write.
Result<LinkWithTotals> update_found_link(Tx& tx, const Link& before, const LinkFields& fields,
                                         const KeyReserved& key_reserved);

}  // namespace hw
