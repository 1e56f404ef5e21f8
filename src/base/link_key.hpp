// SPDX-License-Identifier: Apache-2.0
// Keys of short links: which are allowed, how they are stored, shown and looked up.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hw {

// The key of the link at the bare domain.
inline constexpr std::string_view kRootKey = "_root";

// A key as a user gives it, in the form that is stored: without slashes at the ends, characters
// beyond ASCII as punycode. 422 `Invalid key.` for what cannot be a key, 403 for the few names that
// browsers and crawlers ask every host for.
Result<std::string> normalize_key(std::string_view text);

// A stored key as its user wrote it.
std::string display_key(std::string_view stored);

// The stored form of the key in a raw request path ("/%C3%BC/x" or "ü/x"), case kept: for domains
// whose keys are case-sensitive. Any path gives something; whether it is a key shows the look-up.
std::string key_of_path(std::string_view path);

// The same in lower case (ASCII letters): what links are looked up by. Also for stored keys.
std::string fold_key(std::string_view path_or_key);

// Paths that no link can have and scanners ask for: .php files, "_..." and ".well-known...".
bool is_unsupported_key(std::string_view key);

}  // namespace hw
