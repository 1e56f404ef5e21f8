// SPDX-License-Identifier: Apache-2.0
#include "store/like_pattern.hpp"

#include "base/ascii.hpp"

namespace hw {

std::string like_pattern(std::string_view search) {
    if (search.empty()) return {};
    std::string pattern = "%";
    for (const char c : search) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += ascii_lower(c);
    }
    return pattern + "%";
}

}  // namespace hw
