// SPDX-License-Identifier: Apache-2.0
// When it changed whether attribution works for a workspace, as the workspace was told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

struct StatusAlert {
    std::string alert_id;
    std::string status;    // working, issues, not_working
    std::string previous;  // empty: the first one, which was told to nobody
    std::string rule;
    std::string message;
    std::int64_t at_ms = 0;
};

void insert_status_alert(Tx& tx, const StatusAlert& alert);
std::optional<StatusAlert> find_status_alert(Tx& tx, std::string_view alert_id);
std::optional<StatusAlert> last_status_alert(Tx& tx);

}  // namespace hw
