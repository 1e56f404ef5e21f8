// SPDX-License-Identifier: Apache-2.0
// Pictures for tests, drawn on the spot, and headers of pictures that nobody could draw.
#pragma once

#include <gd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hw {

using Picture = std::unique_ptr<gdImage, decltype(&gdImageDestroy)>;

// Three upright stripes: red, green in the middle, blue.
inline Picture striped_picture(int width, int height, int middle_width) {
    Picture picture(gdImageCreateTrueColor(width, height), &gdImageDestroy);
    const int left = (width - middle_width) / 2;
    gdImageFilledRectangle(picture.get(), 0, 0, left - 1, height, 0xFF0000);
    gdImageFilledRectangle(picture.get(), left, 0, left + middle_width - 1, height, 0x00FF00);
    gdImageFilledRectangle(picture.get(), left + middle_width, 0, width, height, 0x0000FF);
    return picture;
}

// `format` is "png", "jpeg", "gif" or "webp".
inline std::string encoded(gdImage& picture, std::string_view format) {
    int size = 0;
    void* bytes = nullptr;
    if (format == "png") bytes = gdImagePngPtr(&picture, &size);
    if (format == "jpeg") bytes = gdImageJpegPtr(&picture, &size, 95);
    if (format == "gif") bytes = gdImageGifPtr(&picture, &size);
    if (format == "webp") bytes = gdImageWebpPtrEx(&picture, &size, 95);
    std::string text(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    gdFree(bytes);
    return text;
}

inline std::string some_picture(std::string_view format = "png") {
    return encoded(*striped_picture(300, 200, 200), format);
}

inline std::string number_bytes(std::uint32_t value, int count, bool big) {
    std::string bytes;
    for (int i = 0; i < count; ++i) {
        const int shift = 8 * (big ? count - 1 - i : i);
        bytes += static_cast<char>(value >> shift & 0xFF);
    }
    return bytes;
}

// A few bytes that make a decoder ask for width x height pixels. `format` also knows "gif-frame":
// a screen of one pixel with a frame of that size, and "webp-lossless", "webp-extended".
inline std::string bomb_header(std::string_view format, std::uint32_t width, std::uint32_t height) {
    const auto big = [](std::uint32_t value, int count) {
        return number_bytes(value, count, true);
    };
    const auto little = [](std::uint32_t value, int count) {
        return number_bytes(value, count, false);
    };
    if (format == "png") {
        return "\x89PNG\r\n\x1A\n" + big(13, 4) + "IHDR" + big(width, 4) + big(height, 4) +
               std::string("\x08\x06\0\0\0", 5) + big(0, 4);
    }
    if (format == "jpeg") {
        return "\xFF\xD8\xFF\xE0" + big(16, 2) + std::string("JFIF\0\1\1\0\0\1\0\1\0\0", 14) +
               "\xFF\xC2" + big(17, 2) + "\x08" + big(height, 2) + big(width, 2) +
               std::string("\x03\x01\x11\0\x02\x11\0\x03\x11\0", 10);
    }
    const std::string no_palette("\0\0\0", 3);
    const std::string extension("!\xF9\x04\0\0\0\0\0", 8);
    if (format == "gif") {
        return "GIF89a" + little(width, 2) + little(height, 2) + no_palette + extension + "," +
               little(0, 4) + little(1, 2) + little(1, 2) + std::string(1, '\0');
    }
    if (format == "gif-frame") {
        return "GIF89a" + little(1, 2) + little(1, 2) + no_palette + extension + "," +
               little(0, 4) + little(width, 2) + little(height, 2) + std::string(1, '\0');
    }
    if (format == "webp") {
        return "RIFF" + little(100, 4) + "WEBPVP8 " + little(88, 4) + std::string("\0\0\0", 3) +
               "\x9D\x01\x2A" + little(width, 2) + little(height, 2);
    }
    if (format == "webp-lossless") {
        return "RIFF" + little(100, 4) + "WEBPVP8L" + little(88, 4) + "\x2F" +
               little((width - 1) | (height - 1) << 14, 4);
    }
    return "RIFF" + little(100, 4) + "WEBPVP8X" + little(10, 4) + little(0, 4) +
           little(width - 1, 3) + little(height - 1, 3);
}

}  // namespace hw
