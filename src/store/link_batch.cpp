// SPDX-License-Identifier: Apache-2.0
#include "store/link_batch.hpp"

#include <boost/json.hpp>

namespace hw {
namespace {

namespace json = boost::json;

// Above this many, naming each changed link costs more than forgetting all of them.
constexpr std::size_t kNamedInvalidationsMax = 100;

// PostgreSQL takes the batch as one statement; SQLite has no round trip to save (links.cpp).
const Query kInsertLinks{"insert_links", "", R"sql(
insert into links (workspace_id, link_id, domain, key, key_folded, url, external_id, tenant_id,
    program_id, partner_id, track_conversion, archived, disabled_at_ms, expires_at_ms, expired_url,
    title, description, image, comments, do_index, created_at_ms, updated_at_ms, video, password,
    ios, android, geo, folder_id, test_variants, test_started_at_ms, test_completed_at_ms, proxy,
    rewrite, public_stats, url_start)
select t->>0, t->>1, t->>2, t->>3, t->>4, t->>5, t->>6, t->>7, t->>8, t->>9, (t->>10)::bigint,
    (t->>11)::bigint, (t->>12)::bigint, (t->>13)::bigint, t->>14, t->>15, t->>16, t->>17, t->>18,
    (t->>19)::bigint, (t->>20)::bigint, (t->>21)::bigint, t->>22, t->>23, t->>24, t->>25, t->>26,
    t->>27, t->>28, (t->>29)::bigint, (t->>30)::bigint, (t->>31)::bigint, (t->>32)::bigint,
    (t->>33)::bigint, substr(t->>5, 1, 200)
from json_array_elements($1::json) as t
on conflict do nothing returning link_id
)sql"};

// One look into the index for each row of `k`, whatever the planner thinks: under Row Level
// Security it uses an index for plain columns only, and takes the table for almost empty.
const Query kFindStoredLinks{"find_stored_links", "", R"sql(
with k as materialized (
    select t->>0 as domain, t->>1 as key_folded from json_array_elements($2::json) as t
)
select l.domain, l.key_folded, l.link_id, l.url
from k cross join lateral (
    select domain, key_folded, link_id, url from links
    where workspace_id = $1 and domain = k.domain and key_folded = k.key_folded offset 0
) l
)sql"};

template <class T>
json::value or_null(const std::optional<T>& value) {
    return value ? json::value(*value) : json::value(nullptr);
}

std::string links_json(std::span<const Link> links) {
    json::array rows;
    rows.reserve(links.size());
    for (const auto& l : links) {
        rows.push_back(json::array{l.workspace_id,
                                   l.link_id,
                                   l.domain,
                                   l.key,
                                   l.key_folded,
                                   l.url,
                                   or_null(l.external_id),
                                   or_null(l.tenant_id),
                                   or_null(l.program_id),
                                   or_null(l.partner_id),
                                   l.track_conversion ? 1 : 0,
                                   l.archived ? 1 : 0,
                                   or_null(l.disabled_at_ms),
                                   or_null(l.expires_at_ms),
                                   or_null(l.expired_url),
                                   or_null(l.title),
                                   or_null(l.description),
                                   or_null(l.image),
                                   or_null(l.comments),
                                   l.do_index ? 1 : 0,
                                   l.created_at_ms,
                                   l.updated_at_ms,
                                   or_null(l.video),
                                   or_null(l.password),
                                   or_null(l.ios),
                                   or_null(l.android),
                                   or_null(l.geo),
                                   or_null(l.folder_id),
                                   or_null(l.test_variants),
                                   or_null(l.test_started_at_ms),
                                   or_null(l.test_completed_at_ms),
                                   l.proxy ? 1 : 0,
                                   l.rewrite ? 1 : 0,
                                   l.public_stats ? 1 : 0});
    }
    return json::serialize(rows);
}

}  // namespace

std::set<std::string> insert_links(Tx& tx, std::span<const Link> links) {
    std::set<std::string> made;
    if (tx.engine() == EngineKind::Sqlite) {
        for (const auto& link : links) {
            if (insert_link(tx, link)) made.insert(link.link_id);
        }
        return made;
    }
    tx.each(kInsertLinks, [&](const Row& row) { made.insert(row.text(0)); }, links_json(links));
    if (made.size() > kNamedInvalidationsMax) {
        tx.invalidate("*");
        return made;
    }
    for (const auto& link : links) {
        if (made.contains(link.link_id)) {
            tx.invalidate("link:" + link.domain + "/" + link.key_folded);
        }
    }
    return made;
}

StoredLinks find_stored_links(Tx& tx, std::span<const Link> links) {
    StoredLinks stored;
    if (links.empty()) return stored;
    if (tx.engine() == EngineKind::Sqlite) {
        for (const auto& link : links) {
            const auto found =
                find_link_by_key(tx, link.workspace_id, link.domain, link.key_folded);
            if (found) stored[{found->domain, found->key_folded}] = {found->link_id, found->url};
        }
        return stored;
    }
    json::array keys;
    for (const auto& link : links) keys.push_back(json::array{link.domain, link.key_folded});
    tx.each(
        kFindStoredLinks,
        [&](const Row& row) { stored[{row.text(0), row.text(1)}] = {row.text(2), row.text(3)}; },
        links.front().workspace_id, json::serialize(keys));
    return stored;
}

}  // namespace hw
