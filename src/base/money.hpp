// SPDX-License-Identifier: Apache-2.0
// Money as integers: minor units at the ISO 4217 exponent. Decimal text is read and rates are
// applied exactly; no binary fraction ever holds an amount or a rate.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hw {

// Digits after the point for a lower-case ISO 4217 code; nothing for an unknown code. Codes that
// were withdrawn lately (ang, bgn, cuc, hrk, sll, zwl) are known, because old sales carry them.
std::optional<int> currency_exponent(std::string_view code);

// "99.99" or "1e2" (the text of a JSON number) in minor units. More decimals than the currency
// has are refused, unless they are zeros.
Result<std::int64_t> parse_minor_units(std::string_view decimal_text, std::string_view currency);

// "12.34", "-0.05", "1580". An unknown currency is written with two decimals.
std::string format_minor(std::int64_t amount_minor, std::string_view currency);

// A positive decimal without sign or exponent, at most 18 digits, at most 12 of them after the
// point. Every rate that is stored satisfies this.
bool is_rate(std::string_view text);

// Minor units of `to`, where `rate` is how many units of `to` one unit of `from` buys. Half a
// minor unit is rounded away from zero. Nothing for a bad rate, an unknown currency or overflow.
std::optional<std::int64_t> convert(std::int64_t amount_minor, std::string_view from,
                                    std::string_view to, std::string_view rate);

// The rate from one currency to another out of their rates against a common base (as the ECB
// publishes them: units per euro): to / from, rounded half up to 12 decimals (fewer where it would
// have more than 18 digits), without trailing zeros. Empty when either is no rate or the quotient
// is too small or too large for one.
std::string cross_rate(std::string_view per_base_from, std::string_view per_base_to);

}  // namespace hw
