// SPDX-License-Identifier: Apache-2.0
#include "store/journey_visits.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "store/json_array.hpp"

namespace hw {
namespace {

// Each engine unpacks a JSON array with a function of its own.
constexpr std::string_view kSqliteList = "select value from json_each($2)";
constexpr std::string_view kPostgresList = "select json_array_elements_text(cast($2 as json))";

// Kinds of evidence and of identities go by the same names.
std::string of_conversions_sql(std::string_view list) {
    return fmt::format(R"sql(
select e.conversion_id, e.value from conversion_evidence e
where e.workspace_id = $1 and e.conversion_id in ({0}) and e.kind = 'visitor'
union
select e.conversion_id, i.fingerprint
from conversion_evidence e cross join identities i
where e.workspace_id = $1 and e.conversion_id in ({0})
    and e.kind in ('session', 'customer', 'email', 'visitor')
    and i.workspace_id = e.workspace_id and i.kind = e.kind and i.value = e.value
)sql",
                       list);
}
const Query kVisitorsOfConversions{"list_visitors_of_conversions", of_conversions_sql(kSqliteList),
                                   of_conversions_sql(kPostgresList)};

std::string of_customers_sql(std::string_view list) {
    return fmt::format(R"sql(
select u.customer_id, i.fingerprint
from customers u cross join identities i
where u.workspace_id = $1 and u.customer_id in ({})
    and i.workspace_id = u.workspace_id and i.kind = 'customer' and i.value = u.external_id
)sql",
                       list);
}
const Query kVisitorsOfCustomers{"list_visitors_of_customers", of_customers_sql(kSqliteList),
                                 of_customers_sql(kPostgresList)};

constexpr std::string_view kClickColumns =
    "t.touch_id, t.at_ms, t.link_id, t.trigger_kind, t.url, t.referer";

std::string clicks_sql(std::string_view list) {
    return fmt::format(R"sql(
select i.fingerprint, {0}
from identities i cross join touches t
where i.workspace_id = $1 and i.fingerprint in ({1}) and i.kind = 'click'
    and t.workspace_id = i.workspace_id and t.touch_id = i.value and t.bot = 0
union
select i.fingerprint, {0}
from identities i cross join visitor_clicks v cross join touches t
where i.workspace_id = $1 and i.fingerprint in ({1}) and i.kind = 'address'
    and v.workspace_id = i.workspace_id
    and v.visitor = case when i.kind = 'address' then cast(i.value as bigint) end
    and t.workspace_id = v.workspace_id and t.touch_id = v.touch_id and t.bot = 0
)sql",
                       kClickColumns, list);
}
const Query kClicksOfFingerprints{"list_clicks_of_fingerprints", clicks_sql(kSqliteList),
                                  clicks_sql(kPostgresList)};

constexpr std::string_view kPageColumns =
    "p.page_view_id, p.at_ms, p.fingerprint, p.source, p.utm_source, p.utm_medium, "
    "p.utm_campaign, p.via";

std::string first_pages_sql(std::string_view list) {
    return fmt::format(R"sql(
select {} from sessions s cross join page_views p
where s.workspace_id = $1 and s.fingerprint in ({})
    and p.workspace_id = s.workspace_id and p.fingerprint = s.fingerprint
    and p.at_ms = s.started_at_ms and p.kind = 'pageview' and p.bot = 0 and p.is_test = 0
)sql",
                       kPageColumns, list);
}
const Query kFirstPages{"list_first_pages_of_visitors", first_pages_sql(kSqliteList),
                        first_pages_sql(kPostgresList)};

// Walked by key, and most of them begin nothing.
const Query kFirstPagesBetween{"list_first_pages_between", fmt::format(R"sql(
select {}, s.started_at_ms from (
    select * from page_views where workspace_id = $1 and page_view_id > $2 and page_view_id < $3
    order by page_view_id limit $4) p
left join sessions s on s.workspace_id = p.workspace_id and s.fingerprint = p.fingerprint
    and s.started_at_ms = p.at_ms and p.kind = 'pageview' and p.bot = 0 and p.is_test = 0
order by p.page_view_id
)sql",
                                                                       kPageColumns)};
