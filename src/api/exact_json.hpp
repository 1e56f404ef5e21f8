// SPDX-License-Identifier: Apache-2.0
// Decimal numbers of JSON by their text, both ways, so that no percentage or rate ever passes a
// binary fraction. Within a value such a number is a string that begins with a byte which no valid
// text has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/json.hpp"

namespace hw {

// As parse_object (json.hpp), with every number that has a point or an exponent kept as its text.
Result<json::object> parse_exact_object(std::string_view body);

// The same for text that was parsed and found valid before.
json::value parse_exact_value(std::string_view text);

// The text of such a number, or of a whole one; nothing for everything else.
std::optional<std::string> number_text(const json::value& value);
// Such a number; `text` is a JSON number.
json::value exact_number(std::string_view text);

std::string serialize_exact(const json::value& value);

// numerator / denominator with at most six decimals, half rounded away from zero; null for a
// denominator of 0.
json::value ratio_or_null(std::int64_t numerator, std::int64_t denominator);

}  // namespace hw
