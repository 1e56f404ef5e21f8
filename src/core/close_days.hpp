// SPDX-License-Identifier: Apache-2.0
// Sums up the hours of days that are over, so that analytics of long ranges read few rows. In many
// short transactions: nobody waits long, however much happened on a day.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "store/db.hpp"

namespace hw {

// Nodes' clocks differ, and a commit may take its time: a day is closed only when it was old that
// long ago.
inline constexpr std::int64_t kDayCloseDelayMs = 7'200'000;

// The oldest unclosed days of the workspace, at most that many; fewer when there are no more, or
// when someone counted into the day meanwhile or closes it too. How many were closed. Blocks; not
// for a database thread.
Result<std::size_t> close_days(Db& db, const std::string& workspace_id, std::size_t at_most);

}  // namespace hw
