// SPDX-License-Identifier: Apache-2.0
#include "core/allow_hostname.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/url.hpp"

namespace hw {
namespace {

bool matches(std::string_view pattern, std::string_view hostname) {
    if (!pattern.starts_with("*.")) return pattern == hostname;
    const auto suffix = pattern.substr(1);  // ".d"
    return hostname.size() > suffix.size() && hostname.ends_with(suffix);
}

}  // namespace

std::string request_hostname(std::string_view referer, std::string_view origin) {
    auto host = host_of(referer.empty() ? origin : referer);
    if (host.starts_with("www.")) host.erase(0, 4);
    return host;
}

Result<void> allow_hostname(const std::vector<std::string>& allowed, std::string_view hostname) {
    if (allowed.empty() ||
        (!hostname.empty() && std::ranges::any_of(allowed, [&](const std::string& pattern) {
            return matches(pattern, hostname);
        }))) {
        return {};
    }
    return fail(ErrorCode::Forbidden,
                fmt::format("Request origin '{}' is not included in the allowed hostnames for this "
                            "workspace. Update your allowed hostnames here: "
                            "https://app.dub.co/settings/tracking",
                            hostname),
                "hostname_not_allowed");
}

}  // namespace hw