constexpr int kPageColumnCount = 8;

std::string addresses_sql(std::string_view list) {
    return fmt::format(R"sql(
select fingerprint, value from identities
where workspace_id = $1 and fingerprint in ({}) and kind = 'address'
)sql",
                       list);
}
const Query kAddresses{"list_addresses_of_visitors", addresses_sql(kSqliteList),
                       addresses_sql(kPostgresList)};

PageView page_from(const Tx& tx, const Row& row, int column) {
    PageView view;
    view.workspace_id = tx.workspace_id();
    view.kind = "pageview";
    view.page_view_id = row.text(column++);
    view.at_ms = row.int64(column++);
    for (const auto member : {&PageView::fingerprint, &PageView::source, &PageView::utm_source,
                              &PageView::utm_medium, &PageView::utm_campaign, &PageView::via}) {
        view.*member = row.text(column++);
    }
    return view;
}

std::vector<KnownVisitor> known(Tx& tx, const Query& query, std::span<const std::string> ids) {
    if (ids.empty()) return {};
    return tx.all(
        query, [](const Row& row) { return KnownVisitor{row.text(0), row.text(1)}; },
        tx.workspace_id(), json_array_text(ids));
}

}  // namespace

std::vector<KnownVisitor> visitors_of_conversions(Tx& tx,
                                                  std::span<const std::string> conversion_ids) {
    return known(tx, kVisitorsOfConversions, conversion_ids);
}

std::vector<KnownVisitor> visitors_of_customers(Tx& tx, std::span<const std::string> customer_ids) {
    return known(tx, kVisitorsOfCustomers, customer_ids);
}

std::vector<VisitorClick> clicks_of_fingerprints(Tx& tx,
                                                 std::span<const std::string> fingerprints) {
    if (fingerprints.empty()) return {};
    return tx.all(
        kClicksOfFingerprints,
        [&](const Row& row) {
            VisitorClick click{.fingerprint = row.text(0), .touch = {}};
            click.touch.workspace_id = tx.workspace_id();
            click.touch.touch_id = row.text(1);
            click.touch.at_ms = row.int64(2);
            click.touch.link_id = row.text(3);
            click.touch.trigger = row.text(4);
            click.touch.url = row.text(5);
            click.touch.referer = row.text(6);
            return click;
        },
        tx.workspace_id(), json_array_text(fingerprints));
}

std::vector<PageView> first_pages_of_visitors(Tx& tx, std::span<const std::string> fingerprints) {
    if (fingerprints.empty()) return {};
    return tx.all(
        kFirstPages, [&](const Row& row) { return page_from(tx, row, 0); }, tx.workspace_id(),
        json_array_text(fingerprints));
}

FirstPages first_pages_between(Tx& tx, std::string_view after_id, std::string_view before_id,
                               std::int64_t limit) {
    FirstPages found;
    std::int64_t looked_at = 0;
    tx.each(
        kFirstPagesBetween,
        [&](const Row& row) {
            ++looked_at;
            found.last_id = row.text(0);
            if (!row.is_null(kPageColumnCount)) found.pages.push_back(page_from(tx, row, 0));
        },
        tx.workspace_id(), after_id, before_id, limit);
    if (looked_at < limit) found.last_id.clear();
    return found;
}

std::vector<VisitorAddress> addresses_of_visitors(Tx& tx,
                                                  std::span<const std::string> fingerprints) {
    if (fingerprints.empty()) return {};
    return tx.all(
        kAddresses,
        [](const Row& row) {
            return VisitorAddress{row.text(0), std::strtoll(row.text(1).c_str(), nullptr, 10)};
        },
        tx.workspace_id(), json_array_text(fingerprints));
}

}  // namespace hw
