// SPDX-License-Identifier: Apache-2.0
#include "store/like_pattern.hpp"

namespace hw {

std::string like_pattern(std::string_view search) {
    if (search.empty()) return {};
    std::string pattern = "%";
    for (const char c : search) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return pattern + "%";
}

}  // namespace hw
