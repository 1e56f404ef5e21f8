// SPDX-License-Identifier: Apache-2.0
// The steps from a new workspace to an attributed sale, and which of them have been seen to work.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct SetupStep {
    std::string_view name;                // clickSeen, cookieSeen, leadSeen, ...
    std::optional<std::int64_t> at_ms{};  // when it was last seen; nothing: not yet
    std::string missing{};                // what to do; empty when it was seen
};

// In the order in which they are done. Looks at what happened lately.
std::vector<SetupStep> setup_checklist(Tx& tx);

}  // namespace hw
