// SPDX-License-Identifier: Apache-2.0
#include "base/slug.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace hw {
namespace {

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

bool is_slug(std::string_view text, std::size_t characters_max) {
    if (text.empty() || text.size() > characters_max) return false;
    if (text.starts_with('-') || text.ends_with('-')) return false;
    return std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

std::string slug_of(std::string_view text, std::size_t characters_max) {
    std::string slug;
    for (const char each : text) {
        const char c = ascii_lower(each);
        if (is_letter_or_digit(c)) {
            slug += c;
        } else if (!slug.empty() && !slug.ends_with('-')) {
            slug += '-';
        }
    }
    if (slug.size() > characters_max) slug.resize(characters_max);
    while (slug.ends_with('-')) slug.pop_back();
    return slug;
}

}  // namespace hw
