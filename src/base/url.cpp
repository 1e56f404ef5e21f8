// SPDX-License-Identifier: Apache-2.0
#include "base/url.hpp"

#include <fmt/format.h>
#include <idn2.h>

#include <algorithm>
#include <array>
#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <cstdint>
#include <optional>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/percent.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

constexpr int kPortMax = 65'535;

// What runs script, reads local files or nests another URL.
constexpr std::array<std::string_view, 10> kForbiddenSchemes = {
    "javascript", "data",       "vbscript", "file",        "blob",
    "about",      "filesystem", "jar",      "view-source", "livescript"};

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_forbidden(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return byte <= ' ' || byte == 0x7F || c == '\\';
}

// The text before the first ':' when it has the form of a scheme.
std::string_view scheme_of(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_letter(text[0])) return {};
    const auto scheme = text.substr(0, colon);
    const bool valid = std::ranges::all_of(scheme, [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
    return valid ? scheme : std::string_view{};
}

// "example.com:8080/x" has the form of a scheme, but is not meant as one.
bool is_host_with_port(std::string_view text, std::string_view scheme) {
    if (!scheme.contains('.') && scheme != "localhost") return false;
    const auto rest = text.substr(scheme.size() + 1);
    const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    return digits > 0 && (digits == rest.size() || std::string_view("/?#").contains(rest[digits]));
}

// Letters, digits, '-' and '_' in labels that are not empty (a final dot is allowed).
bool is_host_name(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    if (host.empty() || host.front() == '.' || host.back() == '.') return false;
    const bool valid = std::ranges::all_of(host, [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
    });
    return valid && !host.contains("..");
}

struct Authority {
    std::string_view user;  // with the '@', or empty
    std::string_view host;
    std::string_view port;  // with the ':', or empty
};

Authority split_authority(std::string_view text) {
    Authority parts;
    const auto at = text.rfind('@');
    if (at != std::string_view::npos) {
        parts.user = text.substr(0, at + 1);
        text.remove_prefix(at + 1);
    }
    const auto bracket = text.starts_with('[') ? text.find(']') : 0;
    const auto colon = bracket == std::string_view::npos ? bracket : text.find(':', bracket);
    parts.host = text.substr(0, colon);
    parts.port = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
    return parts;
}

// The host in ASCII, international names as punycode.
std::optional<std::string> ascii_host(std::string_view host) {
    if (is_ascii(host)) return std::string(host);
    const std::string terminated(host);
    char* converted = nullptr;
    const int status =
        idn2_to_ascii_8z(terminated.c_str(), &converted, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    if (status != IDN2_OK) return std::nullopt;
    std::string ascii(converted);
    idn2_free(converted);
    return ascii;
}

bool is_port(std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = std::min(value * 10 + (c - '0'), kPortMax + 1);
    return value <= kPortMax;
}

// The authority of a web address as it is stored, or nothing when it is not one.
std::optional<std::string> checked_authority(std::string_view text) {
    const auto parts = split_authority(text);
    const auto host = ascii_host(parts.host);
    if (!host) return std::nullopt;
    auto authority = std::string(parts.user) + *host + std::string(parts.port);
    const auto parsed = boost::urls::parse_authority(authority);
    if (!parsed) return std::nullopt;
    const bool literal = parsed->host_type() == boost::urls::host_type::ipv6;
    if (!literal && !is_host_name(*host)) return std::nullopt;
    if (!is_port(std::string_view(parsed->port().data(), parsed->port().size()))) return {};
    return authority;
}

void append_encoded(std::string& out, std::string_view text) {
    for (const char c : text) {
        const bool plain =
            static_cast<std::uint8_t>(c) < 0x80 && !std::string_view("\"<>").contains(c);
        plain ? out.push_back(c) : append_percent_encoded(out, {&c, 1});
    }
}

std::optional<std::string> web_destination(std::string_view scheme, std::string_view rest) {
    const auto end = std::min(rest.find_first_of("/?#"), rest.size());
    const auto authority = checked_authority(rest.substr(0, end));
    if (!authority) return std::nullopt;
    std::string out = std::string(scheme) + "://" + *authority;
    append_encoded(out, rest.substr(end));
    return out;
}

// Without a scheme only what looks like a host is taken for one: a typo is not an address.
std::optional<std::string> bare_destination(std::string_view text) {
    if (text.starts_with("//")) text.remove_prefix(2);
    const auto authority = text.substr(0, text.find_first_of("/?#"));
    const auto parts = split_authority(authority);
    const bool dotted = parts.host.find('.') != std::string_view::npos;
    const bool known = dotted || parts.host == "localhost" || parts.host.starts_with('[');
    if (!known || !parts.user.empty()) return std::nullopt;
    return web_destination("https", text);
}

std::optional<std::string> destination(std::string_view text) {
    const auto scheme = scheme_of(text);
    if (scheme.empty() || is_host_with_port(text, scheme)) return bare_destination(text);
    const auto name = ascii_lower(scheme);
    auto rest = text.substr(scheme.size() + 1);
    if (rest.empty() || std::ranges::find(kForbiddenSchemes, name) != kForbiddenSchemes.end()) {
        return std::nullopt;
    }
    if (name == "http" || name == "https") {
        if (!rest.starts_with("//")) return std::nullopt;
        return web_destination(name, rest.substr(2));
    }
    std::string out = name + ":";
    append_encoded(out, rest);
    return out;
}

}  // namespace

Result<std::string> normalize_destination(std::string_view text) {
    const bool acceptable = utf16_length(text) <= limits::kDestinationUrlCharactersMax &&
                            std::ranges::none_of(text, is_forbidden) && is_valid_utf8(text);
    auto result = acceptable ? destination(text) : std::nullopt;
    if (!result) return fail(ErrorCode::UnprocessableEntity, "Invalid destination URL");
    return std::move(*result);
}

std::string host_of(std::string_view url) {
    const auto scheme = scheme_of(url);
    if (scheme.empty() || !url.substr(scheme.size()).starts_with("://")) return {};
    auto rest = url.substr(scheme.size() + 3);
    // Browsers take a backslash for a slash.
    rest = rest.substr(0, rest.find_first_of("/?#\\"));
    auto host = split_authority(rest).host;
    if (host.starts_with('[')) {
        if (!host.ends_with(']')) return {};
        host = host.substr(1, host.size() - 2);
    }
    if (host.ends_with('.')) host.remove_suffix(1);
    const bool clean = is_ascii(host) && std::ranges::none_of(host, is_forbidden);
    return clean ? ascii_lower(host) : std::string{};
}

namespace {

// With an escape for whatever may not stand in a URL.
std::string escaped(std::string_view text) {
    constexpr std::string_view kOutside = "\"<>\\^`{|}";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<std::uint8_t>(c);
        if (byte > ' ' && byte < 0x7F && !kOutside.contains(c)) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", byte);
        }
    }
    return out;
}

}  // namespace

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
    const auto written = escaped(reference);
    const auto from = escaped(base);
    const auto to = boost::urls::parse_uri_reference(written);
    const auto page = boost::urls::parse_uri(from);
    boost::urls::url found;
    if (!to || !page || !boost::urls::resolve(*page, *to, found)) return std::nullopt;
    auto url = normalize_destination(std::string_view(found.buffer()));
    const bool is_web = url && (url->starts_with("http://") || url->starts_with("https://"));
    if (!is_web || host_of(*url).empty()) return std::nullopt;
    return std::move(*url);
}

}  // namespace hw
