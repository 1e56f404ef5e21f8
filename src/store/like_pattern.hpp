// SPDX-License-Identifier: Apache-2.0
// The pattern of a search within texts, for "lower(column) like $n escape '\'".
#pragma once

#include <string>
#include <string_view>

namespace hw {

// Matches the text itself anywhere, without case (ASCII letters). Empty when the text is.
std::string like_pattern(std::string_view search);

}  // namespace hw
