// SPDX-License-Identifier: Apache-2.0
#include "api/qr_code.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class QrCodeTest : public TrackApiTest {
  protected:
    Response get(const std::string& query) {
        return send("GET", "/qr?" + query, {}, {{"Authorization", ""}});
    }
};

TEST_P(QrCodeTest, NeedsNoKeyAndMayBeKept) {
    const auto plain = get("url=https://go.example/x?qr=1");
    EXPECT_EQ(plain.status, 200);
    EXPECT_EQ(plain.content_type, "image/png");
    EXPECT_TRUE(plain.body.starts_with("\x89PNG"));
    EXPECT_EQ(header_of(plain, "Cache-Control"), "public, max-age=86400, immutable");
    // What the SDK always sends.
    const auto sent =
        get("url=https%3A%2F%2Fgo.example%2Fx%3Fqr%3D1&size=600&level=L&fgColor=%23"
            "000000&bgColor=%23FFFFFF&hideLogo=false&margin=2&includeMargin=true");
    EXPECT_EQ(sent.body, plain.body);
    EXPECT_NE(get("url=https://go.example/x?qr=1&level=H").body, plain.body);
    EXPECT_NE(get("url=https://go.example/x?qr=1&fgColor=f00").body, plain.body);
    EXPECT_EQ(get("url=https://go.example/x?qr=1&includeMargin=false").body,
              get("url=https://go.example/x?qr=1&margin=0").body);
    const auto svg = get("url=https://go.example/x&format=svg");
    EXPECT_EQ(svg.content_type, "image/svg+xml");
    EXPECT_TRUE(svg.body.starts_with("<svg "));
}

TEST_P(QrCodeTest, Refusals) {
    struct Row {
        std::string query;
        std::string expected;
    };
    const std::string base = "url=https://go.example/x&";
    const Row rows[] = {
        {"", "invalid_type: url: Invalid input: expected string, received undefined"},
        {"url=nonsense", "invalid_format: url: Invalid URL"},
        {"url=javascript:x", "invalid_format: url: Invalid URL"},
        {"url=https://go.example/" + std::string(3'000, 'x'),
         "too_big: url: Too big: no QR code of this level holds it"},
        {base + "size=0", "too_small: size: Too small: expected number to be >=1"},
        {base + "size=20", "too_small: size: Too small: this code needs >=29"},
        {base + "size=2049", "too_big: size: Too big: expected number to be <=2048"},
        {base + "size=x", "invalid_type: size: Invalid input: expected number, received NaN"},
        {base + "margin=-1", "too_small: margin: Too small: expected number to be >=0"},
        {base + "margin=101", "too_big: margin: Too big: expected number to be <=100"},
        {base + "level=X",
         "invalid_value: level: Invalid option: expected one of \"L\"|\"M\"|\"Q\"|\"H\""},
        {base + "fgColor=red", "invalid_format: fgColor: Invalid color: write for example #1a2b3c"},
        {base + "bgColor=%231234567",
         "invalid_format: bgColor: Invalid color: write for example #1a2b3c"},
        {base + "format=gif",
         "invalid_value: format: Invalid option: expected one of \"png\"|\"svg\""},
        {base + "includeMargin=1",
         "invalid_value: includeMargin: Invalid option: expected one of \"true\"|\"false\""},
    };
    for (const auto& row : rows) EXPECT_EQ(outcome(get(row.query)), "422 " + row.expected);
}

HW_ON_BOTH_ENGINES(QrCodeTest);

}  // namespace
}  // namespace hw
