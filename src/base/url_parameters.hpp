// SPDX-License-Identifier: Apache-2.0
// Single parameters in the query of a stored URL. Everything else of the URL stays byte for byte.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hw {

// The decoded value of the first parameter of that name; nothing when there is none, or when its
// bytes are no valid text.
std::optional<std::string> url_parameter(std::string_view url, std::string_view name);

// The URL with that one parameter: replaced where it stands, else added behind the others.
std::string with_url_parameter(std::string_view url, std::string_view name, std::string_view value);

std::string without_url_parameter(std::string_view url, std::string_view name);

}  // namespace hw
