// SPDX-License-Identifier: Apache-2.0
// What was decided about deliveries that nobody vouches for: by whom, when and why. Append-only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct QuarantineDecision {
    std::string workspace_id{};  // where it was set aside
    std::string quarantine_id{};
    std::string decision{};  // assigned, dismissed
    std::string actor{};     // id of the API key, "command line", or "setting"
    std::string reason{};
    std::int64_t decided_at_ms = 0;
    std::string set_aside_for{};  // why nobody vouched for it
    std::string from_connection_id{};
    std::int64_t received_at_ms = 0;
    std::string body_hash{};  // SHA-256, hex
    // Of assigned ones.
    std::string to_workspace_id{};
    std::string to_connection_id{};
    std::string inbox_id{};
    bool duplicate = false;  // the inbox had it already
};

bool insert_quarantine_decision(Tx& tx, const QuarantineDecision& decision);  // false: decided
std::optional<QuarantineDecision> find_quarantine_decision(Tx& tx, std::string_view quarantine_id);
// Of the workspace, the newest quarantine ids first, before the id; empty: from the newest on.
std::vector<QuarantineDecision> list_quarantine_decisions(Tx& tx, std::string_view before,
                                                          std::int64_t limit);

}  // namespace hw
