// SPDX-License-Identifier: Apache-2.0
// Every rung of the redirect ladder through the whole api.
#include "api/redirect.hpp"
#include "base/limits.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

constexpr auto kFirefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
constexpr auto kIphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
constexpr auto kPixel =
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36";
constexpr auto kGooglebot = "Mozilla/5.0 (compatible; Googlebot/2.1)";
constexpr auto kShop = "https://shop.example/landing";

class RedirectLadderTest : public TrackApiTest {
  protected:
    RedirectLadderTest() {
        restart({.public_url = "https://headwater.example",
                 .visitor = {.geo_database = {}, .geo_country_header = "X-Country"}});
    }
    Response visit(std::string_view target, const Headers& more = {},
                   std::string_view method = "GET", std::string_view body = {}) {
        Headers headers{{"Host", domain}, {"Authorization", ""}};
        const auto is_agent = [](const auto& header) { return header.first == "User-Agent"; };
        if (std::ranges::none_of(more, is_agent)) headers.emplace_back("User-Agent", kFirefox);
        headers.insert(headers.end(), more.begin(), more.end());
        return send(method, target, body, headers);
    }
    static std::string location(const Response& response) {
        return header_of(response, "Location");
    }
    static std::vector<std::string> cookies(const Response& response) {
        std::vector<std::string> found;
        for (const auto& [name, value] : response.headers) {
            if (name == "Set-Cookie") found.push_back(value);
        }
        return found;
    }
    static Headers cookie(const std::string& set_cookie) {
        return {{"Cookie", set_cookie.substr(0, set_cookie.find(';'))}};
    }
    // A link that does not track, with these rules.
    template <class F>
    Link make(const std::string& key, F rules) {
        auto link = make_link(key);
        const auto before = link;
        link.track_conversion = false;
        rules(link);
        EXPECT_TRUE(write([&](Tx& tx) -> Result<bool> {
            update_link(tx, link, before);
            return true;
        }));
        return link;
    }
    void set_domain(void (*how)(Domain&)) {
        EXPECT_TRUE(write([&](Tx& tx) -> Result<bool> {
            auto own = find_own_domain(tx, workspace_id, domain).value();
            how(own);
            update_domain(tx, own);
            return true;
        }));
    }
};

TEST_P(RedirectLadderTest, DomainsAnswerForWhatIsNotThere) {
    make("old", [](Link& l) { l.expires_at_ms = 1; });
    make("own", [](Link& l) {
        l.expires_at_ms = 1;
        l.expired_url = "https://shop.example/own";
    });
    make("off", [](Link& l) { l.disabled_at_ms = 1; });
    EXPECT_EQ(visit("/none").status, 404);
    EXPECT_EQ(visit("/old").status, 410);
    set_domain([](Domain& d) {
        d.not_found_url = "https://shop.example/404";
        d.expired_url = "https://shop.example/over";
        d.asset_links = "[]";
    });
    struct Row {
        std::string_view target;
        int status;
        std::string_view location;
    };
    const Row rows[] = {
        {"/none", 307, "https://shop.example/404"},  {"/off", 307, "https://shop.example/404"},
        {"/off+", 307, "https://shop.example/404"},  {"/", 307, "https://shop.example/404"},
        {"/old", 302, "https://shop.example/over"},  {"/own", 302, "https://shop.example/own"},
        {"/.well-known/assetlinks.json", 200, ""},   {"/apple-app-site-association", 404, ""},
        {"/.well-known/x", 302, "/?dub-no-track=1"},
    };
    for (const auto& row : rows) {
        const auto answer = visit(row.target);
        EXPECT_EQ(answer.status, row.status) << row.target;
        EXPECT_EQ(location(answer), row.location) << row.target;
    }
    EXPECT_EQ(TrackApiTest::rows().clicks, 0);
}

TEST_P(RedirectLadderTest, InspectPagesShowAndDoNotCount) {
    make("look", [](Link& l) { l.title = "Summer <3"; });
    make("shut", [](Link& l) { l.password = "pw"; });
    for (const auto* target : {"/look+", "/look%2B", "/LOOK+?a=1"}) {
        const auto page = visit(target);
        EXPECT_EQ(page.status, 200) << target;
        EXPECT_TRUE(page.body.contains(kShop)) << page.body;
        EXPECT_TRUE(page.body.contains("Summer &lt;3")) << page.body;
    }
    const auto shut = visit("/shut+");
    EXPECT_FALSE(shut.body.contains(kShop));
    EXPECT_TRUE(shut.body.contains("type=\"password\""));
    EXPECT_EQ(TrackApiTest::rows().clicks, 0);
}

