// SPDX-License-Identifier: Apache-2.0
// Page views and events of websites, the visitors who made them and their sessions.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

// One thing that a page told: that it was seen, that something was done on it, or who looks at it.
struct PageView {
    std::string workspace_id;
    std::string page_view_id;  // the same whenever the same is told
    std::string kind;          // pageview, event, identify (which has no row of its own)
    std::int64_t at_ms = 0;
    std::string fingerprint;  // empty: nobody is to know
    std::string session_id;
    std::string url;
    std::string path;
    std::string referrer;
    std::string source = "(direct)";
    std::string utm_source;
    std::string utm_medium;
    std::string utm_campaign;
    std::string utm_term;
    std::string utm_content;
    std::string title;
    std::string locale;
    std::string event_name;
    std::optional<std::string> event_data;
    std::string click_id;
    std::string via;
    std::string network_click;
    std::string country = "Unknown";
    std::string device = "Desktop";
    std::string browser = "Unknown";
    std::string os = "Unknown";
    bool bot = false;
    bool test = false;

    // Not of the page view: what is known about its visitor, for identities.
    std::int64_t visitor = 0;            // as Touch::visitor; 0: none
    std::int64_t visitor_yesterday = 0;  // likewise
    std::string told_fingerprint{};      // where the cookie says another one
    std::string customer_id{};           // the merchant's own
    std::string email_hash{};
};

// Appends those that are not there yet; which differ in their ids. Tells which are new.
std::vector<bool> insert_page_views(Tx& tx, std::span<const PageView* const> views);

// The page views and events of a visitor in [from_ms, to_ms], newest first.
std::vector<PageView> page_views_of_visitor(Tx& tx, std::string_view fingerprint,
                                            std::int64_t from_ms, std::int64_t to_ms,
                                            std::int64_t limit);

// A link's key in the URLs of pages that somebody saw, and when. No bots, no test tokens.
struct PageKey {
    std::string key;
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
};
// In [from_ms, to_ms], those seen last first.
std::vector<PageKey> page_keys_of_visitors(Tx& tx, std::span<const std::string> fingerprints,
                                           std::int64_t from_ms, std::int64_t to_ms,
                                           std::int64_t limit);

struct SeenVisitor {
    std::string workspace_id;
    std::string fingerprint;
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
};
// Notes them and holds their rows to the end of the transaction. In the order of their keys, so
// that two transactions cannot wait for each other.
void see_visitors(Tx& tx, std::span<const SeenVisitor> visitors);

struct Session {
    std::string workspace_id;
    std::string fingerprint;
    std::int64_t started_at_ms = 0;
    std::int64_t ended_at_ms = 0;
    std::int64_t page_views = 0;
    std::int64_t events = 0;
    bool operator==(const Session&) const = default;
};
// The sessions of the visitor that overlap [from_ms, to_ms], in the order of time.
std::vector<Session> sessions_between(Tx& tx, std::string_view workspace_id,
                                      std::string_view fingerprint, std::int64_t from_ms,
                                      std::int64_t to_ms);
void delete_session(Tx& tx, const Session& session);
void put_session(Tx& tx, const Session& session);

// Page views told before that time, at most `limit`, the oldest first, with their visitors'
// sessions that ended before and the visitors who were not seen since. How many page views there
// were.
std::int64_t delete_page_views(Tx& tx, std::int64_t before_ms, std::int64_t limit);

}  // namespace hw
