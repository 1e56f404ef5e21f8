// SPDX-License-Identifier: Apache-2.0
// Decimal numbers as text, compared exactly whatever their length.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace hw {

// "12", "-0.50", "+3". No exponent, no blanks.
bool is_decimal(std::string_view text);

// Nothing when either is no decimal. "1.50" equals "1.5", and "-0" equals "0".
std::optional<std::strong_ordering> compare_decimals(std::string_view a, std::string_view b);

}  // namespace hw
