// SPDX-License-Identifier: Apache-2.0
// QR codes as pictures.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hw {

struct QrStyle {
    std::int64_t size = 600;  // pixels on a side
    char level = 'L';         // of error correction: L, M, Q, H
    std::uint32_t foreground = 0x000000;
    std::uint32_t background = 0xFFFFFF;
    std::int64_t margin = 2;  // modules on each side
};

// 422 for a text that no code holds, and for a size with less than a pixel for each module.
Result<std::string> qr_png(std::string_view text, const QrStyle& style);
Result<std::string> qr_svg(std::string_view text, const QrStyle& style);

}  // namespace hw
