// SPDX-License-Identifier: Apache-2.0
#include "base/cookie.hpp"

#include <algorithm>

namespace hw {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool is_visible_ascii(char c) {
    return c > ' ' && c < '\x7F';
}

// Browsers take more in a name than RFC 6265 does; link keys with '/' are part of our names.
bool is_name(std::string_view text) {
    const auto allowed = [](char c) {
        return is_visible_ascii(c) && !std::string_view("=;,\"").contains(c);
    };
    return !text.empty() && std::ranges::all_of(text, allowed);
}

bool is_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return is_visible_ascii(c) && !std::string_view("\";,\\").contains(c);
    });
}

bool is_attribute(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return is_visible_ascii(c) && c != ';'; });
}

std::string_view same_site_text(SameSite same_site) {
    switch (same_site) {
        case SameSite::Lax:
            return "; SameSite=Lax";
        case SameSite::Strict:
            return "; SameSite=Strict";
        case SameSite::None:
            return "; SameSite=None";
        case SameSite::Unset:
            break;
    }
    return "";
}

Result<void> check(const Cookie& cookie) {
    const auto refuse = [](std::string_view part, std::string_view text) {
        return fail(ErrorCode::BadRequest, "cookie " + std::string(part) + " '" +
                                               std::string(text) + "' has forbidden characters");
    };
    if (!is_name(cookie.name)) return refuse("name", cookie.name);
    if (!is_value(cookie.value)) return refuse("value", cookie.value);
    const bool rooted = cookie.path.empty() || cookie.path.starts_with('/');
    if (!rooted || !is_attribute(cookie.path)) return refuse("path", cookie.path);
    if (!is_attribute(cookie.domain)) return refuse("domain", cookie.domain);
    return {};
}

}  // namespace

std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        const auto end = std::min(header.find(';'), header.size());
        const auto pair = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != name) continue;
        auto value = trimmed(pair.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        return value;
    }
    return std::nullopt;
}

Result<std::string> set_cookie_text(const Cookie& cookie) {
    HW_CHECK(check(cookie));
    constexpr std::size_t kAttributeBytes = 96;  // room for all fixed text
    std::string text;
    text.reserve(cookie.name.size() + cookie.value.size() + cookie.path.size() +
                 cookie.domain.size() + kAttributeBytes);
    text.append(cookie.name).append("=").append(cookie.value);
    if (!cookie.path.empty()) text.append("; Path=").append(cookie.path);
    if (!cookie.domain.empty()) text.append("; Domain=").append(cookie.domain);
    if (cookie.max_age_s) text.append("; Max-Age=").append(std::to_string(*cookie.max_age_s));
    if (cookie.secure) text.append("; Secure");
    if (cookie.http_only) text.append("; HttpOnly");
    text.append(same_site_text(cookie.same_site));
    return text;
}

}  // namespace hw
