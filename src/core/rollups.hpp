// SPDX-License-Identifier: Apache-2.0
// Which counts a click, a lead and a sale add to: the totals of the link and the hourly rollups.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/touches.hpp"
#include "store/tx.hpp"

namespace hw {

// The dimensions of rollups_hour. `all` has the empty value.
inline constexpr std::string_view kDimensionAll = "all";
inline constexpr std::string_view kDimensionLink = "link";
inline constexpr std::string_view kDimensionCountry = "country";
inline constexpr std::string_view kDimensionDevice = "device";
inline constexpr std::string_view kDimensionBrowser = "browser";
inline constexpr std::string_view kDimensionOs = "os";
inline constexpr std::string_view kDimensionReferer = "referer";
inline constexpr std::string_view kDimensionTrigger = "trigger";
inline constexpr std::array kDimensions{
    kDimensionAll,     kDimensionLink, kDimensionCountry, kDimensionDevice,
    kDimensionBrowser, kDimensionOs,   kDimensionReferer, kDimensionTrigger,
};

void count_click(Tx& tx, const Touch& touch);

// +1; or -1 for one that was counted here and belongs elsewhere now: its counts go, while the times
// of the last lead and conversion stay as they are.
enum class Sign : std::int8_t { Add = 1, TakeBack = -1 };

// `touch` is null when only the link is known: then the visitor's dimensions stay as they are.
void count_lead(Tx& tx, const Touch* touch, std::string_view link_id, std::int64_t at_ms,
                Sign sign = Sign::Add);

struct CountedSale {
    std::string_view link_id;
    std::int64_t at_ms = 0;
    std::int64_t amount = 0;        // reporting currency; 0 while no rate is known
    bool first_conversion = false;  // the customer's first sale on this link
    Sign sign = Sign::Add;
};
void count_sale(Tx& tx, const Touch* touch, const CountedSale& sale);

}  // namespace hw
