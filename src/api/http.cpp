// SPDX-License-Identifier: Apache-2.0
#include "api/http.hpp"

#include <algorithm>

namespace hw {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    const auto found = std::ranges::find_if(
        headers, [&](const Header& header) { return same_name(header.name, name); });
    return found == headers.end() ? std::string_view{} : found->value;
}

bool Request::has_header(std::string_view name) const {
    return std::ranges::any_of(headers,
                               [&](const Header& header) { return same_name(header.name, name); });
}

}  // namespace hw
