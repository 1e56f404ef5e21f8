// SPDX-License-Identifier: Apache-2.0
#include "store/links.hpp"

#include <fmt/format.h>

#include <map>

#include "store/json_array.hpp"

namespace hw {
namespace {

// In the order of link_from and of a link's parameters.
constexpr std::string_view kColumns = R"sql(
    l.workspace_id, l.link_id, l.domain, l.key, l.key_folded, l.url, l.external_id, l.tenant_id,
    l.program_id, l.partner_id, l.track_conversion, l.archived, l.disabled_at_ms, l.expires_at_ms,
    l.expired_url, l.title, l.description, l.image, l.video, l.comments, l.password, l.ios,
    l.android, l.geo, l.folder_id, l.test_variants, l.test_started_at_ms, l.test_completed_at_ms,
    l.do_index, l.proxy, l.rewrite, l.public_stats, l.updated_at_ms, l.created_at_ms
)sql";

}  // namespace

std::string select_links(std::string_view rest) {
    return fmt::format("select {} {}", kColumns, rest);
}

Link link_from(const Row& row) {
    Link link;
    link.workspace_id = row.text(0);
    link.link_id = row.text(1);
    link.domain = row.text(2);
    link.key = row.text(3);
    link.key_folded = row.text(4);
    link.url = row.text(5);
    link.external_id = row.optional_text(6);
    link.tenant_id = row.optional_text(7);
    link.program_id = row.optional_text(8);
    link.partner_id = row.optional_text(9);
    link.track_conversion = row.boolean(10);
    link.archived = row.boolean(11);
    link.disabled_at_ms = row.optional_int64(12);
    link.expires_at_ms = row.optional_int64(13);
    link.expired_url = row.optional_text(14);
    link.title = row.optional_text(15);
    link.description = row.optional_text(16);
    link.image = row.optional_text(17);
    link.video = row.optional_text(18);
    link.comments = row.optional_text(19);
    link.password = row.optional_text(20);
    link.ios = row.optional_text(21);
    link.android = row.optional_text(22);
    link.geo = row.optional_text(23);
    link.folder_id = row.optional_text(24);
    link.test_variants = row.optional_text(25);
    link.test_started_at_ms = row.optional_int64(26);
    link.test_completed_at_ms = row.optional_int64(27);
    link.do_index = row.boolean(28);
    link.proxy = row.boolean(29);
    link.rewrite = row.boolean(30);
    link.public_stats = row.boolean(31);
    link.updated_at_ms = row.int64(32);
    link.created_at_ms = row.int64(33);
    return link;
}

namespace {

const Query kInsertLink{"insert_link", R"sql(
insert into links (workspace_id, link_id, domain, key, key_folded, url, external_id, tenant_id,
    program_id, partner_id, track_conversion, archived, disabled_at_ms, expires_at_ms, expired_url,
    title, description, image, video, comments, password, ios, android, geo, folder_id,
    test_variants, test_started_at_ms, test_completed_at_ms, do_index, proxy, rewrite,
    public_stats, updated_at_ms, created_at_ms, url_start)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, substr($6, 1, 200))
on conflict do nothing returning 1
)sql"};

const Query kUpdateLink{"update_link", R"sql(
update links set domain = $3, key = $4, key_folded = $5, url = $6, external_id = $7,
    tenant_id = $8, program_id = $9, partner_id = $10, track_conversion = $11, archived = $12,
    disabled_at_ms = $13, expires_at_ms = $14, expired_url = $15, title = $16, description = $17,
    image = $18, video = $19, comments = $20, password = $21, ios = $22, android = $23, geo = $24,
    folder_id = $25, test_variants = $26, test_started_at_ms = $27, test_completed_at_ms = $28,
    do_index = $29, proxy = $30, rewrite = $31, public_stats = $32, updated_at_ms = $33,
    url_start = substr($6, 1, 200)
where workspace_id = $1 and link_id = $2
)sql"};

const Query kDeleteLink{"delete_link",
                        "delete from links where workspace_id = $1 and link_id = $2"};

