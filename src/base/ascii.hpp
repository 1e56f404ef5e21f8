// SPDX-License-Identifier: Apache-2.0
// Letters without their case, for what is compared by ASCII rules alone: names of headers and
// hosts, codes of currencies, searches. Other bytes stay what they are, whatever the locale says.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace hw {

constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::string ascii_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = ascii_lower(c);
    return lower;
}

constexpr bool equal_no_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b,
                              [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

}  // namespace hw
