// SPDX-License-Identifier: Apache-2.0
// UTF-8 at the edges: what arrives may be anything, what is stored and answered is valid.
#pragma once

#include <string>
#include <string_view>

namespace hw {

bool is_valid_utf8(std::string_view text);

// The text with every invalid byte replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

// The longest prefix of at most `max_bytes` bytes that does not cut a character.
std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes);

// Number of UTF-16 code units, which is what the length limits of JavaScript APIs count.
std::size_t utf16_length(std::string_view text);

}  // namespace hw
