// SPDX-License-Identifier: Apache-2.0
#include "core/record_page_views.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/limits.hpp"
#include "core/decide_again.hpp"
#include "store/identities.hpp"

namespace hw {
namespace {

using VisitorKey = std::pair<std::string_view, std::string_view>;  // workspace, fingerprint

// Bots and test tokens leave their page views, but are nobody.
bool has_visitor(const PageView& view) {
    return !view.fingerprint.empty() && !view.bot && !view.test;
}

bool is_identify(const PageView& view) {
    return view.kind == "identify";
}

std::vector<const PageView*> insert_new(Tx& tx, std::span<const PageView* const> views) {
    std::set<std::pair<std::string_view, std::string_view>> seen;
    std::vector<const PageView*> distinct;
    for (const auto* view : views) {
        if (is_identify(*view)) continue;
        if (seen.emplace(view->workspace_id, view->page_view_id).second) distinct.push_back(view);
    }
    const auto is_new = insert_page_views(tx, distinct);
    std::vector<const PageView*> added;
    for (std::size_t i = 0; i < distinct.size(); ++i) {
        if (is_new[i]) added.push_back(distinct[i]);
    }
    return added;
}

void note_visitors(Tx& tx, std::span<const PageView* const> views) {
    std::map<VisitorKey, SeenVisitor> seen;
    for (const auto* view : views) {
        if (!has_visitor(*view)) continue;
        auto& visitor = seen[{view->workspace_id, view->fingerprint}];
        if (visitor.fingerprint.empty()) {
            visitor = {view->workspace_id, view->fingerprint, view->at_ms, view->at_ms};
        }
        visitor.first_ms = std::min(visitor.first_ms, view->at_ms);
        visitor.last_ms = std::max(visitor.last_ms, view->at_ms);
    }
    std::vector<SeenVisitor> sorted;
    for (auto& [key, visitor] : seen) sorted.push_back(std::move(visitor));
    see_visitors(tx, sorted);
}

void absorb(Session& into, const Session& other) {
    into.started_at_ms = std::min(into.started_at_ms, other.started_at_ms);
    into.ended_at_ms = std::max(into.ended_at_ms, other.ended_at_ms);
    into.page_views += other.page_views;
    into.events += other.events;
}

bool is_one_session(const Session& earlier, const Session& later) {
    return later.started_at_ms - earlier.ended_at_ms < limits::kSessionIdleMs;
}

// What is less than half an hour apart becomes one session, so the order of arrival is no matter.
void merge_sessions(Tx& tx, std::vector<Session> of_views) {
    std::ranges::sort(of_views, {}, &Session::started_at_ms);
    std::vector<Session> joined;
    for (const auto& each : of_views) {
        if (!joined.empty() && is_one_session(joined.back(), each)) {
            absorb(joined.back(), each);
        } else {
            joined.push_back(each);
        }
    }
    for (auto& session : joined) {
        const auto stored = sessions_between(tx, session.workspace_id, session.fingerprint,
                                             session.started_at_ms - limits::kSessionIdleMs + 1,
                                             session.ended_at_ms + limits::kSessionIdleMs - 1);
        for (const auto& neighbour : stored) {
            absorb(session, neighbour);
            delete_session(tx, neighbour);
        }
        put_session(tx, session);
    }
}

void extend_sessions(Tx& tx, std::span<const PageView* const> added) {
    std::map<VisitorKey, std::vector<Session>> by_visitor;
    for (const auto* view : added) {
        if (!has_visitor(*view)) continue;
        by_visitor[{view->workspace_id, view->fingerprint}].push_back(
            {.workspace_id = view->workspace_id,
             .fingerprint = view->fingerprint,
             .started_at_ms = view->at_ms,
             .ended_at_ms = view->at_ms,
             .page_views = view->kind == "pageview" ? 1 : 0,
             .events = view->kind == "event" ? 1 : 0});
    }
    for (auto& [visitor, sessions] : by_visitor) merge_sessions(tx, std::move(sessions));
}

std::vector<Identity> note_identities(Tx& tx, std::span<const PageView* const> views) {
    using Key = std::tuple<std::string_view, std::string_view, std::string, std::string_view>;
    std::map<Key, std::int64_t> first;
    for (const auto* view : views) {
        if (!has_visitor(*view)) continue;
        const auto note = [&](std::string_view kind, std::string value) {
            if (value.empty()) return;
            const Key key{view->workspace_id, kind, std::move(value), view->fingerprint};
            const auto [entry, is_new] = first.try_emplace(key, view->at_ms);
            entry->second = std::min(entry->second, view->at_ms);
        };
        note("session", view->session_id);
        note("customer", view->customer_id);
        note("email", view->email_hash);
        note("click", view->click_id);
        note("visitor", view->told_fingerprint);
        for (const auto visitor : {view->visitor, view->visitor_yesterday}) {
            if (visitor != 0) note("address", std::to_string(visitor));
        }
    }
    std::vector<Identity> sorted;
    for (const auto& [key, at_ms] : first) {
        const auto& [workspace_id, kind, value, fingerprint] = key;
        sorted.push_back(
            {std::string(workspace_id), std::string(kind), value, std::string(fingerprint), at_ms});
    }
    return insert_identities(tx, sorted);
}

}  // namespace

void record_page_views(Tx& tx, std::span<const PageView* const> views) {
    // First, because it holds the visitors: whoever merges the same sessions waits here.
    note_visitors(tx, views);
    const auto added = insert_new(tx, views);
    extend_sessions(tx, added);
    // Sales that waited for somebody may find their click, or its link.
    auto seen_first = note_identities(tx, views);
    for (const auto* view : added) {
        if (view->via.empty() || !has_visitor(*view)) continue;
        seen_first.push_back(
            {view->workspace_id, "key", view->via, view->fingerprint, view->at_ms});
    }
    decide_again_for(tx, seen_first);
}

}  // namespace hw
