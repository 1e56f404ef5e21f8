// SPDX-License-Identifier: Apache-2.0
// Pictures of strangers made into small, plain ones of our own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hw {

enum class ImageFormat : std::uint8_t { Png, Jpeg, Gif, Webp };

// What the header of a picture says; nothing of its pixels was decoded.
struct ImageHeader {
    ImageFormat format;
    std::int64_t width = 0;  // of the largest part that a decoder would make room for
    std::int64_t height = 0;
};

// By the bytes, whatever the server called them. Nothing when it is no picture of these formats, or
// one whose header costs more to decode than any picture should.
std::optional<ImageHeader> read_image_header(std::string_view bytes);

// The middle square of the picture at kAvatarSize, as PNG without any metadata. An Error when it is
// none that can be read, or larger than kAvatarSideMax on a side, which is told before decoding.
Result<std::string> avatar_png(std::string bytes);

}  // namespace hw
