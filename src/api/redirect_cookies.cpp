// SPDX-License-Identifier: Apache-2.0
#include "api/redirect_cookies.hpp"

#include "base/civil_time.hpp"
#include "base/cookie.hpp"
#include "base/digest.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "base/link_key.hpp"
#include "base/percent.hpp"

namespace hw {
namespace {

constexpr std::string_view kVariantName = "dub_test_url";
constexpr std::int64_t kWeekSeconds = 7 * kDayMs / kSecondMs;

std::string click_name(const Link& link) {
    return "dub_id_" + link.domain + "_" + link.key;
}

std::string password_name(const Link& link) {
    return "dub_password_" + link.link_id;
}

std::string password_proof(const Link& link) {
    return keyed_hash_hex(link.password.value_or(""), link.workspace_id + "/" + link.link_id);
}

// The link's address as browsers write it, for the path of its cookies.
std::string path_of(const Link& link) {
    std::string path = "/";
    if (link.key == kRootKey) return path;
    const auto key = display_key(link.key);
    for (std::string_view rest = key;;) {
        const auto slash = rest.find('/');
        path += percent_encode_component(rest.substr(0, slash));
        if (slash == rest.npos) return path;
        path += '/';
        rest.remove_prefix(slash + 1);
    }
}

void add(Response& response, const Cookie& cookie) {
    auto text = set_cookie_text(cookie);
    if (text) response.headers.emplace_back("Set-Cookie", std::move(*text));
}

}  // namespace

std::string_view click_of_cookie(const Request& request, const Link& link, std::int64_t now_ms) {
    const auto header = request.header("Cookie");
    if (header.empty()) return {};
    const auto value = cookie_value(header, click_name(link));
    if (!value || !is_click_id(*value)) return {};
    const auto at_ms = click_id_time_ms(*value);
    const auto age_ms = now_ms - at_ms;
    if (age_ms < 0 || age_ms >= limits::kClickDedupMs) return {};
    // One from before the link was made is of another link that had the same key.
    return at_ms >= link.created_at_ms ? *value : std::string_view{};
}

void remember_click(const Link& link, std::string_view click_id, Response& response) {
    const auto name = click_name(link);
    const auto path = path_of(link);
    add(response, {.name = name,
                   .value = click_id,
                   .path = path,
                   .max_age_s = limits::kClickDedupMs / kSecondMs});
}

std::string_view variant_of_cookie(const Request& request) {
    return cookie_value(request.header("Cookie"), kVariantName).value_or("");
}

void remember_variant(const Link& link, std::string_view tag, Response& response) {
    const auto path = path_of(link);
    add(response, {.name = kVariantName, .value = tag, .path = path, .max_age_s = kWeekSeconds});
}

bool has_password_cookie(const Request& request, const Link& link) {
    const auto value = cookie_value(request.header("Cookie"), password_name(link));
    return value && equal_secret(*value, password_proof(link));
}

void remember_password(const Request& request, const Link& link, Response& response) {
    const auto name = password_name(link);
    const auto proof = password_proof(link);
    const auto path = path_of(link);
    add(response, {.name = name,
                   .value = proof,
                   .path = path,
                   .max_age_s = kWeekSeconds,
                   .secure = request.secure,
                   .http_only = true,
                   .same_site = SameSite::Lax});
}

}  // namespace hw
