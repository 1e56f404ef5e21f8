// SPDX-License-Identifier: Apache-2.0
// Which web pages may tell clicks of a workspace (reference: dub, 1.2).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace hw {

// The host of the Referer, else of the Origin, without "www."; may be empty.
std::string request_hostname(std::string_view referer, std::string_view origin);

// An empty list allows everything. Patterns are hosts, "localhost", or "*.d", which matches real
// subdomains of d and not d itself. 403 names the host.
Result<void> allow_hostname(const std::vector<std::string>& allowed, std::string_view hostname);

}  // namespace hw
