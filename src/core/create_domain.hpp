// SPDX-License-Identifier: Apache-2.0
// A workspace gets a host name for its short links. The first one is its primary domain.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "store/tx.hpp"
#include "store/workspaces.hpp"

namespace hw {

// A host name as it is stored: lower case, punycode, without port or final dot. 422 for anything
// that is not one.
Result<std::string> normalize_domain(std::string_view text);

Result<Domain> create_domain(Tx& tx, std::string_view workspace_id, std::string_view host);

}  // namespace hw
