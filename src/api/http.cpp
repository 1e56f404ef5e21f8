// SPDX-License-Identifier: Apache-2.0
#include "api/http.hpp"

#include <algorithm>

#include "base/ascii.hpp"

namespace hw {

std::string_view Request::header(std::string_view name) const {
    const auto found = std::ranges::find_if(
        headers, [&](const Header& header) { return equal_no_case(header.name, name); });
    return found == headers.end() ? std::string_view{} : found->value;
}

bool Request::has_header(std::string_view name) const {
    return std::ranges::any_of(
        headers, [&](const Header& header) { return equal_no_case(header.name, name); });
}

}  // namespace hw
