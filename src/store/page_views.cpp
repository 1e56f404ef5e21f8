// SPDX-License-Identifier: Apache-2.0
#include "store/page_views.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/id.hpp"
#include "store/json_array.hpp"

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertPageView{"insert_page_view", R"sql(
insert into page_views (workspace_id, page_view_id, kind, at_ms, fingerprint, session_id, url, path,
    referrer, source, utm_source, utm_medium, utm_campaign, utm_term, utm_content, title, locale,
    event_name, event_data, click_id, via, network_click, country, device, browser, os, bot,
    is_test)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22, $23, $24, $25, $26, $27, $28)
on conflict do nothing returning 1
)sql"};

// One statement for a batch on PostgreSQL, in the order of the key, so that two nodes cannot wait
// for each other.
const Query kInsertPageViews{"insert_page_views", "", R"sql(
insert into page_views (workspace_id, page_view_id, kind, at_ms, fingerprint, session_id, url, path,
    referrer, source, utm_source, utm_medium, utm_campaign, utm_term, utm_content, title, locale,
    event_name, event_data, click_id, via, network_click, country, device, browser, os, bot,
    is_test)
select t->>0, t->>1, t->>2, (t->>3)::bigint, t->>4, t->>5, t->>6, t->>7, t->>8, t->>9, t->>10,
    t->>11, t->>12, t->>13, t->>14, t->>15, t->>16, t->>17, t->>18, t->>19, t->>20, t->>21, t->>22,
    t->>23, t->>24, t->>25, (t->>26)::bigint, (t->>27)::bigint
from json_array_elements($1::json) as t order by 1, 2
on conflict do nothing returning workspace_id, page_view_id
)sql"};

const Query kPageViewsOfVisitor{"list_page_views_of_visitor", R"sql(
select workspace_id, page_view_id, kind, at_ms, fingerprint, session_id, url, path, referrer,
    source, utm_source, utm_medium, utm_campaign, utm_term, utm_content, title, locale, event_name,
    event_data, click_id, via, network_click, country, device, browser, os, bot, is_test
from page_views
where workspace_id = $1 and fingerprint = $2 and at_ms >= $3 and at_ms <= $4
order by at_ms desc, page_view_id desc limit $5
)sql"};

// Each engine unpacks a JSON array with a function of its own.
std::string page_keys_sql(std::string_view list) {
    return fmt::format(R"sql(
select via, min(at_ms), max(at_ms) from page_views
where workspace_id = $1 and fingerprint in ({}) and at_ms >= $3 and at_ms <= $4 and via <> ''
    and bot = 0 and is_test = 0
group by via order by 3 desc, 1 limit $5
)sql",
                       list);
}
const Query kPageKeys{"list_page_keys_of_visitors",
                      page_keys_sql("select value from json_each($2)"),
                      page_keys_sql("select json_array_elements_text(cast($2 as json))")};

const Query kSeeVisitor{"see_visitor", R"sql(
insert into visitors as v (workspace_id, fingerprint, first_seen_at_ms, last_seen_at_ms)
values ($1, $2, $3, $4)
on conflict (workspace_id, fingerprint) do update set
    first_seen_at_ms = case when excluded.first_seen_at_ms < v.first_seen_at_ms
        then excluded.first_seen_at_ms else v.first_seen_at_ms end,
    last_seen_at_ms = case when excluded.last_seen_at_ms > v.last_seen_at_ms
        then excluded.last_seen_at_ms else v.last_seen_at_ms end
)sql"};

const Query kSeeVisitors{"see_visitors", "", R"sql(
insert into visitors as v (workspace_id, fingerprint, first_seen_at_ms, last_seen_at_ms)
select t->>0, t->>1, (t->>2)::bigint, (t->>3)::bigint
from json_array_elements($1::json) as t order by 1, 2
on conflict (workspace_id, fingerprint) do update set
    first_seen_at_ms = least(v.first_seen_at_ms, excluded.first_seen_at_ms),
    last_seen_at_ms = greatest(v.last_seen_at_ms, excluded.last_seen_at_ms)
)sql"};

