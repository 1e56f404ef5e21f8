// SPDX-License-Identifier: Apache-2.0
// What the listings with both ways of paging refuse, in the words that clients know (reference:
// dub, 1.6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"

namespace hw {

struct AskedPage {
    std::int64_t page = 1;  // from 1
    bool page_given = false;
    std::optional<std::string> starting_after;  // ids; at most one of the two
    std::optional<std::string> ending_before;
    bool by_creation = true;  // the order that cursors go with
};

// 422 for ways of paging that do not go together, and for a page above kPageMax.
Result<void> check_paging(const AskedPage& asked);

// 422 when there is a cursor and `is_known` is false.
Result<void> check_cursor(const AskedPage& asked, bool is_known);

// The id that the page begins behind, or ends before, if the page has one.
const std::optional<std::string>& cursor_of(const AskedPage& asked);

}  // namespace hw
