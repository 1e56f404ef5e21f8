// SPDX-License-Identifier: Apache-2.0
// What partners earn by clicks: one commission for each link and UTC day, by the click reward of
// the partner's group as it is when the day is credited.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "store/db.hpp"

namespace hw {

// A day is credited once, when it is final: that long after its end. A click has the time at which
// its request arrived and is committed within seconds, so none of the day is still to come then,
// unless a node stood still for hours or its clock is wrong by as much; such a click is counted and
// not paid. To wait is simpler than to pay differences, which nobody could tell from mistakes, and
// a commission that was told once keeps its amount.
inline constexpr std::int64_t kDayFinalAfterMs = 7'200'000;

// The days that are final and were not credited yet, oldest first, at most that many. Gives how
// many were. A workspace of which none was credited before begins with the last final day if it is
// that young, and else with the next: what was earned is not decided in hindsight. Done again, or
// by two nodes at once, it changes nothing. Blocks; not for a database thread.
Result<std::size_t> credit_clicks(Db& db, const std::string& workspace_id, std::size_t at_most);

}  // namespace hw
