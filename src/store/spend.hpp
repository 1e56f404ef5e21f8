// SPDX-License-Identifier: Apache-2.0
// What was spent on advertising: one amount per day, source and campaign.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Spend {
    std::string day;          // "2026-01-02", UTC
    std::string source;       // lower case
    std::string campaign;     // lower case; empty: none
    std::int64_t amount = 0;  // minor units of `currency`
    std::string currency;     // lower case
    bool operator==(const Spend&) const = default;
};

// What stands under the same day, source and campaign.
std::optional<Spend> find_spend(Tx& tx, const Spend& spend);
// Replaces it.
void put_spend(Tx& tx, const Spend& spend);

// The rows of [from_day, to_day] behind `after`, in the order of day, source and campaign.
std::vector<Spend> list_spend(Tx& tx, std::string_view to_day, const Spend& after,
                              std::int64_t limit);

}  // namespace hw
