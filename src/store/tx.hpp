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

class Tx {
  public:
    // `recent_clicks` may be null where no clicks are recorded.
    Tx(Connection& connection, Env& env, std::string workspace_id,
       const RecentClicks* recent_clicks = nullptr)
        : connection_(connection),
          env_(env),
          recent_clicks_(recent_clicks),
          workspace_id_(std::move(workspace_id)),
          now_ms_(env.now_ms()) {}

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
    Counters& counters() { return counters_; }

    // After the commit every node forgets what it cached under this name, for example
    // "link:domain/key" or "key:<hash>".
    void invalidate(std::string name) { invalidated_.push_back(std::move(name)); }
    std::vector<std::string>& invalidated() { return invalidated_; }

    Connection& connection() { return connection_; }
    const RecentClicks* recent_clicks() const { return recent_clicks_; }

  private:
    Connection& connection_;
    Env& env_;
    const RecentClicks* recent_clicks_;
    std::string workspace_id_;
    std::int64_t now_ms_;
    Counters counters_;
    std::vector<std::string> invalidated_;
};

}  // namespace hw
