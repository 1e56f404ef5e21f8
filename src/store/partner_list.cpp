// SPDX-License-Identifier: Apache-2.0
#include "store/partner_list.hpp"

#include <fmt/format.h>

#include "store/json_array.hpp"
#include "store/like_pattern.hpp"

namespace hw {
namespace {

// What the partners' links earned together.
constexpr std::string_view kOfLinks = R"sql(
    left join (select l.partner_id, sum(k.clicks) as clicks, sum(k.leads) as leads,
            sum(k.conversions) as conversions, sum(k.sale_amount) as amount
        from links l join link_totals k
            on k.workspace_id = l.workspace_id and k.link_id = l.link_id
        where l.workspace_id = $1 and l.partner_id is not null
        group by l.partner_id) t on t.partner_id = e.partner_id
)sql";

constexpr std::string_view kOfCommissions = R"sql(
    left join (select c.partner_id, sum(s.earnings) as earnings
        from commissions c join commission_states s
            on s.workspace_id = c.workspace_id and s.commission_id = c.commission_id
        where c.workspace_id = $1 and s.status in ('pending', 'processed', 'paid')
        group by c.partner_id) m on m.partner_id = e.partner_id
)sql";

// `{0}` is the type in which quotients are compared.
constexpr std::string_view kLinkKey = R"sql(case cast($9 as text)
    when 'totalClicks' then cast(coalesce(t.clicks, 0) as {0})
    when 'totalLeads' then cast(coalesce(t.leads, 0) as {0})
    when 'totalConversions' then cast(coalesce(t.conversions, 0) as {0})
    when 'earningsPerClick' then coalesce(cast(t.amount as {0}) / nullif(t.clicks, 0), -1)
    when 'averageLifetimeValue' then coalesce(cast(t.amount as {0}) / nullif(t.conversions, 0), -1)
    when 'clickToLeadRate' then coalesce(cast(t.leads as {0}) / nullif(t.clicks, 0), -1)
    when 'clickToConversionRate' then
        coalesce(cast(t.conversions as {0}) / nullif(t.clicks, 0), -1)
    when 'leadToConversionRate' then
        coalesce(cast(t.conversions as {0}) / nullif(t.leads, 0), -1)
    else cast(coalesce(t.amount, 0) as {0}) end)sql";

constexpr std::string_view kCommissionKey = R"sql(case cast($9 as text)
    when 'totalCommissions' then cast(coalesce(m.earnings, 0) as {0})
    when 'netRevenue' then cast(coalesce(t.amount, 0) - coalesce(m.earnings, 0) as {0})
    else coalesce(cast(t.amount as {0}) / nullif(m.earnings, 0), -1) end)sql";

// The key times 1 or -1, so that one statement sorts both ways.
std::string list_sql(const std::string& joins, const std::string& key) {
    return fmt::format(R"sql(
select e.workspace_id, e.program_id, e.partner_id, e.enrollment_id, e.group_id, e.status,
    e.tenant_id, e.banned_at_ms, e.banned_reason, e.created_at_ms, e.updated_at_ms,
    e.referred_by_partner_id
from enrollments e
    join partners p on p.workspace_id = e.workspace_id and p.partner_id = e.partner_id
    {}
where e.workspace_id = $1 and e.program_id = $2 and ($3 = '' or e.group_id = $3)
    and ($4 = '' or e.status = $4) and ($5 = '' or p.country = $5)
    and ($6 = '' or p.email_folded = lower($6)) and ($7 = '' or e.tenant_id = $7)
    and ($8 = '' or lower(p.name) like $8 escape '\' or p.email_folded like $8 escape '\'
        or lower(p.username) like $8 escape '\')
order by {} * cast($10 as bigint), e.created_at_ms * cast($10 as bigint), e.enrollment_id
limit $11 offset $12
)sql",
                       joins, key);
}

std::string by_links(std::string_view type) {
    return list_sql(std::string(kOfLinks), fmt::format(fmt::runtime(kLinkKey), type));
}

std::string by_commissions(std::string_view type) {
    return list_sql(std::string(kOfLinks) + std::string(kOfCommissions),
                    fmt::format(fmt::runtime(kCommissionKey), type));
}

// The engines differ in the type that quotients are exact enough in.
const Query kListByAge{"list_partners_by_age",
                       list_sql("", "case $9 when '' then 0 else e.created_at_ms end")};
