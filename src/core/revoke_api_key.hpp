// SPDX-License-Identifier: Apache-2.0
// A secret key stops working, at once and on every node.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "store/tx.hpp"

namespace hw {

Result<void> revoke_api_key(Tx& tx, std::string_view workspace_id, std::string_view api_key_id);

}  // namespace hw
