// SPDX-License-Identifier: Apache-2.0
// Character classes and comparisons of HTTP text (RFC 9110), shared by what reads and what writes
// it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace hw::net {

inline constexpr std::string_view kCrLf = "\r\n";

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

inline constexpr auto kTokenCharacters = [] {
    std::array<bool, 256> table{};
    for (int c = 0; c < 128; ++c) {
        const char letter = static_cast<char>(c);
        table[static_cast<std::size_t>(c)] =
            is_alphanumeric(letter) ||
            std::string_view("!#$%&'*+-.^_`|~").find(letter) != std::string_view::npos;
    }
    return table;
}();

constexpr bool is_token_character(char c) {
    return kTokenCharacters[static_cast<unsigned char>(c)];
}

constexpr bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

// Anything below SP but HTAB, and DEL.
constexpr bool is_control(char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

// Whether the text holds a control character. Eight bytes at a time: this runs over every header
// value of every request. A word with a HTAB in it is looked at byte by byte.
inline bool has_control(std::string_view text) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHighs = 0x8080808080808080;
    while (text.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), 8);
        const std::uint64_t below_space = (word - kOnes * 0x20) & ~word;
        const std::uint64_t not_del = word ^ (kOnes * 0x7F);
        const std::uint64_t del = (not_del - kOnes) & ~not_del;
        if ((((below_space | del) & kHighs) != 0) &&
            std::ranges::any_of(text.substr(0, 8), is_control))
            return true;
        text.remove_prefix(8);
    }
    return std::ranges::any_of(text, is_control);
}

constexpr std::string_view trim_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

// Takes the element before the first comma off `list`, trimmed.
constexpr std::string_view take_element(std::string_view& list) {
    const auto comma = list.find(',');
    const auto element = trim_blanks(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    return element;
}

// Takes the element after the last comma off `list`, trimmed.
constexpr std::string_view take_last_element(std::string_view& list) {
    const auto comma = list.rfind(',');
    if (comma == std::string_view::npos) return trim_blanks(std::exchange(list, {}));
    const auto element = trim_blanks(list.substr(comma + 1));
    list = list.substr(0, comma);
    return element;
}

}  // namespace hw::net
