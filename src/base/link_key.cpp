// SPDX-License-Identifier: Apache-2.0
#include "base/link_key.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "base/percent.hpp"
#include "base/punycode.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

constexpr std::string_view kPunycodeMark = "xn--";
constexpr std::string_view kSeparators = "/.";

constexpr std::array<std::string_view, 6> kReserved = {
    "favicon.ico",          "sitemap.xml",   "robots.txt",
    "manifest.webmanifest", "manifest.json", "apple-app-site-association"};

struct Range {
    char32_t first;
    char32_t last;
};

// Characters beyond ASCII that no key may hold: controls, text direction, separators, private use.
constexpr std::array<Range, 8> kForbidden = {{{0x0080, 0x00A0},
                                              {0x2000, 0x200C},
                                              {0x200E, 0x200F},
                                              {0x2028, 0x202F},
                                              {0x2060, 0x206F},
                                              {0x3000, 0x3000},
                                              {0xD800, 0xF8FF},
                                              {0xFEFF, 0xFEFF}}};

// Emoji outside of the Basic Multilingual Plane, and the tags of regional flags.
constexpr std::array<Range, 2> kEmoji = {{{0x1F000, 0x1FAFF}, {0xE0020, 0xE007F}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t c) {
    return std::ranges::any_of(ranges, [c](Range r) { return c >= r.first && c <= r.last; });
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}

bool is_key_character(char32_t c) {
    if (c < 0x80) {
        return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9') ||
               std::u32string_view(U"_-/.").contains(c);
    }
    if (c < 0xFFFE) return !within(kForbidden, c);
    return within(kEmoji, c);
}

std::string_view without_slashes(std::string_view text) {
    while (text.starts_with('/')) text.remove_prefix(1);
    while (text.ends_with('/')) text.remove_suffix(1);
    return text;
}

bool ends_with_ignoring_case(std::string_view text, std::string_view lower_end) {
    return text.size() >= lower_end.size() &&
           std::ranges::equal(text.substr(text.size() - lower_end.size()), lower_end, {},
                              [](char c) { return ascii_lower(c); });
}

// Applies fn(out, part) to every part between '/' and '.'; the separators stay.
template <class Fn>
std::string map_parts(std::string_view text, Fn fn) {
    std::string out;
    while (true) {
        const auto end = std::min(text.find_first_of(kSeparators), text.size());
        fn(out, text.substr(0, end));
        if (end == text.size()) return out;
        out += text[end];
        text.remove_prefix(end + 1);
    }
}

std::string encoded(std::string_view key) {
    if (is_ascii(key)) return std::string(key);
    return map_parts(key, [](std::string& out, std::string_view part) {
        if (is_ascii(part)) {
            out.append(part);
        } else {
            out.append(kPunycodeMark).append(punycode_encode(code_points(part)));
        }
    });
}

// "a/../b": browsers resolve such paths before they ask, so the link could not be reached.
bool has_dot_segment(std::string_view key) {
    while (true) {
        const auto end = std::min(key.find('/'), key.size());
        const auto segment = key.substr(0, end);
        if (segment == "." || segment == "..") return true;
        if (end == key.size()) return false;
        key.remove_prefix(end + 1);
    }
}

bool is_key(std::string_view text) {
    if (text.empty() || utf16_length(text) > limits::kKeyCharactersMax) return false;
    if (!is_valid_utf8(text) || has_dot_segment(text)) return false;
    return std::ranges::all_of(code_points(text), is_key_character);
}

}  // namespace

Result<std::string> normalize_key(std::string_view text) {
    const auto key = without_slashes(text);
    const bool allowed = key == kRootKey || !is_unsupported_key(key);
    if (!allowed || !is_key(key)) return fail(ErrorCode::UnprocessableEntity, "Invalid key.");
    if (std::ranges::find(kReserved, ascii_lower(key)) != kReserved.end()) {
        return fail(ErrorCode::Forbidden,
                    "The key '" + std::string(key) + "' is reserved. Choose another one.");
    }
    return encoded(key);
}

std::string display_key(std::string_view stored) {
    return map_parts(stored, [](std::string& out, std::string_view part) {
        const bool marked = part.starts_with(kPunycodeMark);
        const auto decoded = marked ? punycode_decode(part.substr(kPunycodeMark.size()))
                                    : std::optional<std::u32string>{};
        const auto text = decoded ? utf8_of(*decoded) : std::string();
        // A user may have written the mark: what is shown must lead back to what is stored.
        out.append(decoded && encoded(text) == part ? text : std::string(part));
    });
}

std::string key_of_path(std::string_view path) {
    if (!path.contains('%') && is_ascii(path)) return std::string(without_slashes(path));
    const auto decoded = percent_decode(path);
    const auto key = without_slashes(decoded);
    // A longer path is no key, and encoding takes time that grows with the square of the length.
    constexpr std::size_t kKeyBytesMax = 4 * limits::kKeyCharactersMax;
    if (key.size() > kKeyBytesMax || !is_valid_utf8(key)) return std::string(key);
    return encoded(key);
}

std::string fold_key(std::string_view path_or_key) {
    return ascii_lower(key_of_path(path_or_key));
}

bool is_unsupported_key(std::string_view key) {
    return key.starts_with('_') || key.starts_with(".well-known") ||
           ends_with_ignoring_case(key, ".php") || ends_with_ignoring_case(key, ".php7");
}

}  // namespace hw