// Sessions of one visitor do not overlap, so the last one that begins before the range is the only
// one of those that can reach into it.
const Query kSessionsBetween{"list_sessions_between", R"sql(
select workspace_id, fingerprint, started_at_ms, ended_at_ms, page_views, events from sessions
where workspace_id = $1 and fingerprint = $2 and started_at_ms <= $4 and started_at_ms >= coalesce(
    (select max(s.started_at_ms) from sessions s
     where s.workspace_id = $1 and s.fingerprint = $2 and s.started_at_ms < $3), $3)
order by started_at_ms
)sql"};

const Query kDeleteSession{"delete_session", R"sql(
delete from sessions where workspace_id = $1 and fingerprint = $2 and started_at_ms = $3
)sql"};

const Query kPutSession{"put_session", R"sql(
insert into sessions (workspace_id, fingerprint, started_at_ms, ended_at_ms, page_views, events)
values ($1, $2, $3, $4, $5, $6)
on conflict (workspace_id, fingerprint, started_at_ms) do update set
    ended_at_ms = excluded.ended_at_ms, page_views = excluded.page_views, events = excluded.events
)sql"};

// The id begins with the time.
const Query kDeletePageViews{"delete_page_views", R"sql(
delete from page_views where workspace_id = $1 and page_view_id in (
    select page_view_id from page_views where workspace_id = $1 and page_view_id < $2
    order by page_view_id limit $3)
returning fingerprint
)sql"};

const Query kDeleteOldSessions{"delete_old_sessions", R"sql(
delete from sessions where workspace_id = $1 and fingerprint = $2 and ended_at_ms < $3
)sql"};

const Query kDeleteVisitor{"delete_visitor", R"sql(
delete from visitors where workspace_id = $1 and fingerprint = $2 and last_seen_at_ms < $3
)sql"};

json::array row_of(const PageView& v) {
    return {v.workspace_id,
            v.page_view_id,
            v.kind,
            v.at_ms,
            v.fingerprint,
            v.session_id,
            v.url,
            v.path,
            v.referrer,
            v.source,
            v.utm_source,
            v.utm_medium,
            v.utm_campaign,
            v.utm_term,
            v.utm_content,
            v.title,
            v.locale,
            v.event_name,
            v.event_data ? json::value(*v.event_data) : json::value(nullptr),
            v.click_id,
            v.via,
            v.network_click,
            v.country,
            v.device,
            v.browser,
            v.os,
            v.bot ? 1 : 0,
            v.test ? 1 : 0};
}

PageView view_from(const Row& row) {
    PageView view;
    int column = 0;
    for (const auto member : {&PageView::workspace_id, &PageView::page_view_id, &PageView::kind}) {
        view.*member = row.text(column++);
    }
    view.at_ms = row.int64(column++);
    for (const auto member :
         {&PageView::fingerprint, &PageView::session_id, &PageView::url, &PageView::path,
          &PageView::referrer, &PageView::source, &PageView::utm_source, &PageView::utm_medium,
          &PageView::utm_campaign, &PageView::utm_term, &PageView::utm_content, &PageView::title,
          &PageView::locale, &PageView::event_name}) {
        view.*member = row.text(column++);
    }
    view.event_data = row.optional_text(column++);
    for (const auto member :
         {&PageView::click_id, &PageView::via, &PageView::network_click, &PageView::country,
          &PageView::device, &PageView::browser, &PageView::os}) {
        view.*member = row.text(column++);
    }
    view.bot = row.boolean(column++);
    view.test = row.boolean(column);
    return view;
}

Session session_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .fingerprint = row.text(1),
            .started_at_ms = row.int64(2),
            .ended_at_ms = row.int64(3),
            .page_views = row.int64(4),
            .events = row.int64(5)};
}

