// SPDX-License-Identifier: Apache-2.0
#include "base/url.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace hw {
namespace {

using namespace std::string_view_literals;

TEST(NormalizeDestination, Accepts) {
    struct Row {
        std::string_view text;
        std::string_view expected;
    };
    const Row rows[] = {
        {"https://dub.co/blog?emptyquery", "https://dub.co/blog?emptyquery"},
        {"http://example.com", "http://example.com"},
        {"HTTPS://Example.COM/Path", "https://Example.COM/Path"},
        {"example.com", "https://example.com"},
        {"example.com/a?b=c#d", "https://example.com/a?b=c#d"},
        {"example.com:8080/x", "https://example.com:8080/x"},
        {"example.com:8080", "https://example.com:8080"},
        {"localhost:3000/x", "https://localhost:3000/x"},
        {"localhost", "https://localhost"},
        {"//example.com/x", "https://example.com/x"},
        {"[::1]:8080/x", "https://[::1]:8080/x"},
        {"http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"},
        {"https://[2001:db8::1]/x", "https://[2001:db8::1]/x"},
        {"https://user:pass@example.com/x", "https://user:pass@example.com/x"},
        {"https://ex_ample.com./x", "https://ex_ample.com./x"},
        {"https://example.com:/", "https://example.com:/"},
        {"https://example.com?a=1", "https://example.com?a=1"},
        {"https://example.com#frag?x", "https://example.com#frag?x"},
        {"https://x.sng.link/?wpcn={via}&wpcl={dub_id}",
         "https://x.sng.link/?wpcn={via}&wpcl={dub_id}"},
        {"https://example.com/?ids[]=1|2^3`", "https://example.com/?ids[]=1|2^3`"},
        {"https://example.com/a%20b%zz?u=https://x.y/%0d%0a",
         "https://example.com/a%20b%zz?u=https://x.y/%0d%0a"},
        {"https://example.com/\xC3\xBC?q=\xC3\xBC#\xC3\xBC",
         "https://example.com/%C3%BC?q=%C3%BC#%C3%BC"},
        {"https://example.com/<b>\"", "https://example.com/%3Cb%3E%22"},
        {"https://b\xC3\xBC"
         "cher.example/x",
         "https://xn--bcher-kva.example/x"},
        {"B\xC3\x9C"
         "CHER.example",
         "https://xn--bcher-kva.example"},
        {"mailto:a@b.example?subject=x", "mailto:a@b.example?subject=x"},
        {"tel:+123456", "tel:+123456"},
        {"tel:5551234", "tel:5551234"},
        {"sms:5551234", "sms:5551234"},
        {"myapp://open?x=1", "myapp://open?x=1"},
        {"com.example.app://open", "com.example.app://open"},
        {"com.example.app:/oauth", "com.example.app:/oauth"},
        {"itms-apps://apps.apple.com/app/id1", "itms-apps://apps.apple.com/app/id1"},
        {"javascript.example.com/x", "https://javascript.example.com/x"},
    };
    for (const auto& row : rows) {
        const auto url = normalize_destination(row.text);
        ASSERT_TRUE(url.has_value()) << row.text;
        EXPECT_EQ(*url, row.expected);
        EXPECT_EQ(normalize_destination(*url), *url) << "not stable";
    }
}

TEST(NormalizeDestination, Refuses) {
    const std::string_view rows[] = {
        "",
        "foo",
        "/path",
        "?a=1",
        "#x",
        "https://",
        "https:///path",
        "https:example.com",
        "https:/example.com",
        "http://?x",
        "https://:80/",
        "https://example.com:99999/",
        "https://example.com:8a/",
        "https://a..b/",
        "https://.example.com/",
        "https://exa%6Dple.com/",
        "https://exa$mple.com/",
        "https://[::1/",
        "https://[::g]/",
        "https://example.com/a b",
        " https://example.com",
        "https://example.com\n",
        "https://example.com/\r\nSet-Cookie: a=b",
        "https://example.com/\t",
        "https://example.com/\0"sv,
        "https://example.com/\x7F",
        "https://example.com\\@evil.example/",
        "https:\\\\example.com",
        "https://example.com/a\\b",
        "https://example.com/?a=\\",
        "https://example.com/\xff\xfe",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "%6Aavascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://x.y/z",
        "view-source:https://x.y",
        "mailto:",
        "paypal.com@evil.example",
        ":80",
        "://example.com",
    };
    for (const auto text : rows) {
        const auto url = normalize_destination(text);
        ASSERT_FALSE(url.has_value()) << text << " gave " << *url;
        EXPECT_EQ(url.error().code, ErrorCode::UnprocessableEntity);
        EXPECT_EQ(url.error().message, "Invalid destination URL");
    }
}

TEST(NormalizeDestination, HoldsTheLengthLimit) {
    const std::string start = "https://example.com/";
    const auto longest =
        start + std::string(limits::kDestinationUrlCharactersMax - start.size(), 'a');
    EXPECT_TRUE(normalize_destination(longest).has_value());
    EXPECT_FALSE(normalize_destination(longest + "a").has_value());
}

TEST(HostOf, IsTheLowerCaseHostAlone) {
    struct Row {
        std::string_view url;
        std::string_view expected;
    };
    const Row rows[] = {
        {"https://Example.com/x", "example.com"},
        {"https://example.com", "example.com"},
        {"https://example.com:8080?x", "example.com"},
        {"https://example.com#x/y", "example.com"},
        {"https://example.com.", "example.com"},
        {"https://user:p@ss@Example.com:1/x", "example.com"},
        {"https://good.example@evil.example/", "evil.example"},
        {"https://good.example\\@evil.example/", "good.example"},
        {"https://evil.example/@good.example", "evil.example"},
        {"http://[2001:DB8::1]:80/", "2001:db8::1"},
        {"http://[::1", ""},
        {"http://[::1]x/", ""},
        {"android-app://com.Google.android.gm/", "com.google.android.gm"},
        {"mailto:a@b.example", ""},
        {"example.com/x", ""},
        {"//example.com", ""},
        {"https:///x", ""},
        {"https://exa mple.com/", ""},
        {"https://exa\nmple.com/", ""},
        {"https://\xC3\xBC.example/", ""},
        {"", ""},
    };
    for (const auto& row : rows) EXPECT_EQ(host_of(row.url), row.expected) << row.url;
}

TEST(ResolveUrl, AsABrowserDoes) {
    struct Row {
        std::string_view base;
        std::string_view reference;
        std::string_view expected;  // empty: no web address
    };
    const Row rows[] = {
        {"https://a.example/x/y", "/z.png", "https://a.example/z.png"},
        {"https://a.example/x/y", "z.png?q=1", "https://a.example/x/z.png?q=1"},
        {"https://a.example/x/y", "../z.png", "https://a.example/z.png"},
        {"https://a.example", "z.png", "https://a.example/z.png"},
        {"http://a.example/", "//b.example/z", "http://b.example/z"},
        {"https://a.example/", "HTTP://b.example/z", "http://b.example/z"},
        {"https://a.example/", "a b.png", "https://a.example/a%20b.png"},
        {"https://a.example/", "\xC3\xBC.png", "https://a.example/%C3%BC.png"},
        {"https://a.example/", "data:image/png;base64,AAAA", ""},
        {"https://a.example/", "javascript:alert(1)", ""},
        {"https://a.example/", "https://", ""},
        {"https://a.example/", "http://[::1", ""},
        {"mailto:a@b.example", "/z", ""},
        {"", "/z", ""},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(resolve_url(row.base, row.reference).value_or(""), row.expected) << row.reference;
    }
}

}  // namespace
}  // namespace hw
