// SPDX-License-Identifier: Apache-2.0
#include "api/first_party.hpp"

#include <algorithm>
#include <optional>

#include "base/cookie.hpp"
#include "base/id.hpp"
#include "base/ip.hpp"

namespace hw {
namespace {

constexpr std::string_view kHeader = "Headwater-First-Party";
constexpr std::string_view kCookie = "dub_id";
constexpr std::string_view kVisitorCookie = "headwater_visitor";
constexpr std::int64_t kVisitorSeconds = 63'072'000;  // 2 years
constexpr std::int64_t kCookieSeconds = 7'776'000;    // 90 days

struct FirstParty {
    bool http_only = false;
    bool first_click = false;
    std::string_view domain{};
};

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

// The domain that the browser script uses too, so that there is one cookie and not two: the host
// without "www.", for its subdomains as well; none for hosts that have no parent.
std::string_view domain_of(std::string_view host) {
    if (host.starts_with("www.")) host.remove_prefix(4);
    return host.contains('.') && !IpAddress::parse(host) ? host : std::string_view{};
}

// Whatever pages say they are; nothing that could end a cookie early.
bool is_visitor_id(std::string_view text) {
    constexpr std::size_t kCharactersMax = 64;
    return !text.empty() && text.size() <= kCharactersMax && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_';
    });
}

std::optional<FirstParty> read_first_party(const Request& request) {
    auto rest = request.header(kHeader);
    if (rest.empty() || request.header("Sec-Fetch-Site") == "cross-site") return std::nullopt;
    FirstParty asked{.domain = domain_of(request.host)};
    constexpr std::string_view kDomain = "domain=";
    while (!rest.empty()) {
        const auto end = std::min(rest.find(','), rest.size());
        const auto word = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (word == "http-only") asked.http_only = true;
        if (word == "first-click") asked.first_click = true;
        if (word.starts_with(kDomain)) asked.domain = word.substr(kDomain.size());
    }
    return asked;
}

}  // namespace

std::string kept_click(const Request& request) {
    if (!read_first_party(request)) return {};
    const auto value = cookie_value(request.header("Cookie"), kCookie);
    return value && is_click_id(*value) ? std::string(*value) : std::string();
}

void keep_click(const Request& request, std::string_view click_id, Response& response) {
    const auto asked = read_first_party(request);
    if (!asked || (asked->first_click && !kept_click(request).empty())) return;
    auto text = set_cookie_text({.name = kCookie,
                                 .value = click_id,
                                 .domain = asked->domain,
                                 .max_age_s = kCookieSeconds,
                                 .secure = request.secure,
                                 .http_only = asked->http_only,
                                 .same_site = SameSite::Lax});
    if (text) response.headers.emplace_back("Set-Cookie", std::move(*text));
}

void keep_visit(const Request& request, std::string_view click_id, Response& response) {
    if (kept_click(request).empty()) keep_click(request, click_id, response);
}

bool is_first_party(const Request& request) {
    return read_first_party(request).has_value();
}

std::string kept_visitor(const Request& request) {
    if (!read_first_party(request)) return {};
    const auto value = cookie_value(request.header("Cookie"), kVisitorCookie);
    return value && is_visitor_id(*value) ? std::string(*value) : std::string();
}

void keep_visitor(const Request& request, std::string_view visitor, Response& response) {
    const auto asked = read_first_party(request);
    if (!asked || !is_visitor_id(visitor)) return;
    auto text = set_cookie_text({.name = kVisitorCookie,
                                 .value = visitor,
                                 .domain = asked->domain,
                                 .max_age_s = kVisitorSeconds,
                                 .secure = request.secure,
                                 .http_only = asked->http_only,
                                 .same_site = SameSite::Lax});
    if (text) response.headers.emplace_back("Set-Cookie", std::move(*text));
}

}  // namespace hw
