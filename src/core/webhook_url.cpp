// SPDX-License-Identifier: Apache-2.0
#include "core/webhook_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/url.hpp"

namespace hw {
namespace {

std::unexpected<Error> refuse(std::string_view seen, std::string_view fix) {
    constexpr std::size_t kShown = 200;
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("url: received \"{}\": {}", seen.substr(0, kShown), fix),
                "invalid_url");
}

// As browsers have it: a name whose last part is a number is an IPv4 address, however written.
bool ends_in_number(std::string_view host) {
    const auto last = host.substr(host.rfind('.') + 1);
    if (last.starts_with("0x")) return true;
    return !last.empty() && std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_local_name(std::string_view host) {
    return host == "localhost" || host.ends_with(".localhost") || host.ends_with(".local") ||
           host.ends_with(".internal");
}

Result<void> check_host(std::string_view text, const std::string& host,
                        const WebhookUrlRules& rules) {
    if (host.empty()) return refuse(text, "name a host");
    const auto address = IpAddress::parse(host);
    if (!address) {
        if (ends_in_number(host)) return refuse(text, "write the address as four decimal numbers");
        if (is_local_name(host) && rules.allowed_ranges.empty()) {
            return refuse(text, "the host must be reachable from the internet");
        }
        return {};
    }
    const bool listed = std::ranges::any_of(
        rules.allowed_ranges, [&](const auto& range) { return range.contains(*address); });
    if (listed || is_public_address(*address)) return {};
    return refuse(text, "the address is private; the operator of this server can allow it");
}

}  // namespace

Result<std::string> normalize_webhook_url(std::string_view text, const WebhookUrlRules& rules) {
    const bool has_web_scheme = ascii_lower(text.substr(0, 8)).starts_with("https://") ||
                                ascii_lower(text.substr(0, 7)).starts_with("http://");
    if (!has_web_scheme) return refuse(text, "write an address that begins with https://");
    auto normal = normalize_destination(text);
    if (!normal) return refuse(text, normal.error().message);
    if (normal->size() > limits::kWebhookUrlCharactersMax) {
        return refuse(text, fmt::format("it has {} characters; {} is the most", normal->size(),
                                        limits::kWebhookUrlCharactersMax));
    }
    const auto url = boost::urls::parse_uri(*normal);
    if (!url) return refuse(text, "it is no web address");
    if (url->has_userinfo()) {
        return refuse(text, "put no user name into it; verify the signature instead");
    }
    HW_CHECK(check_host(text, host_of(*normal), rules));
    const bool private_allowed = !rules.allowed_ranges.empty();
    if (url->scheme() == "http" && !private_allowed) return refuse(text, "use https");
    const bool usual_port =
        !url->has_port() || url->port_number() == 443 || url->port_number() == 8443;
    if (!usual_port && !private_allowed) return refuse(text, "use port 443 or 8443");
    return std::move(*normal);
}

}  // namespace hw