TEST_P(RedirectLadderTest, PasswordsOpenByFormQueryAndCookie) {
    const auto link = make("safe", [](Link& l) { l.password = "open & sesame"; });
    struct Row {
        std::string_view method;
        std::string target;
        std::string_view body;
        int status;
    };
    const Row closed[] = {
        {"GET", "/safe", "", 200},
        {"GET", "/safe?pw=", "", 403},
        {"GET", "/safe?pw=open", "", 403},
        {"POST", "/safe", "pw=nonsense", 403},
        {"POST", "/safe", "", 200},
        {"POST", "/safe?pw=open+%26+sesame", "", 200},
        {"GET", "/safe?pw=open%20&pw=open+%26+sesame", "", 403},
    };
    for (const auto& row : closed) {
        const auto page = visit(row.target, {}, row.method, row.body);
        EXPECT_EQ(page.status, row.status) << row.target;
        EXPECT_EQ(location(page), "") << row.target;
        EXPECT_FALSE(page.body.contains("shop.example"));
        EXPECT_TRUE(cookies(page).empty());
    }
    EXPECT_EQ(totals(link).clicks, 0);

    const auto by_query = visit("/safe?pw=open+%26+sesame&a=1");
    EXPECT_EQ(by_query.status, 302);
    EXPECT_EQ(location(by_query), std::string(kShop) + "?a=1");
    const auto by_form = visit("/safe?a=1", {}, "POST", "pw=open+%26+sesame");
    EXPECT_EQ(by_form.status, 303);
    EXPECT_EQ(location(by_form), std::string(kShop) + "?a=1");
    ASSERT_EQ(cookies(by_form).size(), 2U);
    const auto known = cookie(cookies(by_form).at(1));
    EXPECT_TRUE(known.at(0).second.starts_with("dub_password_" + link.link_id + "="));
    EXPECT_FALSE(known.at(0).second.contains("sesame"));
    EXPECT_EQ(visit("/safe", known).status, 302);
    EXPECT_EQ(visit("/safe?pw=wrong", known).status, 403);
    EXPECT_EQ(totals(link).clicks, 1);
    // Another password makes the cookie worthless.
    auto changed = link;
    TrackApiTest::change(changed, [](Link& l) { l.password = "other"; });
    EXPECT_EQ(visit("/safe", known).status, 200);
    EXPECT_EQ(visit("/nothing", {}, "POST", "pw=x").status, 404);
    make("plain", [](Link&) {});
    EXPECT_EQ(visit("/plain", {}, "POST", "pw=x").status, 405);
}

TEST_P(RedirectLadderTest, RootWithoutDestinationCountsAndSaysWhoItIs) {
    const auto root = make("_root", [](Link& l) { l.url = ""; });
    const auto page = visit("/");
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(page.body.contains(domain));
    EXPECT_EQ(cookies(page).size(), 1U);
    EXPECT_EQ(totals(root).clicks, 1);
}

TEST_P(RedirectLadderTest, BotsSeeThePreviewOfProxiedLinksAndDoNotCount) {
    const auto link = make("card", [](Link& l) {
        l.proxy = true;
        l.title = "Summer";
    });
    const auto page = visit("/card", {{"User-Agent", kGooglebot}});
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(page.body.contains("og:title"));
    EXPECT_EQ(TrackApiTest::rows().clicks, 0);
    EXPECT_EQ(visit("/card").status, 302);
    EXPECT_EQ(totals(link).clicks, 1);
}

TEST_P(RedirectLadderTest, WhatIsNoWebAddressIsOpenedByAPage) {
    const auto link = make("mail", [](Link& l) { l.url = "mailto:ada@shop.example?subject=a&b"; });
    const auto page = visit("/mail");
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(page.body.contains("0;url=mailto:ada@shop.example?subject=a&amp;b"));
    EXPECT_EQ(cookies(page).size(), 1U);
    EXPECT_EQ(totals(link).clicks, 1);
    make("frame", [](Link& l) { l.rewrite = true; });
    const auto frame = visit("/frame?a=1");
    EXPECT_EQ(frame.status, 200);
    EXPECT_TRUE(frame.body.contains("<iframe src=\"https://shop.example/landing?a=1\""));
}

