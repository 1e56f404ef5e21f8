// SPDX-License-Identifier: Apache-2.0
// The transaction that a use case works in: its statements, its clock, its randomness. A use case
// sees nothing else of the world, so it can be retried, batched, replayed and dry-run.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/env.hpp"
#include "base/id.hpp"
#include "store/connection.hpp"
#include "store/counters.hpp"
#include "store/recent_clicks.hpp"

namespace hw {

class EventPayloads;

// What a transaction may lean on besides its connection. Each may be null.
struct TxContext {
    const RecentClicks* recent_clicks = nullptr;  // where clicks are recorded
    EventPayloads* payloads = nullptr;            // where events may have subscribers
    const Counters* earlier = nullptr;  // of others in the same commit, before they are written
};

class Tx {
  public:
    Tx(Connection& connection, Env& env, std::string workspace_id, TxContext context = {})
        : connection_(connection),
          env_(env),
          context_(context),
          workspace_id_(std::move(workspace_id)),
          now_ms_(env.now_ms()) {}

    // The same transaction in the name of one workspace, for what an operator's does there.
    Tx(Tx& whole, std::string workspace_id)
        : connection_(whole.connection_),
          env_(whole.env_),
          context_(whole.context_),
          workspace_id_(std::move(workspace_id)),
          now_ms_(whole.now_ms_),
          whole_(&whole) {}

    Tx(const Tx&) = delete;
    Tx& operator=(const Tx&) = delete;

    std::int64_t now_ms() const { return now_ms_; }  // fixed when the transaction began
    const std::string& workspace_id() const { return workspace_id_; }
    EngineKind engine() const { return connection_.engine(); }
    Env& env() { return env_; }
    std::string new_id(std::string_view prefix) { return hw::new_id(prefix, now_ms_, env_); }
    std::string new_click_id() { return hw::new_click_id(now_ms_, env_); }

    template <class... Args>
    void exec(const Query& query, const Args&... args) {
        const std::array<Param, sizeof...(Args)> params{Param(args)...};
        connection_.exec(query, params);
    }

    // Calls on_row(const Row&) for each row. Rows must not outlive the call.
    template <class F, class... Args>
    void each(const Query& query, F&& on_row, const Args&... args) {
        const std::array<Param, sizeof...(Args)> params{Param(args)...};
        connection_.query(query, params, on_row);
    }

    // The first row through `map`, or nothing.
    template <class F, class... Args>
    auto first(const Query& query, F&& map, const Args&... args) {
        std::optional<decltype(map(std::declval<const Row&>()))> found;
        each(
            query,
            [&](const Row& row) {
                if (!found) found.emplace(map(row));
            },
            args...);
        return found;
    }

    template <class F, class... Args>
    auto all(const Query& query, F&& map, const Args&... args) {
        std::vector<decltype(map(std::declval<const Row&>()))> found;
        each(query, [&](const Row& row) { found.push_back(map(row)); }, args...);
        return found;
    }

    // True when the statement gave a row: for "insert ... on conflict do nothing returning 1".
    template <class... Args>
    bool any(const Query& query, const Args&... args) {
        bool found = false;
        each(query, [&](const Row&) { found = true; }, args...);
        return found;
    }

    // Written to their rows when the transaction commits, not visible to this transaction's reads.
    Counters& counters() { return whole_ == nullptr ? counters_ : whole_->counters(); }

    // What this transaction and those that commit with it have counted for the link so far.
    LinkCounts uncommitted_counts(std::string_view link_id) {
        const LinkTotalsKey key{workspace_id_, std::string(link_id)};
        auto counts = counters().of(key);
        if (context_.earlier != nullptr) counts.merge(context_.earlier->of(key));
        return counts;
    }

    // After the commit every node forgets what it cached under this name, for example
    // "link:domain/key" or "key:<hash>".
    void invalidate(std::string name) { invalidated().push_back(std::move(name)); }
    std::vector<std::string>& invalidated() {
        return whole_ == nullptr ? invalidated_ : whole_->invalidated();
    }

    // After the commit whoever runs jobs here looks for them at once, see DbOptions::on_jobs.
    void wake_jobs() { (whole_ == nullptr ? *this : *whole_).wakes_jobs_ = true; }
    bool wakes_jobs() const { return wakes_jobs_; }

    Connection& connection() { return connection_; }
    const RecentClicks* recent_clicks() const { return context_.recent_clicks; }
    EventPayloads* payloads() const { return context_.payloads; }

  private:
    Connection& connection_;
    Env& env_;
    TxContext context_;
    std::string workspace_id_;
    std::int64_t now_ms_;
    Tx* whole_ = nullptr;
    Counters counters_;
    std::vector<std::string> invalidated_;
    bool wakes_jobs_ = false;
};

}  // namespace hw