const Query kListByLinks{"list_partners_by_links", by_links("real"), by_links("numeric")};
const Query kListByCommissions{"list_partners_by_commissions", by_commissions("real"),
                               by_commissions("numeric")};

constexpr std::string_view kIdsSqlite = "(select value from json_each($2))";
constexpr std::string_view kIdsPostgres = "(select json_array_elements_text(cast($2 as json)))";

std::string partners_sql(std::string_view ids) {
    return fmt::format(R"sql(
select workspace_id, partner_id, name, username, email, image, country, company_name,
    description, created_at_ms
from partners where workspace_id = $1 and partner_id in {}
)sql",
                       ids);
}

std::string links_sql(std::string_view ids) {
    return select_links(fmt::format(
        "from links l where l.workspace_id = $1 and l.partner_id in {} order by l.link_id", ids));
}

std::string earned_sql(std::string_view ids) {
    return fmt::format(R"sql(
select c.partner_id, cast(coalesce(sum(s.earnings), 0) as bigint)
from commissions c join commission_states s
    on s.workspace_id = c.workspace_id and s.commission_id = c.commission_id
where c.workspace_id = $1 and c.partner_id in {}
    and s.status in ('pending', 'processed', 'paid')
group by c.partner_id
)sql",
                       ids);
}

std::string groups_sql(std::string_view ids) {
    return fmt::format(R"sql(
select l.link_id, e.group_id
from links l join enrollments e on e.workspace_id = l.workspace_id
    and e.program_id = l.program_id and e.partner_id = l.partner_id
where l.workspace_id = $1 and l.link_id in {}
)sql",
                       ids);
}

// The engines unpack a JSON array of ids with functions of their own.
const Query kFindPartners{"find_partners", partners_sql(kIdsSqlite), partners_sql(kIdsPostgres)};
const Query kLinksOfPartners{"links_of_partners", links_sql(kIdsSqlite), links_sql(kIdsPostgres)};
const Query kGroupsOfLinks{"groups_of_links", groups_sql(kIdsSqlite), groups_sql(kIdsPostgres)};
const Query kEarnedByPartners{"earned_by_partners", earned_sql(kIdsSqlite),
                              earned_sql(kIdsPostgres)};

const Query& query_of(std::string_view sort) {
    if (sort == "createdAt") return kListByAge;
    const bool of_commissions =
        sort == "totalCommissions" || sort == "netRevenue" || sort == "returnOnAdSpend";
    return of_commissions ? kListByCommissions : kListByLinks;
}

}  // namespace

std::vector<Enrollment> list_enrollments(Tx& tx, const PartnerFilter& filter) {
    return tx.all(query_of(filter.sort), enrollment_from, tx.workspace_id(), filter.program_id,
                  filter.group_id, filter.status, filter.country, filter.email, filter.tenant_id,
                  like_pattern(filter.search), filter.sort,
                  std::int64_t{filter.descending ? -1 : 1}, filter.limit, filter.offset);
}

std::vector<Partner> find_partners(Tx& tx, std::string_view workspace_id,
                                   std::span<const std::string> partner_ids) {
    return tx.all(kFindPartners, partner_from, workspace_id, json_array_text(partner_ids));
}

std::vector<Link> links_of_partners(Tx& tx, std::string_view workspace_id,
                                    std::span<const std::string> partner_ids) {
    return tx.all(kLinksOfPartners, link_from, workspace_id, json_array_text(partner_ids));
}

std::map<std::string, std::string, std::less<>> groups_of_links(
    Tx& tx, std::string_view workspace_id, std::span<const std::string> link_ids) {
    std::map<std::string, std::string, std::less<>> groups;
    tx.each(
        kGroupsOfLinks, [&](const Row& row) { groups[row.text(0)] = row.text(1); }, workspace_id,
        json_array_text(link_ids));
    return groups;
}

std::map<std::string, std::int64_t, std::less<>> earned_by_partners(
    Tx& tx, std::string_view workspace_id, std::span<const std::string> partner_ids) {
    std::map<std::string, std::int64_t, std::less<>> earned;
    tx.each(
        kEarnedByPartners, [&](const Row& row) { earned[row.text(0)] = row.int64(1); },
        workspace_id, json_array_text(partner_ids));
    return earned;
}

}  // namespace hw