TEST_P(RedirectLadderTest, DevicesAndPlaces) {
    make("where", [](Link& l) {
        l.ios = "https://apps.apple.com/app/id1";
        l.android = "https://m.shop.example/";
        l.geo = R"({"DE": "https://shop.example/de"})";
    });
    struct Row {
        Headers headers;
        std::string_view query;
        int status;
        std::string_view location;
    };
    const Row rows[] = {
        {{}, "", 302, kShop},
        {{{"X-Country", "de"}}, "", 302, "https://shop.example/de"},
        {{{"X-Country", "fr"}}, "", 302, kShop},
        {{{"User-Agent", kPixel}, {"X-Country", "de"}}, "", 302, "https://m.shop.example/"},
        {{{"User-Agent", kIphone}}, "", 200, ""},
        {{{"User-Agent", kIphone}},
         "?skip_deeplink_preview=1",
         302,
         "https://apps.apple.com/app/id1"},
    };
    for (const auto& row : rows) {
        const auto answer = visit("/where" + std::string(row.query), row.headers);
        EXPECT_EQ(answer.status, row.status);
        EXPECT_EQ(location(answer), row.location);
    }
    const auto store = visit("/where?a=1", {{"User-Agent", kIphone}});
    EXPECT_TRUE(store.body.contains("?a=1&amp;skip_deeplink_preview=1")) << store.body;
}

TEST_P(RedirectLadderTest, ATestKeepsItsVisitor) {
    make("test", [&](Link& l) {
        l.test_variants = R"([{"url": "https://a.example/", "percentage": 50},
                              {"url": "https://b.example/", "percentage": 50}])";
        l.test_completed_at_ms = env.now_ms() + 1'000;
    });
    for (int visitor = 1; visitor <= 20; ++visitor) {
        client_ip = "192.0.2." + std::to_string(visitor);
        const auto first = visit("/test");
        ASSERT_EQ(cookies(first).size(), 2U);
        const auto again = visit("/test", cookie(cookies(first).at(1)));
        EXPECT_EQ(location(again), location(first));
    }
    env.advance_ms(1'000);
    EXPECT_EQ(location(visit("/test")), kShop);
}

TEST_P(RedirectLadderTest, RedirUrlGoesOnlyWhereItMay) {
    make("go", [](Link&) {});
    struct Row {
        std::string_view wanted;
        std::string_view location;
    };
    const Row rows[] = {
        {"https://shop.example/blog", "https://shop.example/blog"},
        {"https%3A%2F%2Fshop.example%2Fblog%3Fx%3D1", "https://shop.example/blog?x=1"},
        {"https://shop.example/blog&a=1", "https://shop.example/blog?a=1"},
        {"https://evil.example/", kShop},
        {"//evil.example/", kShop},
        {"https://shop.example%40evil.example/", kShop},
        {"https://shop.example%5C.evil.example/", kShop},
        {"https://evil.example%23.shop.example/", kShop},
        {"javascript:alert(1)", kShop},
        {"https://shop.example/%0D%0AX-Evil:1", kShop},
        {"", kShop},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(location(visit("/go?redir_url=" + std::string(row.wanted))), row.location)
            << row.wanted;
    }
}

TEST_P(RedirectLadderTest, InstallTargetsGetWhatTheyAttributeBy) {
    const auto link = make("app", [](Link& l) { l.url = "https://shop.onelink.me/abc?c=own"; });
    const auto answer = visit("/app");
    const auto id = TrackApiTest::header_of(answer, "Set-Cookie");
    const auto click = id.substr(id.find('=') + 1, 16);
    EXPECT_EQ(location(answer), "https://shop.onelink.me/abc?c=own&dub_id=" + click +
                                    "&pid=dubinc_int&clickid=" + click + "&af_siteid=app");
    make("play", [](Link& l) {
        l.url = "https://play.google.com/store/apps/details?id=a&referrer=utm_source%3Dx";
    });
    EXPECT_EQ(location(visit("/play?b=1")),
              "https://play.google.com/store/apps/details?id=a&referrer=utm_source%3Dx%26deepLink"
              "%3Dhttps%253A%252F%252F" +
                  domain + "%252Fplay%253Fb%253D1&b=1");
    EXPECT_EQ(totals(link).clicks, 1);
}

HW_ON_BOTH_ENGINES(RedirectLadderTest);

}  // namespace
}  // namespace hw