std::vector<bool> insert_one_by_one(Tx& tx, std::span<const PageView* const> views) {
    std::vector<bool> is_new;
    for (const auto* v : views) {
        is_new.push_back(tx.any(kInsertPageView, v->workspace_id, v->page_view_id, v->kind,
                                v->at_ms, v->fingerprint, v->session_id, v->url, v->path,
                                v->referrer, v->source, v->utm_source, v->utm_medium,
                                v->utm_campaign, v->utm_term, v->utm_content, v->title, v->locale,
                                v->event_name, v->event_data, v->click_id, v->via, v->network_click,
                                v->country, v->device, v->browser, v->os, v->bot, v->test));
    }
    return is_new;
}

}  // namespace

std::vector<bool> insert_page_views(Tx& tx, std::span<const PageView* const> views) {
    if (views.empty()) return {};
    if (tx.engine() == EngineKind::Sqlite) return insert_one_by_one(tx, views);
    json::array rows;
    for (const auto* view : views) rows.push_back(row_of(*view));
    const auto text = json::serialize(rows);
    std::set<std::pair<std::string, std::string>> inserted;
    tx.each(
        kInsertPageViews, [&](const Row& row) { inserted.emplace(row.text(0), row.text(1)); },
        text);
    std::vector<bool> is_new;
    for (const auto* view : views) {
        is_new.push_back(inserted.contains({view->workspace_id, view->page_view_id}));
    }
    return is_new;
}

std::vector<PageView> page_views_of_visitor(Tx& tx, std::string_view fingerprint,
                                            std::int64_t from_ms, std::int64_t to_ms,
                                            std::int64_t limit) {
    return tx.all(kPageViewsOfVisitor, view_from, tx.workspace_id(), fingerprint, from_ms, to_ms,
                  limit);
}

std::vector<PageKey> page_keys_of_visitors(Tx& tx, std::span<const std::string> fingerprints,
                                           std::int64_t from_ms, std::int64_t to_ms,
                                           std::int64_t limit) {
    if (fingerprints.empty()) return {};
    return tx.all(
        kPageKeys, [](const Row& row) { return PageKey{row.text(0), row.int64(1), row.int64(2)}; },
        tx.workspace_id(), json_array_text(fingerprints), from_ms, to_ms, limit);
}

void see_visitors(Tx& tx, std::span<const SeenVisitor> visitors) {
    if (visitors.empty()) return;
    if (tx.engine() == EngineKind::Sqlite) {
        for (const auto& v : visitors) {
            tx.exec(kSeeVisitor, v.workspace_id, v.fingerprint, v.first_ms, v.last_ms);
        }
        return;
    }
    json::array rows;
    for (const auto& v : visitors) {
        rows.push_back(json::array{v.workspace_id, v.fingerprint, v.first_ms, v.last_ms});
    }
    const auto text = json::serialize(rows);
    tx.exec(kSeeVisitors, text);
}

std::vector<Session> sessions_between(Tx& tx, std::string_view workspace_id,
                                      std::string_view fingerprint, std::int64_t from_ms,
                                      std::int64_t to_ms) {
    auto found = tx.all(kSessionsBetween, session_from, workspace_id, fingerprint, from_ms, to_ms);
    std::erase_if(found, [&](const Session& each) { return each.ended_at_ms < from_ms; });
    return found;
}

void delete_session(Tx& tx, const Session& session) {
    tx.exec(kDeleteSession, session.workspace_id, session.fingerprint, session.started_at_ms);
}

void put_session(Tx& tx, const Session& session) {
    tx.exec(kPutSession, session.workspace_id, session.fingerprint, session.started_at_ms,
            session.ended_at_ms, session.page_views, session.events);
}

std::int64_t delete_page_views(Tx& tx, std::int64_t before_ms, std::int64_t limit) {
    std::int64_t deleted = 0;
    std::set<std::string> visitors;
    tx.each(
        kDeletePageViews,
        [&](const Row& row) {
            ++deleted;
            visitors.insert(row.text(0));
        },
        tx.workspace_id(), first_id("pv_", before_ms), limit);
    for (const auto& visitor : visitors) {
        tx.exec(kDeleteOldSessions, tx.workspace_id(), visitor, before_ms);
        tx.exec(kDeleteVisitor, tx.workspace_id(), visitor, before_ms);
    }
    return deleted;
}

}  // namespace hw
