// SPDX-License-Identifier: Apache-2.0
// Whether attribution works for a workspace, and the rule that says so.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/inbox_health.hpp"
#include "store/workspaces.hpp"

namespace hw {

// Sales that were recorded in a span of time, without those in test mode and those that are counted
// under another conversion.
struct SalesOfSpan {
    std::int64_t sales = 0;
    std::int64_t inferred = 0;
    std::int64_t orphans = 0;
    std::map<std::string, std::int64_t> orphans_by_reason{};
};

struct HealthFacts {
    std::optional<std::int64_t> last_sale_at_ms{};
    std::optional<std::int64_t> last_lead_at_ms{};
    SalesOfSpan day{};   // the last 24 hours
    SalesOfSpan week{};  // the last 7 days
    std::optional<InboxHealth> inbox{};
};

struct HealthVerdict {
    std::string_view status;  // working, issues, not_working
    std::string_view rule;    // the first that applied, for example "orphans_24h"
    std::string message;      // what it saw, and what to do
};
HealthVerdict judge_health(const HealthFacts& facts, std::int64_t now_ms);

struct ClientHealth {
    Workspace workspace;
    HealthFacts facts;
    HealthVerdict verdict;
};
// In a transaction of that workspace.
ClientHealth client_health(Tx& tx);

// For a terminal.
std::string health_text(const ClientHealth& health);

}  // namespace hw
