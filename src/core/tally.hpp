// SPDX-License-Identifier: Apache-2.0
// Adds up what the filters admit, per group or per bucket of time. Facts and rollups go through the
// same rules here, so that they cannot disagree.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/analytics_filter.hpp"
#include "core/link_book.hpp"
#include "store/counters.hpp"

namespace hw {

enum class Counting : std::uint8_t { Clicks, Leads, Sales, Composite };

// Of the conversions that it counts; empty for clicks.
std::string_view kind_of(Counting counting);

// What was asked for, and nothing else.
RollupCounts counted_of(const RollupCounts& counts, Counting counting);

// What groups are sorted by.
std::int64_t weight_of(const RollupCounts& counts, Counting counting);

struct TallyRules {
    Counting counting = Counting::Clicks;
    std::vector<Field> group{};          // outermost first; empty: everything is one group
    std::vector<std::int64_t> starts{};  // of the buckets; empty: no time series
    const EventFilter* filter = nullptr;
};

class Tally {
  public:
    Tally(TallyRules rules, const LinkBook& links) : rules_(std::move(rules)), links_(links) {
        if (!rules_.starts.empty()) buckets_.resize(rules_.starts.size());
    }

    // What one fact, or one row of a rollup, adds. `touch` is null when no click is known; of a
    // rollup's it has the dimension alone, and `link_id` is empty when the row is of no one link.
    struct Item {
        std::string_view link_id;
        const Touch* touch = nullptr;
        std::int64_t at_ms = 0;
        RollupCounts counts;
    };
    void add(const Item& item);

    struct Group {
        std::vector<std::string> values;
        RollupCounts counts;
    };
    // The greatest first, at most kGroupsMax.
    std::vector<Group> groups() const;
    // Of the one group with these values.
    RollupCounts of_group(const std::vector<std::string>& values) const;
    const EventFilter& filter() const { return *rules_.filter; }
    const std::vector<RollupCounts>& buckets() const { return buckets_; }

  private:
    void add_to_groups(const Item& item, const TaggedLink* link, const RollupCounts& counts);

    TallyRules rules_;
    const LinkBook& links_;
    std::map<std::vector<std::string>, RollupCounts> groups_;
    std::vector<RollupCounts> buckets_;
};

}  // namespace hw
