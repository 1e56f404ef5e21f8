// SPDX-License-Identifier: Apache-2.0
// GET /analytics and the older /analytics/{event} and /analytics/{event}/{endpoint}.
#pragma once

#include "api/call.hpp"
#include "api/json.hpp"
#include "core/get_analytics.hpp"

namespace hw::api {

// clicks, leads, sales and saleAmount of a row.
void add_analytics_counts(json::object& row, const RollupCounts& counts);
// What a row of top_links says about the link.
void add_analytics_link(json::object& row, const Link& link);

Result<Work> get_analytics(const Call& call);
Result<Work> get_analytics_of_event(const Call& call);  // one count is a bare number here

}  // namespace hw::api
