// SPDX-License-Identifier: Apache-2.0
#include "store/row.hpp"

#include "base/fault.hpp"
#include "base/utf8.hpp"

namespace hw {

void check_text(std::string_view text) {
    HW_ASSERT(text.find('\0') == std::string_view::npos);
    HW_ASSERT(is_valid_utf8(text));
}

}  // namespace hw
