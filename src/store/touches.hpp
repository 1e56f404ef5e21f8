// SPDX-License-Identifier: Apache-2.0
// Touches: observed contacts of a person with a link. Append-only facts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Touch {
    std::string workspace_id;
    std::string touch_id;  // the click id
    std::int64_t at_ms = 0;
    std::string link_id;
    std::int64_t visitor = 0;  // salted hash of IP and user agent, never the IP itself
    // The same visitor under yesterday's salt; only in the first hour of a day, else 0.
    std::int64_t visitor_yesterday = 0;
    std::string trigger = "link";  // link, qr, pageview, deeplink
    std::string url;               // where the visitor was sent
    std::string referer;           // host, or "(direct)"
    std::string referer_url;
    std::string country = "Unknown";
    std::string region = "Unknown";
    std::string city = "Unknown";
    std::string continent = "Unknown";
    std::string device = "Desktop";
    std::string browser = "Unknown";
    std::string os = "Unknown";
    std::string user_agent;
    bool bot = false;  // kept, so that a later lead with this id explains itself; never counted
    // Asynchronous durability: the visitor already holds this id, so its row must exist even when
    // another click of the same hour counts.
    bool answered = false;
};

// Whose hour the touch takes. Bots have one of their own: a preview that comes from the visitor's
// own browser must not use up the visitor's.
std::int64_t dedup_visitor(const Touch& touch);
RecentKey recent_key(const Touch& touch);

// Whether a touch was added to the counts: so they can be recomputed from the touches.
enum class Counted : std::uint8_t { No, Yes };

// Appends them. Multi-row on PostgreSQL. A bot's never counts.
void insert_touches(Tx& tx, std::span<const Touch* const> touches, Counted counted);

std::optional<Touch> find_touch(Tx& tx, std::string_view workspace_id, std::string_view touch_id);

// Those of the ids that are stored, newest first (then the greatest id).
std::vector<Touch> find_touches(Tx& tx, std::string_view workspace_id,
                                std::span<const std::string> touch_ids);

// The latest touches of people, not bots, at or before `until_ms`, newest first. Looks at no more
// than kTouchesLookedAtMax.
std::vector<Touch> latest_clicks(Tx& tx, std::string_view workspace_id, std::int64_t until_ms,
                                 std::int64_t limit);

// How many clicks of the touch's visitor on links of that partner are among the last `limit`
// touches of the workspace in the hour that ends with it.
std::int64_t count_visits_of_partner(Tx& tx, const Touch& touch, std::string_view partner_id,
                                     std::int64_t limit);

// Claims "this visitor on this link in this hour" for each touch, which must differ in that key
// (dedup_visitor).
// Gives, per touch, the id of the click that already holds it, or nothing when the touch holds it
// now. Exact across nodes: a table on PostgreSQL; SQLite has one process and reads the memory that
// each_recent_touch filled.
std::vector<std::optional<std::string>> claim_recent_clicks(Tx& tx,
                                                            std::span<const Touch* const> touches);

// Calls `on_touch` for the touches at or after `from_ms` that hold an hour, of every workspace:
// fills the in-memory index of recent clicks when the process starts. Only workspace, id, time,
// link, visitor and bot are set.
void each_recent_touch(Tx& tx, std::int64_t from_ms, FunctionRef<void(const Touch&)> on_touch);

// Drops the claims that ended before `before_ms`. Operator; SQLite has none.
void forget_recent_clicks(Tx& tx, std::int64_t before_ms);

}  // namespace hw
