// SPDX-License-Identifier: Apache-2.0
#include "api/page_meta.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

std::string text_of(const PageMeta& meta) {
    return meta.title + " | " + meta.description + " | " + meta.image;
}

std::string read(std::string html, std::string content_type = "text/html") {
    return text_of(
        read_page_meta({"https://shop.example/a/page", std::move(content_type), std::move(html)}));
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    while (times-- > 0) all += text;
    return all;
}

TEST(PageMeta, TheFirstThatSaysSomething) {
    struct Row {
        std::string html;
        std::string expected;
    };
    const Row rows[] = {
        {"<title>A &amp; B</title>", "A & B |  | "},
        {"<title>T</title><meta name=twitter:title content=W>", "W |  | "},
        {"<meta name=twitter:title content=W><meta property=og:title content=O>", "O |  | "},
        {"<meta property=og:title content='  '><title>T</title>", "T |  | "},
        {"<meta property=og:title content=1><meta property=og:title content=2>", "1 |  | "},
        {"<META PROPERTY='OG:TITLE' CONTENT=O>", "O |  | "},
        {"<title> a \n\t b </title>", "a b |  | "},
        {"<title>x</title><svg><title>icon</title></svg>", "x |  | "},
        {"<meta name=description content=D>", " | D | "},
        {"<meta name=description content=D><meta property=og:description content=O>", " | O | "},
        {"<meta property=og:image content=/i.png>", " |  | https://shop.example/i.png"},
        {"<meta property=og:image content=i.png>", " |  | https://shop.example/a/i.png"},
        {"<base href=https://cdn.example/b/><meta name=twitter:image content=i.png>",
         " |  | https://cdn.example/b/i.png"},
        {"<base href=javascript:1><meta property=og:image content=i.png>",
         " |  | https://shop.example/a/i.png"},
        {"<link rel=image_src href=//cdn.example/i.png>", " |  | https://cdn.example/i.png"},
        {"<meta property=og:image content='data:image/png;base64,AA'>", " |  | "},
        {"<meta property=og:image content='javascript:alert(1)'>", " |  | "},
        {"<body><p>x<meta property=og:title content=late>", "late |  | "},
        {"<script>var a = '<title>no</title>'</script><title>T</title>", "T |  | "},
        {"<!-- <title>no</title> --><title>T</title>", "T |  | "},
        {"<title>never closed", "never closed |  | "},
        {"<meta property=og:title content='<script>alert(1)</script>'>",
         "<script>alert(1)</script> |  | "},
        {"no page at all", " |  | "},
        {"", " |  | "},
        {"<", " |  | "},
        {"<meta", " |  | "},
    };
    for (const auto& row : rows) EXPECT_EQ(read(row.html), row.expected) << row.html;
}

TEST(PageMeta, ReadsTheCharsetOfServerBytesOrPage) {
    struct Row {
        std::string html;
        std::string content_type;
        std::string expected;
    };
    const Row rows[] = {
        {"<title>\xC3\xBC</title>", "text/html", "\xC3\xBC |  | "},
        {"<title>\xC3\xBC</title>", "text/html; charset=UTF-8", "\xC3\xBC |  | "},
        {"<title>\xFC</title>", "text/html; Charset=\"ISO-8859-1\"", "\xC3\xBC |  | "},
        {"<meta charset=iso-8859-1><title>\xFC</title>", "text/html", "\xC3\xBC |  | "},
        {"<meta charset=iso-8859-1><title>\xC3\xBC</title>", "", "\xC3\xBC |  | "},
        {"<title>\xE0\xF3</title>", "text/html;charset=windows-1251", "\xD0\xB0\xD1\x83 |  | "},
        {"<title>x</title>", "text/html; charset=no-such-thing", "x |  | "},
        {"<title>x</title>", "application/json", " |  | "},
        {"<title>x</title>", "application/xhtml+xml; charset=utf-8", "x |  | "},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(read(row.html, row.content_type), row.expected) << row.content_type;
    }
    EXPECT_TRUE(is_valid_utf8(read("<title>\xFF\xFE\x80 a \xED\xA0\x80</title>")));
    EXPECT_TRUE(is_valid_utf8(read("<title>&#xD800;&#0;&#x110000;</title>")));
}

TEST(PageMeta, HostilePagesTakeNoLongerThanOthers) {
    const auto most = limits::kMetaPageBytesMax;
    const std::string title = "<title>T</title>";
    // Each of these takes minutes when its limit is taken away.
    EXPECT_EQ(read(title + repeated("<b>", most / 6) + repeated("</i>", most / 8)), "T |  | ");
    EXPECT_EQ(read(title + "<a " + repeated("b ", most / 2 - 20) + ">"), "T |  | ");
    EXPECT_EQ(read(title + "<a" + repeated("/b", most / 2 - 20) + ">"), "T |  | ");
    EXPECT_EQ(read(title + repeated("<", most - title.size())), "T |  | ");
    EXPECT_EQ(read(title + repeated("&lt", most / 3 - 20)), "T |  | ");
    const auto longest = read("<title>" + std::string(most, 'x'));
    EXPECT_EQ(longest.size(), limits::kMetaTextBytesMax + std::string_view(" |  | ").size());
}

}  // namespace
}  // namespace hw
