// SPDX-License-Identifier: Apache-2.0
#include "store/link_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/json_array.hpp"
#include "store/like_pattern.hpp"

namespace hw {
namespace {

// Empty text parameters mean "no such filter". The engines read a JSON array with functions of
// their own.
std::string matching(std::string_view from, EngineKind engine, std::string_view rest) {
    const auto* const tags = engine == EngineKind::Sqlite
                                 ? "select value from json_each($8)"
                                 : "select json_array_elements_text(cast($8 as json))";
    return fmt::format(
        R"sql({0}
where l.workspace_id = $1 and ($2 = '' or l.domain = $2) and ($3 = '' or l.tenant_id = $3)
    and ($4 = '' or l.key_folded like $4 escape '\' or lower(l.url) like $4 escape '\')
    and (cast($5 as bigint) = 1 or l.archived = 0)
    and ($6 = '' or l.folder_id = $6 or ($6 = '{1}' and l.folder_id is null))
    and (cast($7 as bigint) = 0 or exists (select 1 from link_tags t
        where t.workspace_id = l.workspace_id and t.link_id = l.link_id))
    and ($8 = '' or exists (select 1 from link_tags t
        where t.workspace_id = l.workspace_id and t.link_id = l.link_id
            and t.tag_id in ({2})))
{3})sql",
        from, kNoFolder, tags, rest);
}

std::string page(EngineKind engine, std::string_view rest) {
    return select_links(matching("from links l", engine, rest));
}

std::string sorted(EngineKind engine) {
    return select_links(matching(R"sql(
from links l left join (
    select link_id, sum(clicks) as clicks, sum(sale_amount) as sale_amount,
        max(last_click_at_ms) as last_click_at_ms
    from link_totals where workspace_id = $1 group by link_id
) s on s.link_id = l.link_id)sql",
                                 engine, R"sql(
order by cast($10 as bigint) * case $9
    when 'clicks' then coalesce(s.clicks, 0)
    when 'saleAmount' then coalesce(s.sale_amount, 0)
    else coalesce(s.last_click_at_ms, 0) end, l.link_id desc
limit $11 offset $12)sql"));
}

std::string count(EngineKind engine) {
    return "select count(*) " + matching("from links l", engine, "");
}

std::string count_by(EngineKind engine, std::string_view column, std::string_view from) {
    return fmt::format(
        "select {} as value, count(*) as total {}", column,
        matching(from, engine, "group by value order by total desc, value limit $9"));
}

constexpr auto kSqlite = EngineKind::Sqlite;
constexpr auto kPostgres = EngineKind::Postgres;

constexpr auto kAboveEveryId = "\U0010FFFF";  // texts compare by their bytes

// Ids sort by time, so the newest link has the greatest id.
constexpr std::string_view kDownwards =
    "and l.link_id < $9 order by l.link_id desc limit $10 offset $11";
constexpr std::string_view kUpwards = "and l.link_id > $9 order by l.link_id limit $10 offset $11";

constexpr std::string_view kFromTagged =
    "from links l join link_tags g on g.workspace_id = l.workspace_id and g.link_id = l.link_id";

const Query kListLinks{"list_links", page(kSqlite, kDownwards), page(kPostgres, kDownwards)};
const Query kListLinksUpwards{"list_links_upwards", page(kSqlite, kUpwards),
                              page(kPostgres, kUpwards)};
const Query kListLinksSorted{"list_links_sorted", sorted(kSqlite), sorted(kPostgres)};
const Query kCountLinks{"count_links", count(kSqlite), count(kPostgres)};
const Query kCountByDomain{"count_links_by_domain", count_by(kSqlite, "l.domain", "from links l"),
                           count_by(kPostgres, "l.domain", "from links l")};
const Query kCountByFolder{"count_links_by_folder",
                           count_by(kSqlite, "l.folder_id", "from links l"),
                           count_by(kPostgres, "l.folder_id", "from links l")};
const Query kCountByTag{"count_links_by_tag", count_by(kSqlite, "g.tag_id", kFromTagged),
                        count_by(kPostgres, "g.tag_id", kFromTagged)};

constexpr std::int64_t kGroupsMax = 5'000;

// The parameters $1 to $8, whose texts must outlive the statement.
struct Matched {
    std::string domain;
    std::string tenant_id;
    std::string pattern;
    std::string tag_ids;
};

Matched matched(const LinkFilter& filter) {
    Matched parameters{.domain = filter.domain.value_or(""),
                       .tenant_id = filter.tenant_id.value_or(""),
                       .pattern = like_pattern(filter.search),
                       .tag_ids = {}};
    if (filter.tag_ids) parameters.tag_ids = json_array_text(*filter.tag_ids);
    return parameters;
}

std::vector<Link> list_sorted(Tx& tx, std::string_view workspace_id, const LinkFilter& filter) {
    const auto p = matched(filter);
    const auto* const column = filter.sort == LinkSort::Clicks       ? "clicks"
                               : filter.sort == LinkSort::SaleAmount ? "saleAmount"
                                                                     : "lastClicked";
    return tx.all(kListLinksSorted, link_from, workspace_id, p.domain, p.tenant_id, p.pattern,
                  filter.show_archived, filter.folder_id, filter.tagged, p.tag_ids, column,
                  filter.ascending ? 1 : -1, filter.limit, filter.offset);
}

}  // namespace

std::vector<Link> list_links(Tx& tx, std::string_view workspace_id, const LinkFilter& filter) {
    if (filter.sort != LinkSort::Created) return list_sorted(tx, workspace_id, filter);
    const auto p = matched(filter);
    // The page before a cursor is read the other way round, so that the limit keeps the nearest.
    const bool upwards = filter.ascending != filter.before.has_value();
    const auto everything = upwards ? "" : kAboveEveryId;
    const auto cursor = filter.before ? *filter.before : filter.after.value_or(everything);
    auto links = tx.all(upwards ? kListLinksUpwards : kListLinks, link_from, workspace_id, p.domain,
                        p.tenant_id, p.pattern, filter.show_archived, filter.folder_id,
                        filter.tagged, p.tag_ids, cursor, filter.limit, filter.offset);
    if (filter.before) std::ranges::reverse(links);
    return links;
}

std::int64_t count_links(Tx& tx, std::string_view workspace_id, const LinkFilter& filter) {
    const auto p = matched(filter);
    const auto found = tx.first(
        kCountLinks, [](const Row& row) { return row.int64(0); }, workspace_id, p.domain,
        p.tenant_id, p.pattern, filter.show_archived, filter.folder_id, filter.tagged, p.tag_ids);
    return found.value_or(0);
}

std::vector<LinkGroupCount> count_links_by(Tx& tx, std::string_view workspace_id,
                                           const LinkFilter& filter, LinkGroup group) {
    const auto p = matched(filter);
    const auto& query = group == LinkGroup::Domain ? kCountByDomain
                        : group == LinkGroup::Tag  ? kCountByTag
                                                   : kCountByFolder;
    return tx.all(
        query, [](const Row& row) { return LinkGroupCount{row.optional_text(0), row.int64(1)}; },
        workspace_id, p.domain, p.tenant_id, p.pattern, filter.show_archived, filter.folder_id,
        filter.tagged, p.tag_ids, kGroupsMax);
}

}  // namespace hw
