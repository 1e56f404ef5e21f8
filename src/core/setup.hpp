// SPDX-License-Identifier: Apache-2.0
// The setup link: who holds it makes one workspace with its keys, once, within half an hour.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "core/create_workspace.hpp"
#include "store/tx.hpp"

namespace hw {

// All three are for the operator's transactions.

// 43 random characters for the path /setup/{token}; only their hash is stored.
std::string create_setup_token(Tx& tx);

// 410 for a token that was used, is too old, or was never given out.
Result<void> check_setup_token(Tx& tx, std::string_view token);

struct CompletedSetup {
    Workspace workspace;
    std::optional<Domain> domain;
    std::string secret_key;
};
Result<CompletedSetup> complete_setup(Tx& tx, std::string_view token, const CreateWorkspace& input);

}  // namespace hw
