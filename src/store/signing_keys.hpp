// SPDX-License-Identifier: Apache-2.0
// What a workspace signs with (base/ed25519.hpp). Secret: it leaves this server in signatures only.
#pragma once

#include <optional>
#include <string>

#include "store/tx.hpp"

namespace hw {

// The workspace's own seed; nothing when it has signed nothing yet.
std::optional<std::string> find_signing_seed(Tx& tx, std::string_view workspace_id);

// Keeps the first one that comes; gives the one that is kept.
std::string keep_signing_seed(Tx& tx, std::string_view workspace_id, std::string_view seed);

}  // namespace hw
