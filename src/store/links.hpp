// SPDX-License-Identifier: Apache-2.0
// Links: domain + key to a destination, with their owner. Totals are derived (counters.hpp).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Link {
    std::string workspace_id;
    std::string link_id;
    std::string domain;
    std::string key;         // as its owner wrote it
    std::string key_folded;  // lower case: what look-ups compare
    std::string url;
    std::optional<std::string> external_id;
    std::optional<std::string> tenant_id;
    std::optional<std::string> program_id;
    std::optional<std::string> partner_id;
    bool track_conversion = false;
    bool archived = false;
    std::optional<std::int64_t> disabled_at_ms;
    std::optional<std::int64_t> expires_at_ms;
    std::optional<std::string> expired_url;
    std::optional<std::string> title;
    std::optional<std::string> description;
    std::optional<std::string> image;
    std::optional<std::string> video;
    std::optional<std::string> comments;
    std::optional<std::string> password;
    std::optional<std::string> ios;  // destination of visitors with that system
    std::optional<std::string> android;
    std::optional<std::string> geo;  // JSON: country, ISO 3166 alpha-2 -> destination
    std::optional<std::string> folder_id;
    std::optional<std::string> test_variants;  // JSON: [{"url", "percentage"}]
    std::optional<std::int64_t> test_started_at_ms;
    std::optional<std::int64_t> test_completed_at_ms;
    bool do_index = false;
    bool proxy = false;    // bots are shown a preview page
    bool rewrite = false;  // the destination is shown in a frame under the short link's address
    bool public_stats = false;
    std::int64_t created_at_ms = 0;
    std::int64_t updated_at_ms = 0;
};

enum class LinkClash : std::uint8_t { None, Key, ExternalId };

// What would stop a link with this key and external id from being stored. `except_link_id` is the
// link that is being updated.
LinkClash find_link_clash(Tx& tx, const Link& link, std::string_view except_link_id = {});

bool insert_link(Tx& tx, const Link& link);  // false: key or external id taken
void update_link(Tx& tx, const Link& link, const Link& before);
void delete_link(Tx& tx, const Link& link);

std::optional<Link> find_link(Tx& tx, std::string_view workspace_id, std::string_view link_id);
std::optional<Link> find_link_by_key(Tx& tx, std::string_view workspace_id, std::string_view domain,
                                     std::string_view key_folded);
std::optional<Link> find_link_by_external_id(Tx& tx, std::string_view workspace_id,
                                             std::string_view external_id);

// The oldest link to exactly that stored URL.
std::optional<Link> find_link_by_url(Tx& tx, std::string_view workspace_id, std::string_view url);

// Those of the ids that are links, in no order.
std::vector<Link> find_links(Tx& tx, std::string_view workspace_id,
                             std::span<const std::string> link_ids);

// Operator: the link that a visitor asked for. The domain names the workspace.
std::optional<Link> resolve_link(Tx& tx, std::string_view domain, std::string_view key_folded);

LinkCounts link_totals(Tx& tx, std::string_view workspace_id, std::string_view link_id);

// The same for many links of one workspace in one statement, in their order.
std::vector<LinkCounts> link_totals(Tx& tx, std::string_view workspace_id,
                                    const std::vector<Link>& links);

// For other statements that read links, as rows of a table called "l": their text and their rows.
std::string select_links(std::string_view from_where);
Link link_from(const Row& row);

}  // namespace hw
