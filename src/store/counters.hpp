// SPDX-License-Identifier: Apache-2.0
// Derived counts. A use case adds to memory; the sums go to their rows once per commit, in the same
// transaction as the facts, so that a batch of clicks updates each row once.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace hw {

class Connection;

struct LinkCounts {
    std::int64_t clicks = 0;
    std::int64_t leads = 0;
    std::int64_t conversions = 0;  // first sales of a customer on the link
    std::int64_t sales = 0;
    std::int64_t sale_amount = 0;  // minor units of the reporting currency
    std::int64_t last_click_at_ms = 0;
    std::int64_t last_lead_at_ms = 0;
    std::int64_t last_conversion_at_ms = 0;

    void merge(const LinkCounts& other);
    bool operator==(const LinkCounts&) const = default;
};

struct RollupCounts {
    std::int64_t clicks = 0;
    std::int64_t leads = 0;
    std::int64_t sales = 0;
    std::int64_t sale_amount = 0;

    void merge(const RollupCounts& other);
    bool operator==(const RollupCounts&) const = default;
};

struct LinkTotalsKey {
    std::string workspace_id;
    std::string link_id;
    auto operator<=>(const LinkTotalsKey& other) const {
        return std::tie(link_id, workspace_id) <=> std::tie(other.link_id, other.workspace_id);
    }
    bool operator==(const LinkTotalsKey&) const = default;
};

struct RollupKey {
    std::string workspace_id;
    std::string_view dimension;  // one of the constants in core/rollups.hpp
    std::string value;
    std::int64_t hour_ms = 0;
    // What differs most comes first: a batch of clicks compares thousands of keys.
    auto operator<=>(const RollupKey& other) const {
        return std::tie(value, hour_ms, dimension, workspace_id) <=>
               std::tie(other.value, other.hour_ms, other.dimension, other.workspace_id);
    }
    bool operator==(const RollupKey&) const = default;
};

struct BalanceKey {
    std::string workspace_id;
    std::string account;
    std::string currency;
    auto operator<=>(const BalanceKey&) const = default;
};

class Counters {
  public:
    void add(LinkTotalsKey key, const LinkCounts& counts) { links_[std::move(key)].merge(counts); }
    void add(RollupKey key, const RollupCounts& counts) { rollups_[std::move(key)].merge(counts); }
    void add(BalanceKey key, std::int64_t amount) { balances_[std::move(key)] += amount; }
    void merge(Counters&& other);
    void clear();
    LinkCounts of(const LinkTotalsKey& key) const {
        const auto found = links_.find(key);
        return found == links_.end() ? LinkCounts{} : found->second;
    }
    const std::map<LinkTotalsKey, LinkCounts>& links() const { return links_; }
    const std::map<RollupKey, RollupCounts>& rollups() const { return rollups_; }

    // Writes the sums. `slot` spreads connections over rows, so that PostgreSQL transactions of one
    // workspace do not wait for each other's row locks.
    void flush(Connection& connection, std::int64_t slot);

  private:
    std::map<LinkTotalsKey, LinkCounts> links_;
    std::map<RollupKey, RollupCounts> rollups_;
    std::map<BalanceKey, std::int64_t> balances_;
};

}  // namespace hw
