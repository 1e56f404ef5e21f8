// SPDX-License-Identifier: Apache-2.0
#include "api/qr_image.hpp"

#include <fmt/format.h>
#include <gd.h>
#include <qrencode.h>

#include <memory>
#include <vector>

#include "api/json.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

// The modules of a code with its margin, row by row.
struct Modules {
    std::int64_t side = 0;
    std::vector<bool> dark;

    bool at(std::int64_t x, std::int64_t y) const {
        return dark[static_cast<std::size_t>(y * side + x)];
    }
};

QRecLevel level_of(char level) {
    switch (level) {
        case 'M':
            return QR_ECLEVEL_M;
        case 'Q':
            return QR_ECLEVEL_Q;
        case 'H':
            return QR_ECLEVEL_H;
        default:
            return QR_ECLEVEL_L;
    }
}

Result<Modules> encode(std::string_view text, const QrStyle& style) {
    const std::vector<unsigned char> bytes(text.begin(), text.end());
    const auto close = [](QRcode* code) { QRcode_free(code); };
    const bool fits = !bytes.empty() && bytes.size() <= limits::kQrUrlBytesMax;
    const std::unique_ptr<QRcode, decltype(close)> code(
        fits ? QRcode_encodeData(static_cast<int>(bytes.size()), bytes.data(), 0,
                                 level_of(style.level))
             : nullptr,
        close);
    if (code == nullptr) {
        return std::unexpected(
            invalid_field("too_big", "url", "Too big: no QR code of this level holds it"));
    }
    Modules modules{.side = code->width + 2 * style.margin, .dark = {}};
    if (modules.side > style.size) {
        return std::unexpected(invalid_field(
            "too_small", "size", fmt::format("Too small: this code needs >={}", modules.side)));
    }
    modules.dark.resize(static_cast<std::size_t>(modules.side * modules.side));
    for (std::int64_t y = 0; y < code->width; ++y) {
        for (std::int64_t x = 0; x < code->width; ++x) {
            const auto to = (y + style.margin) * modules.side + x + style.margin;
            modules.dark[static_cast<std::size_t>(to)] = (code->data[y * code->width + x] & 1) != 0;
        }
    }
    return modules;
}

int color_of(gdImagePtr image, std::uint32_t rgb) {
    const auto part = [rgb](int shift) { return static_cast<int>((rgb >> shift) & 0xFF); };
    return gdImageColorAllocate(image, part(16), part(8), part(0));
}

}  // namespace

Result<std::string> qr_png(std::string_view text, const QrStyle& style) {
    const auto modules = HW_TRY(encode(text, style));
    const auto size = static_cast<int>(style.size);
    const auto close = [](gdImagePtr image) { gdImageDestroy(image); };
    const std::unique_ptr<gdImage, decltype(close)> image(gdImageCreate(size, size), close);
    HW_ASSERT(image != nullptr);
    color_of(image.get(), style.background);  // the first colour fills the picture
    const int dark = color_of(image.get(), style.foreground);
    // A module begins where its share of the side begins, so all of the size is used.
    const auto edge = [&](std::int64_t at) {
        return static_cast<int>(at * style.size / modules.side);
    };
    for (std::int64_t y = 0; y < modules.side; ++y) {
        for (std::int64_t x = 0; x < modules.side; ++x) {
            if (!modules.at(x, y)) continue;
            gdImageFilledRectangle(image.get(), edge(x), edge(y), edge(x + 1) - 1, edge(y + 1) - 1,
                                   dark);
        }
    }
    int length = 0;
    const std::unique_ptr<void, decltype(&gdFree)> png(gdImagePngPtr(image.get(), &length), gdFree);
    HW_ASSERT(png != nullptr && length > 0);
    return std::string(static_cast<const char*>(png.get()), static_cast<std::size_t>(length));
}

Result<std::string> qr_svg(std::string_view text, const QrStyle& style) {
    const auto modules = HW_TRY(encode(text, style));
    auto out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{0}\" viewBox=\"0 0 {1} "
        "{1}\" shape-rendering=\"crispEdges\"><path fill=\"#{2:06x}\" d=\"M0 0h{1}v{1}H0z\"/>"
        "<path fill=\"#{3:06x}\" d=\"",
        style.size, modules.side, style.background, style.foreground);
    for (std::int64_t y = 0; y < modules.side; ++y) {
        for (std::int64_t x = 0; x < modules.side; ++x) {
            auto end = x;
            while (end < modules.side && modules.at(end, y)) ++end;
            if (end == x) continue;
            out += fmt::format("M{} {}h{}v1h-{}z", x, y, end - x, end - x);
            x = end;
        }
    }
    return out + "\"/></svg>\n";
}

}  // namespace hw
