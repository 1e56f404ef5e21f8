// SPDX-License-Identifier: Apache-2.0
// All journeys of a range of time: those of its sales, and those that led to none.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/limits.hpp"
#include "core/journey.hpp"
#include "store/tx.hpp"

namespace hw {

enum class OtherJourneys : std::uint8_t { Skip, Read };

struct JourneyRange {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;  // excluded
    OtherJourneys others = OtherJourneys::Skip;
    std::int64_t facts_max = limits::kReportFactsMax;  // sales, clicks and sessions
    std::int64_t budget_ms = limits::kReportBudgetMs;
};

struct Journeys {
    std::vector<Journey> converting{};  // of sales, with and without touches, oldest first
    // Of visitors none of whose touches in the range led to one of those sales.
    std::vector<Journey> other{};
    std::int64_t fx_missing = 0;  // sales that count as 0, because no rate is known yet
};

// 422 for more than that, because a part of the journeys would mean nothing.
Result<Journeys> read_journeys(Tx& tx, const JourneyRange& range);

// The journey of one conversion.
std::optional<Journey> find_journey(Tx& tx, std::string_view conversion_id);

}  // namespace hw