const Query kDeleteTagsOfLink{"delete_tags_of_link",
                              "delete from link_tags where workspace_id = $1 and link_id = $2"};

const Query kFindLink{"find_link",
                      select_links("from links l where l.workspace_id = $1 and l.link_id = $2")};

const Query kFindLinkByKey{
    "find_link_by_key",
    select_links("from links l where l.workspace_id = $1 and l.domain = $2 and l.key_folded = $3")};

const Query kFindLinkByExternalId{
    "find_link_by_external_id",
    select_links("from links l where l.workspace_id = $1 and l.external_id = $2")};

const Query kResolveLink{"resolve_link", select_links(R"sql(
from domains d join links l on l.workspace_id = d.workspace_id and l.domain = d.slug
where d.slug = $1 and l.key_folded = $2
)sql")};

// The oldest, where several links lead to the same place.
const Query kFindLinkByUrl{"find_link_by_url", select_links(R"sql(
from links l where l.workspace_id = $1 and l.url_start = substr($2, 1, 200) and l.url = $2
order by l.created_at_ms, l.link_id limit 1
)sql")};

const Query kFindLinks{"find_links",
                       select_links("from links l where l.workspace_id = $1 and l.link_id in "
                                    "(select value from json_each($2))"),
                       select_links("from links l where l.workspace_id = $1 and l.link_id in "
                                    "(select json_array_elements_text(cast($2 as json)))")};

const Query kLinkTotals{"link_totals", R"sql(
select coalesce(sum(clicks), 0), coalesce(sum(leads), 0), coalesce(sum(conversions), 0),
    coalesce(sum(sales), 0), cast(coalesce(sum(sale_amount), 0) as bigint),
    coalesce(max(last_click_at_ms), 0), coalesce(max(last_lead_at_ms), 0),
    coalesce(max(last_conversion_at_ms), 0)
from link_totals where workspace_id = $1 and link_id = $2
)sql"};

// The engines read a JSON array of ids with functions of their own.
const Query kManyLinkTotals{"many_link_totals", R"sql(
select link_id, coalesce(sum(clicks), 0), coalesce(sum(leads), 0), coalesce(sum(conversions), 0),
    coalesce(sum(sales), 0), coalesce(sum(sale_amount), 0), coalesce(max(last_click_at_ms), 0),
    coalesce(max(last_lead_at_ms), 0), coalesce(max(last_conversion_at_ms), 0)
from link_totals where workspace_id = $1 and link_id in (select value from json_each($2))
group by link_id
)sql",
                            R"sql(
select link_id, coalesce(sum(clicks), 0), coalesce(sum(leads), 0), coalesce(sum(conversions), 0),
    coalesce(sum(sales), 0), coalesce(sum(sale_amount), 0), coalesce(max(last_click_at_ms), 0),
    coalesce(max(last_lead_at_ms), 0), coalesce(max(last_conversion_at_ms), 0)
from link_totals
where workspace_id = $1 and link_id in (select json_array_elements_text(cast($2 as json)))
group by link_id
)sql"};

LinkCounts counts_from(const Row& row, int first_column) {
    return {row.int64(first_column),     row.int64(first_column + 1), row.int64(first_column + 2),
            row.int64(first_column + 3), row.int64(first_column + 4), row.int64(first_column + 5),
            row.int64(first_column + 6), row.int64(first_column + 7)};
}

void forget(Tx& tx, const Link& link) {
    tx.invalidate("link:" + link.domain + "/" + link.key_folded);
}

}  // namespace

LinkClash find_link_clash(Tx& tx, const Link& link, std::string_view except_link_id) {
    const auto by_key = find_link_by_key(tx, link.workspace_id, link.domain, link.key_folded);
    if (by_key && by_key->link_id != except_link_id) return LinkClash::Key;
    if (!link.external_id) return LinkClash::None;
    const auto by_id = find_link_by_external_id(tx, link.workspace_id, *link.external_id);
    return by_id && by_id->link_id != except_link_id ? LinkClash::ExternalId : LinkClash::None;
}

