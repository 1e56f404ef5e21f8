// SPDX-License-Identifier: Apache-2.0
// GET /events: single clicks, leads or sales with their link and customer (reference: dub, 2.11).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/function_ref.hpp"
#include "base/limits.hpp"
#include "core/analytics_filter.hpp"
#include "core/analytics_range.hpp"
#include "core/tally.hpp"
#include "store/customer_list.hpp"

namespace hw {

struct Event {
    std::string id;
    std::int64_t at_ms = 0;
    std::optional<Touch> touch;  // a click's own, or the one a conversion is attributed to
    std::optional<AttributedConversion> conversion;  // nothing for a click
    TaggedLink link;                                 // of a deleted one the id alone
    std::optional<CustomerWithTotals> customer;      // nothing for a click, and when deleted
};

// Which events, in which order: ids above `after` and below `before`, within the range of time.
struct EventWalk {
    Counting counting = Counting::Clicks;  // not Composite
    const EventFilter* filter = nullptr;
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;  // excluded
    bool newest_first = true;
    std::int64_t until_ms = 0;  // by the clock: when to give up
    std::string after{};
    std::string before{};
    std::int64_t rows_at_once = limits::kScanRowsAtOnce;
};

// Hands out those that pass the filter, without their customers, until `on_event` says false. Where
// it stopped is left in the walk's ids, so that it can go on. False: time ran out before the end.
bool walk_events(Tx& tx, EventWalk& walk, FunctionRef<bool(Event&&)> on_event);

// Finds the customers of leads and sales.
void add_customers(Tx& tx, std::vector<Event>& events);

struct ListEvents {
    Counting counting = Counting::Clicks;
    AskedRange range;
    EventFilter filter;
    std::int64_t page = 1;
    std::int64_t limit = 100;
    bool newest_first = true;
};

struct EventPage {
    std::vector<Event> events;
    // Set when the budget ran out: what lies beyond (before, with the newest first) was not seen.
    std::optional<std::int64_t> seen_up_to_ms;
};
Result<EventPage> list_events(Tx& tx, const ListEvents& input);

}  // namespace hw
