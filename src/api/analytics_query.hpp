// SPDX-License-Identifier: Apache-2.0
// The query parameters that analytics, lists of events and their exports share: what to count, from
// when to when, and the filters (reference: dub, 2.12).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "api/http.hpp"
#include "base/error.hpp"
#include "core/analytics_filter.hpp"
#include "core/analytics_range.hpp"
#include "core/tally.hpp"

namespace hw {

Result<EventFilter> read_event_filter(std::string_view query);
// `interval` holds when the query names neither it nor a start or an end.
Result<AskedRange> read_asked_range(std::string_view query, std::string_view interval = "24h");

// clicks (default), leads, sales; composite where `composite` allows it.
enum class Allow : std::uint8_t { Composite, OneKind };
Result<Counting> read_counting(std::string_view query, Allow allow);
Result<Counting> counting_of(std::string_view text, Allow allow);

// Says in the headers of an answer that it covers the time from then on alone.
void mark_partial(Response& response, const std::optional<std::int64_t>& complete_from_ms);

}  // namespace hw
