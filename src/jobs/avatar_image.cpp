// SPDX-License-Identifier: Apache-2.0
#include "jobs/avatar_image.hpp"

#include <fmt/format.h>
#include <gd.h>

#include <algorithm>
#include <memory>

#include "base/limits.hpp"

namespace hw {
namespace {

// Progressive pictures come in some ten scans. Each costs a walk over all of the picture, so many
// empty ones would keep a decoder busy for minutes.
constexpr int kJpegScansMax = 100;

// Reads big- or little-endian numbers; beyond the end everything is zero and `ok` is false.
class Bytes {
  public:
    explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

    std::int64_t at(std::size_t position) {
        if (position >= bytes_.size()) ok_ = false;
        return ok_ ? static_cast<unsigned char>(bytes_[position]) : 0;
    }
    std::int64_t big(std::size_t position, std::size_t count) {
        std::int64_t value = 0;
        for (std::size_t i = 0; i < count; ++i) value = value * 256 + at(position + i);
        return value;
    }
    std::int64_t little(std::size_t position, std::size_t count) {
        std::int64_t value = 0;
        for (std::size_t i = count; i > 0; --i) value = value * 256 + at(position + i - 1);
        return value;
    }
    std::string_view piece(std::size_t position, std::size_t count) {
        if (position + count > bytes_.size()) ok_ = false;
        return ok_ ? bytes_.substr(position, count) : std::string_view{};
    }
    bool ok() const { return ok_; }
    std::size_t size() const { return bytes_.size(); }
    std::string_view text() const { return bytes_; }

