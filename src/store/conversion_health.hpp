// SPDX-License-Identifier: Apache-2.0
// How the conversions that were recorded lately came out, for people who ask whether it works.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

// Of sales by the decision that holds now.
struct OutcomeCount {
    std::string rung;
    std::string confidence;
    std::string reason;  // of an orphan
    std::int64_t count = 0;
};
// Of those that were recorded at or after `from_ms`.
std::vector<OutcomeCount> count_sale_outcomes(Tx& tx, std::int64_t from_ms);

// A conversion in a word.
struct RecentConversion {
    std::string conversion_id;
    std::int64_t occurred_at_ms = 0;
    std::string told_click_id;
    std::string source;                   // of revenue: "webhook", "revenue"; else "api", "direct"
    std::optional<std::string> touch_id;  // of the decision that holds now, as all that follows
    std::optional<std::string> link_id;
    bool test = false;
};
// The last ones that were recorded, newest first.
std::vector<RecentConversion> list_recent_sales(Tx& tx, std::int64_t limit);
std::vector<RecentConversion> list_recent_leads(Tx& tx, std::int64_t limit);

// The touches of a link among the last `limit` ones of the workspace.
struct LinkTouches {
    std::int64_t people = 0;
    std::int64_t bots = 0;
    std::int64_t last_at_ms = 0;  // of either
};
LinkTouches count_recent_touches(Tx& tx, std::string_view link_id, std::int64_t limit);

}  // namespace hw
