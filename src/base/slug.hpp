// SPDX-License-Identifier: Apache-2.0
// Names as they stand in addresses: "Ann Lee" is ann-lee.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hw {

// 1 to `characters_max` lower-case letters, digits and hyphens, with no hyphen at either end.
bool is_slug(std::string_view text, std::size_t characters_max);

// ASCII letters in lower case and digits; whatever is between them becomes one hyphen. Empty when
// there are none. At most `characters_max` characters.
std::string slug_of(std::string_view text, std::size_t characters_max);

}  // namespace hw
