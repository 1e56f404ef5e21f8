// SPDX-License-Identifier: Apache-2.0
#include "core/allow_hostname.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/url.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

constexpr std::string_view kWww = "www.";

std::string without_www(std::string host) {
    if (host.starts_with(kWww)) host.erase(0, kWww.size());
    return host;
}

bool matches(std::string_view written, std::string_view hostname) {
    const auto pattern = ascii_lower(written);
    // The host of a page has lost its "www." by now, so a pattern means the same with and without.
    if (!pattern.starts_with("*.")) return without_www(pattern) == hostname;
    const auto suffix = std::string_view(pattern).substr(1);  // ".d"
    return hostname.size() > suffix.size() && hostname.ends_with(suffix);
}

}  // namespace

std::string request_hostname(std::string_view referer, std::string_view origin) {
    auto host = host_of(referer);
    if (host.empty()) host = host_of(origin);  // also for a Referer that names no host
    return without_www(valid_utf8(host));
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
