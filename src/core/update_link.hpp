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

}  // namespace hw