  private:
    std::string_view bytes_;
    bool ok_ = true;
};

std::optional<ImageHeader> checked(const Bytes& bytes, ImageHeader header) {
    if (!bytes.ok() || header.width <= 0 || header.height <= 0) return std::nullopt;
    return header;
}

std::optional<ImageHeader> read_png(Bytes bytes) {
    if (bytes.piece(12, 4) != "IHDR") return std::nullopt;
    return checked(bytes, {ImageFormat::Png, bytes.big(16, 4), bytes.big(20, 4)});
}

// Whether the marker begins a frame: SOF0 to SOF15, without the three tables among them.
bool is_frame(std::int64_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// The position of the next marker at or behind `from`; data that only looks like one is escaped.
std::size_t next_marker(std::string_view text, std::size_t from) {
    for (auto at = text.find('\xFF', from); at != text.npos; at = text.find('\xFF', at + 1)) {
        const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0;
        const bool restart = next >= 0xD0 && next <= 0xD7;
        if (next != 0x00 && next != 0xFF && !restart) return at;
    }
    return text.size();
}

std::optional<ImageHeader> read_jpeg(Bytes bytes) {
    std::optional<ImageHeader> header;
    int scans = 0;
    for (auto at = next_marker(bytes.text(), 2); at < bytes.size();) {
        const auto marker = bytes.at(at + 1);
        if (marker == 0xD9) break;
        if (marker == 0xDA && ++scans > kJpegScansMax) return std::nullopt;
        const auto length = bytes.big(at + 2, 2);
        if (length < 2) break;
        if (is_frame(marker) && !header) {
            header =
                checked(bytes, {ImageFormat::Jpeg, bytes.big(at + 7, 2), bytes.big(at + 5, 2)});
            if (!header) return std::nullopt;
        }
        at = next_marker(bytes.text(), at + 2 + static_cast<std::size_t>(length));
    }
    return header;
}

// Behind the sub-blocks that begin at `at`; the end of the bytes when they do not end.
std::size_t after_sub_blocks(Bytes& bytes, std::size_t at) {
    for (;;) {
        const auto length = bytes.at(at);
        if (!bytes.ok()) return bytes.size();
        at += 1 + static_cast<std::size_t>(length);
        if (length == 0) return at;
    }
}

std::size_t gif_palette_bytes(std::int64_t flags) {
    return (flags & 0x80) != 0 ? std::size_t{3} << ((flags & 7) + 1) : 0;
}

// The decoder makes room for the first frame, whose size need not be that of the screen.
std::optional<ImageHeader> read_gif(Bytes bytes) {
    const auto screen_width = bytes.little(6, 2);
    const auto screen_height = bytes.little(8, 2);
    auto at = 13 + gif_palette_bytes(bytes.at(10));
    while (bytes.ok() && bytes.at(at) == '!') at = after_sub_blocks(bytes, at + 2);
    if (bytes.at(at) != ',') return std::nullopt;
    return checked(bytes, {ImageFormat::Gif, std::max(screen_width, bytes.little(at + 5, 2)),
                           std::max(screen_height, bytes.little(at + 7, 2))});
}

std::optional<ImageHeader> read_webp(Bytes bytes) {
    const auto chunk = bytes.piece(12, 4);
    if (chunk == "VP8 ") {
        if (bytes.big(23, 3) != 0x9D012A) return std::nullopt;
        return checked(
            bytes, {ImageFormat::Webp, bytes.little(26, 2) & 0x3FFF, bytes.little(28, 2) & 0x3FFF});
    }
    if (chunk == "VP8L") {
        if (bytes.at(20) != 0x2F) return std::nullopt;
        const auto bits = bytes.little(21, 4);
        return checked(bytes,
                       {ImageFormat::Webp, (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1});
    }
    if (chunk == "VP8X") {
        return checked(bytes,
                       {ImageFormat::Webp, bytes.little(24, 3) + 1, bytes.little(27, 3) + 1});
    }
    return std::nullopt;
}

struct FreeImage {
    void operator()(gdImage* image) const { gdImageDestroy(image); }
};
using Image = std::unique_ptr<gdImage, FreeImage>;

struct FreeBytes {
    void operator()(void* bytes) const { gdFree(bytes); }
};

// gd wants to write to what it reads from, and says what it thinks of it on stderr.
Image decode(ImageFormat format, std::string& bytes) {
    static const bool quiet = [] {
        gdSetErrorMethod([](int, const char*, va_list) {});
        return true;
    }();
    static_cast<void>(quiet);
    const auto size = static_cast<int>(bytes.size());
    switch (format) {
        case ImageFormat::Png:
            return Image(gdImageCreateFromPngPtr(size, bytes.data()));
        case ImageFormat::Jpeg:
            return Image(gdImageCreateFromJpegPtr(size, bytes.data()));
        case ImageFormat::Gif:
            return Image(gdImageCreateFromGifPtr(size, bytes.data()));
        case ImageFormat::Webp:
            return Image(gdImageCreateFromWebpPtr(size, bytes.data()));
    }
    return nullptr;
}

std::string png_of_middle(gdImage& image) {
    constexpr int kSize = limits::kAvatarSize;
    const int side = std::min(gdImageSX(&image), gdImageSY(&image));
    const Image small(gdImageCreateTrueColor(kSize, kSize));
    if (small == nullptr) return {};
    gdImageAlphaBlending(small.get(), 0);
    gdImageSaveAlpha(small.get(), 1);
    gdImageCopyResampled(small.get(), &image, 0, 0, (gdImageSX(&image) - side) / 2,
                         (gdImageSY(&image) - side) / 2, kSize, kSize, side, side);
    int size = 0;
    const std::unique_ptr<void, FreeBytes> png(gdImagePngPtr(small.get(), &size));
    if (png == nullptr) return {};
    return {static_cast<const char*>(png.get()), static_cast<std::size_t>(size)};
}

}  // namespace

std::optional<ImageHeader> read_image_header(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return read_png(Bytes(bytes));
    if (bytes.starts_with("\xFF\xD8\xFF")) return read_jpeg(Bytes(bytes));
    if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return read_gif(Bytes(bytes));
    if (bytes.starts_with("RIFF") && Bytes(bytes).piece(8, 4) == "WEBP") {
        return read_webp(Bytes(bytes));
    }
    return std::nullopt;
}

Result<std::string> avatar_png(std::string bytes) {
    const auto header = read_image_header(bytes);
    if (!header) {
        return fail(ErrorCode::UnprocessableEntity, "not a PNG, JPEG, GIF or WebP picture",
                    "not_an_image");
    }
    if (header->width > limits::kAvatarSideMax || header->height > limits::kAvatarSideMax) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("a picture of {} x {} pixels; at most {} on a side can be read",
                                header->width, header->height, limits::kAvatarSideMax),
                    "image_too_large");
    }
    const auto image = decode(header->format, bytes);
    auto png = image ? png_of_middle(*image) : std::string{};
    if (png.empty()) {
        return fail(ErrorCode::UnprocessableEntity, "a damaged picture", "not_an_image");
    }
    return png;
}

}  // namespace hw
