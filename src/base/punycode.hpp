// SPDX-License-Identifier: Apache-2.0
// Punycode (RFC 3492) for one label, without the rules of domain names: link keys hold emoji and
// slashes, which libidn2 refuses.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hw {

// The characters of valid UTF-8 text, and back.
std::u32string code_points(std::string_view utf8);
std::string utf8_of(std::u32string_view text);

// Without the "xn--" that marks an encoded label.
std::string punycode_encode(std::u32string_view label);

// Nothing for text that punycode_encode cannot have made.
std::optional<std::u32string> punycode_decode(std::string_view text);

}  // namespace hw
