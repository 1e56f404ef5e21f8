// SPDX-License-Identifier: Apache-2.0
#include "jobs/avatar_image.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "tests/peers/pictures.hpp"

namespace hw {
namespace {

constexpr int kSize = limits::kAvatarSize;

Picture opened(std::string png) {
    return {gdImageCreateFromPngPtr(static_cast<int>(png.size()), png.data()), &gdImageDestroy};
}

std::string reason_of(const Result<std::string>& result) {
    return result ? "picture" : result.error().reason;
}

// The strongest of the three at this point: 'r', 'g' or 'b'.
char colour_at(gdImage& picture, int x, int y) {
    const int pixel = gdImageGetTrueColorPixel(&picture, x, y);
    const int red = gdTrueColorGetRed(pixel);
    const int green = gdTrueColorGetGreen(pixel);
    const int blue = gdTrueColorGetBlue(pixel);
    if (red > green && red > blue) return 'r';
    return green > blue ? 'g' : 'b';
}

TEST(AvatarImage, IsTheMiddleSquareInEveryFormat) {
    const std::vector<std::string> formats = {"png", "jpeg", "gif", "webp"};
    for (const auto& format : formats) {
        const auto png = avatar_png(encoded(*striped_picture(300, 200, 200), format));
        ASSERT_TRUE(png.has_value()) << format;
        ASSERT_EQ(read_image_header(*png)->format, ImageFormat::Png);
        const auto small = opened(*png);
        ASSERT_EQ(gdImageSX(small.get()), kSize);
        ASSERT_EQ(gdImageSY(small.get()), kSize);
        for (const int x : {2, kSize / 2, kSize - 3}) {
            EXPECT_EQ(colour_at(*small, x, kSize / 2), 'g') << format << " at " << x;
        }
    }
}

TEST(AvatarImage, EnlargesSmallOnesAndKeepsWhatIsThere) {
    const auto tiny = opened(avatar_png(encoded(*striped_picture(3, 3, 1), "png")).value());
    EXPECT_EQ(colour_at(*tiny, 5, 5), 'r');
    EXPECT_EQ(colour_at(*tiny, kSize / 2, kSize / 2), 'g');
    EXPECT_EQ(colour_at(*tiny, kSize - 5, 5), 'b');
    const auto tall = opened(avatar_png(encoded(*striped_picture(90, 400, 30), "png")).value());
    EXPECT_EQ(colour_at(*tall, 5, 5), 'r');
    EXPECT_EQ(colour_at(*tall, kSize - 5, kSize - 5), 'b');
}

TEST(AvatarImage, KeepsTransparency) {
    const Picture clear(gdImageCreateTrueColor(200, 200), &gdImageDestroy);
    gdImageAlphaBlending(clear.get(), 0);
    gdImageSaveAlpha(clear.get(), 1);
    gdImageFilledRectangle(clear.get(), 0, 0, 200, 200, gdTrueColorAlpha(255, 0, 0, 127));
    for (const auto* format : {"png", "webp"}) {
        const auto small = opened(avatar_png(encoded(*clear, format)).value());
        EXPECT_EQ(gdTrueColorGetAlpha(gdImageGetTrueColorPixel(small.get(), 9, 9)), 127) << format;
    }
}

TEST(AvatarImage, TakesTheLargestThatIsAllowed) {
    const auto largest = static_cast<int>(limits::kAvatarSideMax);
    EXPECT_EQ(reason_of(avatar_png(encoded(*striped_picture(largest, 2, 2), "png"))), "picture");
    EXPECT_EQ(reason_of(avatar_png(encoded(*striped_picture(largest + 1, 2, 2), "png"))),
              "image_too_large");
    EXPECT_EQ(reason_of(avatar_png(encoded(*striped_picture(2, largest + 1, 2), "png"))),
              "image_too_large");
}

struct BombRow {
    const char* format;
    std::uint32_t width;
    std::uint32_t height;
    std::string outcome;
};

TEST(AvatarImage, RefusesBombsByTheirHeader) {
    const std::vector<BombRow> rows = {
        {"png", 100'000, 100'000, "image_too_large"},
        {"png", 0xFFFFFFFF, 1, "image_too_large"},
        {"png", 4'097, 1, "image_too_large"},
        {"png", 0, 10, "not_an_image"},
        {"png", 10, 10, "not_an_image"},  // the pixels are missing
        {"jpeg", 65'500, 65'500, "image_too_large"},
        {"jpeg", 1, 4'097, "image_too_large"},
        {"jpeg", 10, 0, "not_an_image"},
        {"gif", 65'535, 65'535, "image_too_large"},
        {"gif-frame", 65'535, 65'535, "image_too_large"},
        {"gif-frame", 1, 4'097, "image_too_large"},
        {"webp", 16'383, 16'383, "image_too_large"},
        {"webp-lossless", 16'384, 16'384, "image_too_large"},
        {"webp-extended", 16'777'216, 255, "image_too_large"},
        {"webp", 10, 10, "not_an_image"},
        {"webp-extended", 10, 10, "not_an_image"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(reason_of(avatar_png(bomb_header(row.format, row.width, row.height))),
                  row.outcome)
            << row.format << " " << row.width << " x " << row.height;
    }
}

TEST(AvatarImage, ReadsTheSizeOfEveryHeader) {
    for (const auto* format :
         {"png", "jpeg", "gif", "gif-frame", "webp", "webp-lossless", "webp-extended"}) {
        const auto header = read_image_header(bomb_header(format, 300, 200));
        ASSERT_TRUE(header.has_value()) << format;
        EXPECT_EQ(header->width, 300) << format;
        EXPECT_EQ(header->height, 200) << format;
    }
    for (const auto* format : {"png", "jpeg", "gif", "webp"}) {
        const auto header = read_image_header(encoded(*striped_picture(300, 200, 9), format));
        ASSERT_TRUE(header.has_value()) << format;
        EXPECT_EQ(header->width, 300) << format;
        EXPECT_EQ(header->height, 200) << format;
    }
}

TEST(AvatarImage, RefusesAJpegOfEndlessScans) {
    auto picture = some_picture("jpeg");
    const auto scan = picture.rfind("\xFF\xDA");
    ASSERT_NE(scan, picture.npos);
    const auto end = picture.size() - 2;
    const auto again = picture.substr(scan, end - scan);
    for (int i = 0; i < 99; ++i) picture.insert(end, again);
    EXPECT_TRUE(read_image_header(picture).has_value());
    picture.insert(end, again);
    EXPECT_FALSE(read_image_header(picture).has_value());
    EXPECT_EQ(reason_of(avatar_png(picture)), "not_an_image");
}

TEST(AvatarImage, RefusesWhatIsNoPicture) {
    for (const std::string bytes : {"", "RIFF", "GIF89a", "\x89PNG\r\n\x1A\n", "\xFF\xD8\xFF",
                                    "<svg></svg>", "<html>", "BM", "II*", "RIFF1234WAVEfmt "}) {
        EXPECT_EQ(reason_of(avatar_png(bytes)), "not_an_image") << bytes;
    }
}

std::string damaged(std::string bytes, std::mt19937& random) {
    for (int n = 0; n < 3; ++n) bytes[random() % bytes.size()] = static_cast<char>(random());
    return bytes;
}

// Whatever was cut or changed on the way: a picture or an Error, and no crash.
TEST(AvatarImage, SurvivesDamage) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    for (const auto* format : {"png", "jpeg", "gif", "webp"}) {
        const auto whole = encoded(*striped_picture(40, 30, 20), format);
        for (std::size_t size = 0; size < std::min<std::size_t>(whole.size(), 400); ++size) {
            if (avatar_png(whole.substr(0, size))) continue;  // some decoders are content with less
        }
        for (int i = 0; i < 500; ++i) {
            const auto png = avatar_png(damaged(whole, random));
            if (!png) continue;
            EXPECT_EQ(read_image_header(*png)->width, kSize);
        }
    }
}

}  // namespace
}  // namespace hw
