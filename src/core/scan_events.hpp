// SPDX-License-Identifier: Apache-2.0
// Reads the counted facts of a range of time from the newest to the oldest, until all were seen or
// the budget of time ran out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/tally.hpp"
#include "store/tx.hpp"

namespace hw {

struct Scan {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;     // excluded
    std::int64_t until_ms = 0;  // by the clock: when to give up
};

// Adds what it sees and the tally's filter admits. Gives from when on that is complete: `from_ms`
// when all of it is.
std::int64_t scan_clicks(Tx& tx, const Scan& scan, LinkBook& links, Tally& tally);
std::int64_t scan_conversions(Tx& tx, std::string_view kind, const Scan& scan, LinkBook& links,
                              Tally& tally);

// The last time that an id can hold, for ranges without an end.
inline constexpr std::int64_t kLatestEventMs = (std::int64_t{1} << 44) - 1;

// Below every id that a click ("") or a conversion of that kind is given at that time or later.
std::string first_event_id(std::string_view kind, std::int64_t at_ms);

// The id below which an id of a fact of that time cannot lie, with room for clocks that differ.
std::string lower_id(std::string_view kind, std::int64_t at_ms);
// The id above which it cannot lie.
std::string upper_id(std::string_view kind, std::int64_t at_ms);

}  // namespace hw
