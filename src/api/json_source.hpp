// SPDX-License-Identifier: Apache-2.0
// What the parser of JSON text does not keep: keys that are there twice, and the last bits of
// numbers. Both work on text that was parsed before and found valid.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace hw {

// The first key that the object has twice, however it is written. Objects inside do not matter.
std::optional<std::string> repeated_key(std::string_view object_text);

// Sets the numbers with a point or an exponent in `value`, which the text was parsed to, to the
// nearest double as JavaScript does. (The parser's may be off by a bit, which is a cent of a large
// amount.) Those too large for a double stay infinite.
void read_numbers_exactly(std::string_view text, boost::json::value& value);

}  // namespace hw
