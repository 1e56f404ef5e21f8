// SPDX-License-Identifier: Apache-2.0
// DELETE /links/{linkId}. What the link earned stays on record.
#pragma once

#include <string>
#include <string_view>

#include "core/link_fields.hpp"

namespace hw {

// Gives the id of the link that is gone. `reference` is its id, or "ext_" and its external id.
Result<std::string> delete_link(Tx& tx, std::string_view reference);

}  // namespace hw
