// SPDX-License-Identifier: Apache-2.0
#include "store/row.hpp"

#include <cstring>

#include "base/fault.hpp"
#include "base/utf8.hpp"

namespace hw {

namespace {

// Nearly all text is, and eight bytes at a time cost next to nothing.
bool is_ascii(std::string_view text) {
    std::uint64_t high_bits = 0;
    for (; text.size() >= sizeof high_bits; text.remove_prefix(sizeof high_bits)) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data(), sizeof eight);
        high_bits |= eight;
    }
    for (const char c : text) high_bits |= static_cast<std::uint8_t>(c);
    return (high_bits & 0x8080808080808080U) == 0;
}

}  // namespace

void check_text(std::string_view text) {
    HW_ASSERT(text.find('\0') == std::string_view::npos);
    HW_ASSERT(is_ascii(text) || is_valid_utf8(text));
}

}  // namespace hw
