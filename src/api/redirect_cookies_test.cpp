// SPDX-License-Identifier: Apache-2.0
#include "api/redirect_cookies.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hw {
namespace {

Link locked(std::string_view password) {
    Link link{};
    link.workspace_id = "ws_1";
    link.link_id = "link_1";
    link.domain = "go.example";
    link.key = "a/b";
    link.password = password;
    return link;
}

std::string cookie_for(const Link& link, bool secure = false) {
    Request request{};
    request.secure = secure;
    Response response;
    remember_password(request, link, response);
    return response.headers.at(0).second;
}

bool knows(std::string_view cookie, const Link& link) {
    const std::array headers{Header{"Cookie", cookie}};
    Request request{};
    request.headers = headers;
    return has_password_cookie(request, link);
}

TEST(RedirectCookies, ThePasswordCookieProvesThePasswordAndDoesNotHoldIt) {
    const auto text = cookie_for(locked("open sesame"));
    EXPECT_EQ(text.find("sesame"), text.npos);
    EXPECT_TRUE(text.ends_with("; Path=/a/b; Max-Age=604800; HttpOnly; SameSite=Lax")) << text;
    EXPECT_TRUE(cookie_for(locked("x"), true).contains("; Secure"));
    const auto pair = text.substr(0, text.find(';'));
    auto other = locked("open sesame");
    other.link_id = "link_2";
    const auto of_other = cookie_for(other);
    const std::string forged = "dub_password_link_1=" + std::string(64, '0');
    struct Row {
        std::string cookie;
        Link link;
        bool expected;
    };
    const Row rows[] = {
        {pair, locked("open sesame"), true},
        {"a=1; " + pair, locked("open sesame"), true},
        {pair, locked("changed"), false},
        {pair, other, false},
        {"dub_password_link_1=" + of_other.substr(of_other.find('=') + 1, 64),
         locked("open sesame"), false},
        {forged, locked("open sesame"), false},
        {"dub_password_link_1=", locked("open sesame"), false},
        {"dub_password_link_1=open sesame", locked("open sesame"), false},
        {"", locked("open sesame"), false},
    };
    for (const auto& row : rows) EXPECT_EQ(knows(row.cookie, row.link), row.expected) << row.cookie;
}

TEST(RedirectCookies, TheVariantStaysAWeek) {
    Response response;
    remember_variant(locked("x"), "0123456789abcdef", response);
    EXPECT_EQ(response.headers.at(0).second,
              "dub_test_url=0123456789abcdef; Path=/a/b; Max-Age=604800");
    const std::array headers{Header{"Cookie", "dub_test_url=0123456789abcdef"}};
    Request request{};
    EXPECT_EQ(variant_of_cookie(request), "");
    request.headers = headers;
    EXPECT_EQ(variant_of_cookie(request), "0123456789abcdef");
}

}  // namespace
}  // namespace hw
