// SPDX-License-Identifier: Apache-2.0
// The key in a request's Authorization header, and what a key may do (reference: dub, 1.1 and 1.2).
#pragma once

#include <string_view>

#include "api/http.hpp"
#include "base/error.hpp"

namespace hw {

// The secret key as it was sent; whether it is one shows the look-up.
Result<std::string_view> read_secret_key(const Request& request);

// "dub_pk_" and 16 to 64 letters, digits, "-" and "_". Browsers send it.
Result<std::string_view> read_publishable_key(const Request& request);

// Whether the space-separated `scopes` allow what needs `wanted`. "apis.all" allows everything,
// "apis.read" whatever ends in ".read".
bool has_scope(std::string_view scopes, std::string_view wanted);

}  // namespace hw
