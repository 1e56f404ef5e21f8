// SPDX-License-Identifier: Apache-2.0
// Which addresses endpoints may have. That nothing private is reached is decided anew at every
// connect (base/http_client.hpp); here a mistake is told to whoever makes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ip.hpp"

namespace hw {

struct WebhookUrlRules {
    // Private addresses that the operator allows; with any of them plain http and other ports too.
    std::vector<AddressRange> allowed_ranges{};
};

// The URL as it is stored; 422 names what is wrong with it.
Result<std::string> normalize_webhook_url(std::string_view text, const WebhookUrlRules& rules);

}  // namespace hw
