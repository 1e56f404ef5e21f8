// SPDX-License-Identifier: Apache-2.0
// The counted clicks of partners' links, for crediting them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct PartnerClicks {
    std::string link_id;
    std::string country;  // of the visitors
    std::int64_t clicks = 0;
};

// Of the workspace, by link and country, in that order.
struct ClickSpan {
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;   // excluded
    std::string_view after;   // ids of clicks of that time are above it ...
    std::string_view before;  // ... and below it
};
std::vector<PartnerClicks> partner_clicks(Tx& tx, const ClickSpan& span);

}  // namespace hw
