// SPDX-License-Identifier: Apache-2.0
#include "base/cookie.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(CookieValue, FindsTheFirstOfThatName) {
    struct Row {
        std::string_view header;
        std::string_view name;
        std::optional<std::string_view> expected;
    };
    const Row rows[] = {
        {"a=1", "a", "1"},
        {"a=1; b=2", "b", "2"},
        {"a=1;b=2", "b", "2"},
        {"  a = 1 ;\tb\t=\t2", "b", "2"},
        {"a=1; a=2", "a", "1"},
        {"a=\"quoted\"", "a", "quoted"},
        {"a=\"", "a", "\""},
        {"a=\"\"", "a", ""},
        {"a=", "a", ""},
        {"a=x=y", "a", "x=y"},
        {"dub_id_dub.sh_a/b=Yb1; x=y", "dub_id_dub.sh_a/b", "Yb1"},
        {";;; =; a=1;", "a", "1"},
        {"aa=1; ba=2", "a", {}},
        {"A=1", "a", {}},
        {"a", "a", {}},
        {"b=a=1", "a", {}},
        {"", "a", {}},
        {"a=1", "", {}},
        {"\x01\xff\n=;a=1", "a", "1"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(cookie_value(row.header, row.name), row.expected) << row.header;
    }
}

TEST(SetCookieText, WritesTheAttributes) {
    struct Row {
        Cookie cookie;
        std::string_view expected;
    };
    const Row rows[] = {
        {{.name = "dub_id_d.sh_x", .value = "Yb1", .path = "/x", .max_age_s = 3600},
         "dub_id_d.sh_x=Yb1; Path=/x; Max-Age=3600"},
        {{.name = "s",
          .value = "v",
          .domain = "d.sh",
          .max_age_s = 0,
          .secure = true,
          .http_only = true,
          .same_site = SameSite::Lax},
         "s=v; Path=/; Domain=d.sh; Max-Age=0; Secure; HttpOnly; SameSite=Lax"},
        {{.name = "s", .value = "", .same_site = SameSite::Strict}, "s=; Path=/; SameSite=Strict"},
        {{.name = "s", .value = "v", .path = "", .same_site = SameSite::None},
         "s=v; SameSite=None"},
    };
    for (const auto& row : rows) EXPECT_EQ(set_cookie_text(row.cookie), row.expected);
}

TEST(SetCookieText, RefusesWhatCouldEndTheCookieEarly) {
    using namespace std::string_view_literals;
    const Cookie rows[] = {
        {.name = "", .value = "v"},
        {.name = "a=b", .value = "v"},
        {.name = "a b", .value = "v"},
        {.name = "a\r\nSet-Cookie: x", .value = "v"},
        {.name = "\xC3\xBC", .value = "v"},
        {.name = "s", .value = "v; Domain=evil"},
        {.name = "s", .value = "v\r\nX: y"},
        {.name = "s", .value = "v\n"},
        {.name = "s", .value = "v\0"sv},
        {.name = "s", .value = "a b"},
        {.name = "s", .value = "a,b"},
        {.name = "s", .value = "a\"b"},
        {.name = "s", .value = "v\x7F"},
        {.name = "s", .value = "v", .path = "x"},
        {.name = "s", .value = "v", .path = "/; Secure"},
        {.name = "s", .value = "v", .path = "/\r"},
        {.name = "s", .value = "v", .domain = "a;b"},
        {.name = "s", .value = "v", .domain = "a\n"},
    };
    for (const auto& cookie : rows) {
        EXPECT_FALSE(set_cookie_text(cookie).has_value()) << cookie.name << '=' << cookie.value;
    }
}

}  // namespace
}  // namespace hw