bool insert_link(Tx& tx, const Link& l) {
    forget(tx, l);
    return tx.any(kInsertLink, l.workspace_id, l.link_id, l.domain, l.key, l.key_folded, l.url,
                  l.external_id, l.tenant_id, l.program_id, l.partner_id, l.track_conversion,
                  l.archived, l.disabled_at_ms, l.expires_at_ms, l.expired_url, l.title,
                  l.description, l.image, l.video, l.comments, l.password, l.ios, l.android, l.geo,
                  l.folder_id, l.test_variants, l.test_started_at_ms, l.test_completed_at_ms,
                  l.do_index, l.proxy, l.rewrite, l.public_stats, l.updated_at_ms, l.created_at_ms);
}

void update_link(Tx& tx, const Link& l, const Link& before) {
    forget(tx, before);
    forget(tx, l);
    tx.exec(kUpdateLink, l.workspace_id, l.link_id, l.domain, l.key, l.key_folded, l.url,
            l.external_id, l.tenant_id, l.program_id, l.partner_id, l.track_conversion, l.archived,
            l.disabled_at_ms, l.expires_at_ms, l.expired_url, l.title, l.description, l.image,
            l.video, l.comments, l.password, l.ios, l.android, l.geo, l.folder_id, l.test_variants,
            l.test_started_at_ms, l.test_completed_at_ms, l.do_index, l.proxy, l.rewrite,
            l.public_stats, l.updated_at_ms);
}

void delete_link(Tx& tx, const Link& link) {
    forget(tx, link);
    tx.exec(kDeleteTagsOfLink, link.workspace_id, link.link_id);
    tx.exec(kDeleteLink, link.workspace_id, link.link_id);
}

std::optional<Link> find_link(Tx& tx, std::string_view workspace_id, std::string_view link_id) {
    return tx.first(kFindLink, link_from, workspace_id, link_id);
}

std::optional<Link> find_link_by_key(Tx& tx, std::string_view workspace_id, std::string_view domain,
                                     std::string_view key_folded) {
    return tx.first(kFindLinkByKey, link_from, workspace_id, domain, key_folded);
}

std::optional<Link> find_link_by_external_id(Tx& tx, std::string_view workspace_id,
                                             std::string_view external_id) {
    return tx.first(kFindLinkByExternalId, link_from, workspace_id, external_id);
}

std::vector<Link> find_links(Tx& tx, std::string_view workspace_id,
                             std::span<const std::string> link_ids) {
    return tx.all(kFindLinks, link_from, workspace_id, json_array_text(link_ids));
}

std::optional<Link> resolve_link(Tx& tx, std::string_view domain, std::string_view key_folded) {
    return tx.first(kResolveLink, link_from, domain, key_folded);
}

std::optional<Link> find_link_by_url(Tx& tx, std::string_view workspace_id, std::string_view url) {
    return tx.first(kFindLinkByUrl, link_from, workspace_id, url);
}

LinkCounts link_totals(Tx& tx, std::string_view workspace_id, std::string_view link_id) {
    const auto totals = tx.first(
        kLinkTotals, [](const Row& row) { return counts_from(row, 0); }, workspace_id, link_id);
    return totals.value_or(LinkCounts{});
}

std::vector<LinkCounts> link_totals(Tx& tx, std::string_view workspace_id,
                                    const std::vector<Link>& links) {
    std::vector<std::string> ids;
    ids.reserve(links.size());
    for (const auto& link : links) ids.push_back(link.link_id);
    std::map<std::string, LinkCounts, std::less<>> found;
    tx.each(
        kManyLinkTotals, [&](const Row& row) { found[row.text(0)] = counts_from(row, 1); },
        workspace_id, json_array_text(ids));
    std::vector<LinkCounts> totals;
    totals.reserve(links.size());
    for (const auto& link : links) totals.push_back(found[link.link_id]);
    return totals;
}

}  // namespace hw
