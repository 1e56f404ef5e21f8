// SPDX-License-Identifier: Apache-2.0
// Which workspaces could have to do with what a stranger sends: look-ups over the whole server, for
// the operator, each by an index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

std::vector<std::string> list_oldest_workspaces(Tx& tx, std::int64_t limit);

// Who set up the first signing secret that still is one.
std::optional<std::string> first_workspace_with_payment_secret(Tx& tx);

// With a programme whose website has this host, or www. before it.
std::optional<std::string> find_program_workspace(Tx& tx, std::string_view host);

}  // namespace hw
