// SPDX-License-Identifier: Apache-2.0
// Base64 of RFC 4648, the alphabet with + and /, over OpenSSL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hw {

std::string base64_text(std::string_view bytes);

// With or without its padding. Nothing for what is no base64.
std::optional<std::string> base64_bytes(std::string_view text);

}  // namespace hw
