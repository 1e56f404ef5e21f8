// SPDX-License-Identifier: Apache-2.0
// GET /analytics: counts of a range of time, together, in groups or as a series. From the rollups
// where one of their dimensions answers; else from the facts, newest first, within a budget of
// time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/analytics_filter.hpp"
#include "core/analytics_range.hpp"
#include "core/tally.hpp"

namespace hw {

struct GetAnalytics {
    Counting counting = Counting::Clicks;
    std::vector<Field> group{};  // outermost first; empty: one sum
    bool as_series = false;      // per bucket of time instead
    AskedRange range;
    EventFilter filter;
};

struct AnalyticsBucket {
    std::int64_t start_ms = 0;
    RollupCounts counts;
};

struct Analytics {
    std::vector<Tally::Group> groups;      // one without values when nothing was to be grouped
    std::vector<AnalyticsBucket> buckets;  // of a series
    // Set when the budget ran out: what lies before was not looked at.
    std::optional<std::int64_t> complete_from_ms;
};

Result<Analytics> get_analytics(Tx& tx, const GetAnalytics& input);

// The links of the groups of Field::LinkId, as they are now.
std::vector<TaggedLink> links_of_groups(Tx& tx, const std::vector<Tally::Group>& groups);

}  // namespace hw
