// SPDX-License-Identifier: Apache-2.0
#include "api/redirect_pages.hpp"

#include <gtest/gtest.h>

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

constexpr auto kEvil = "\"><script>alert(1)</script>' onload='x";

Link evil_link() {
    Link link{};
    link.domain = "go.example";
    link.key = "k";
    link.url = std::string("https://shop.example/") + kEvil;
    for (const auto text : {&Link::title, &Link::description, &Link::image, &Link::video}) {
        link.*text = kEvil;
    }
    return link;
}

// Whatever owners wrote stays text, and no page has a script.
TEST(RedirectPages, EscapeWhatOwnersAndVisitorsWrote) {
    TestEnv env;
    const auto link = evil_link();
    Domain domain{};
    domain.slug = "go.example";
    for (const auto& page :
         {inspect_page(link, env), password_page(true, env), placeholder_page(domain, env),
          preview_page(link, env), frame_page(link, link.url, env), open_app_page(link.url, env),
          store_page(link, std::string("a=") + kEvil, env)}) {
        EXPECT_EQ(page.body.find("<script"), std::string::npos) << page.body;
        EXPECT_EQ(page.body.find("' onload"), std::string::npos) << page.body;
        EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
        const auto& policy = page.headers.at(0).second;
        EXPECT_TRUE(policy.starts_with("default-src 'none'; ")) << policy;
        EXPECT_FALSE(policy.contains("script-src")) << policy;
    }
}

TEST(RedirectPages, PreviewsSayWhatTheOwnerSays) {
    TestEnv env;
    Link link{};
    link.domain = "go.example";
    link.key = "k";
    link.title = "Summer & sale";
    link.image = "https://shop.example/a.png";
    const auto page = preview_page(link, env).body;
    for (const auto* part : {"<meta property=\"og:title\" content=\"Summer &amp; sale\">",
                             "<meta property=\"og:image\" content=\"https://shop.example/a.png\">",
                             "<meta property=\"og:url\" content=\"https://go.example/k\">",
                             "summary_large_image", "<title>Summer &amp; sale</title>"}) {
        EXPECT_TRUE(page.contains(part)) << part << "\n" << page;
    }
    EXPECT_FALSE(page.contains("og:description"));
}

TEST(RedirectPages, FramesMayShowWhatTheirSchemeSays) {
    TestEnv env;
    const auto policy = [&](std::string_view url) {
        return frame_page(Link{}, url, env).headers.at(0).second;
    };
    EXPECT_TRUE(policy("https://a.example/").contains("; frame-src https:; "));
    EXPECT_TRUE(policy("http://a.example/").contains("; frame-src https: http:; "));
}

TEST(RedirectPages, AppAssociations) {
    Domain domain{};
    domain.asset_links = "[1]";
    struct Row {
        std::string_view path;
        bool known;
        int status;
        std::string_view body;
    };
    const Row rows[] = {
        {"/.well-known/assetlinks.json", true, 200, "[1]"},
        {"/.well-known/apple-app-site-association", true, 404, ""},
        {"/apple-app-site-association", true, 404, ""},
        {"/.well-known/other", false, 404, ""},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(is_app_association_path(row.path), row.known) << row.path;
        const auto answer = app_association(domain, row.path);
        EXPECT_EQ(answer.status, row.known ? row.status : 404) << row.path;
        if (row.status == 200) {
            EXPECT_EQ(answer.body, row.body);
        }
    }
}

}  // namespace
}  // namespace hw
