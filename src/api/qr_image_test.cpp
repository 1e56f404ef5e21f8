// SPDX-License-Identifier: Apache-2.0
#include "api/qr_image.hpp"

#include <gd.h>
#include <gtest/gtest.h>

namespace hw {
namespace {

struct Picture {
    explicit Picture(std::string& png)
        : image(gdImageCreateFromPngPtr(static_cast<int>(png.size()), png.data())) {}
    ~Picture() { gdImageDestroy(image); }
    Picture(const Picture&) = delete;
    Picture& operator=(const Picture&) = delete;
    int rgb(int x, int y) const {
        const int at = gdImageGetPixel(image, x, y);
        return (gdImageRed(image, at) << 16) | (gdImageGreen(image, at) << 8) |
               gdImageBlue(image, at);
    }
    gdImagePtr image;
};

// The finder pattern of the corner tells size, margin and colours.
TEST(QrImage, DrawsModulesInTheirColours) {
    auto png = qr_png("https://go.example/x?qr=1",
                      {.size = 290, .foreground = 0x112233, .background = 0xFFEEDD})
                   .value();
    const Picture picture(png);
    ASSERT_NE(picture.image, nullptr);
    ASSERT_EQ(gdImageSX(picture.image), 290);
    EXPECT_EQ(picture.rgb(0, 0), 0xFFEEDD);
    EXPECT_EQ(picture.rgb(19, 100), 0xFFEEDD);  // two modules of ten pixels
    EXPECT_EQ(picture.rgb(20, 20), 0x112233);
    EXPECT_EQ(picture.rgb(89, 20), 0x112233);
    EXPECT_EQ(picture.rgb(35, 35), 0xFFEEDD);
    EXPECT_EQ(picture.rgb(55, 55), 0x112233);
}

TEST(QrImage, SvgHasTheSameModules) {
    const auto svg = qr_svg("https://go.example/x?qr=1", {.size = 290, .margin = 0}).value();
    EXPECT_TRUE(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"290\"")) << svg;
    EXPECT_TRUE(svg.contains("viewBox=\"0 0 25 25\"")) << svg;
    EXPECT_TRUE(svg.contains("d=\"M0 0h7v1h-7z")) << svg;
}

TEST(QrImage, Refusals) {
    struct Row {
        std::string text;
        QrStyle style;
        bool fits;
    };
    const Row rows[] = {
        {std::string(2'953, 'x'), {}, true},
        {std::string(2'954, 'x'), {}, false},
        {std::string(1'274, 'x'), {.level = 'H'}, false},
        {std::string(1'273, 'x'), {.level = 'H'}, true},
        {"https://go.example/", {.size = 28}, false},
        {"https://go.example/", {.size = 29}, true},
        {"", {}, false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(qr_png(row.text, row.style).has_value(), row.fits) << row.text.size();
        EXPECT_EQ(qr_svg(row.text, row.style).has_value(), row.fits) << row.text.size();
    }
}

}  // namespace
}  // namespace hw
