// SPDX-License-Identifier: Apache-2.0
#include "api/track_open.hpp"

#include "base/limits.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

constexpr auto kIphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

class TrackOpenTest : public TrackApiTest {
  protected:
    Response open_app(const Object& body, const Headers& more = {}) {
        Headers headers{{"Authorization", ""}, {"User-Agent", "okhttp/4.12"}};
        headers.insert(headers.end(), more.begin(), more.end());
        return post("/track/open", body, headers);
    }
};

TEST_P(TrackOpenTest, ADeepLinkIsAClickWhateverOpensIt) {
    const auto link = make_link("App");
    const auto answer = open_app({{"deepLink", "https://" + domain + "/app?x=1"}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "*");
    const auto body = json_of(answer);
    const Object expected{
        {"id", link.link_id}, {"domain", domain}, {"key", "App"}, {"url", link.url}};
    EXPECT_EQ(body.at("link"), expected);
    const auto id = std::string(body.at("clickId").as_string());
    ASSERT_TRUE(touch(id).has_value());
    EXPECT_EQ(touch(id)->trigger, "deeplink");
    EXPECT_FALSE(touch(id)->bot);
    EXPECT_EQ(open_app({{"deepLink", "https://" + domain + "/app"}}).body, answer.body);
    EXPECT_EQ(totals(link).clicks, 1);
    const auto quiet =
        open_app({{"deepLink", "https://" + domain + "/app"}}, {{"dub-no-track", "1"}});
    EXPECT_TRUE(json_of(quiet).at("clickId").is_null());
    EXPECT_EQ(json_of(quiet).at("link"), expected);
}

// The interstitial before the store remembers the address; the app asks for it when first opened.
TEST_P(TrackOpenTest, ADeferredOpeningFindsTheClickBeforeTheStore) {
    auto link = make_link("get");
    change(link, [](Link& l) { l.ios = "https://apps.apple.com/app/id1"; });
    const Headers phone{{"Host", domain}, {"Authorization", ""}, {"User-Agent", kIphone}};
    const auto page = send("GET", "/get", {}, phone);
    ASSERT_EQ(page.status, 200);
    const auto cookie = header_of(page, "Set-Cookie");
    const auto id = cookie.substr(cookie.find('=') + 1, 16);
    ASSERT_TRUE(touch(id).has_value());
    const auto found = json_of(open_app({{"dubDomain", domain}}));
    EXPECT_EQ(found.at("clickId"), Json(id));
    EXPECT_EQ(found.at("link").at("id"), Json(link.link_id));

    const auto none = R"({"clickId":null,"link":null})";
    EXPECT_EQ(open_app({{"dubDomain", "other.example"}}).body, none);
    client_ip = "192.0.2.77";
    EXPECT_EQ(open_app({{"dubDomain", domain}}).body, none);
    client_ip = "192.0.2.10";
    env.advance_ms(limits::kClickDedupMs);
    EXPECT_EQ(json_of(open_app({{"dubDomain", domain}})).at("clickId"), Json(id));
    env.advance_ms(1);
    EXPECT_EQ(open_app({{"dubDomain", domain}}).body, none);
}

TEST_P(TrackOpenTest, Refusals) {
    struct Row {
        Object body;
        std::string expected;
    };
    const std::string needed =
        "422 custom: : You need to provide either `deepLink` or `dubDomain` for deferred deep "
        "linking.";
    const Row rows[] = {
        {{}, needed},
        {{{"deepLink", nullptr}}, needed},
        {{{"deepLink", 7}},
         "422 invalid_type: deepLink: Invalid input: expected string, received number"},
        {{{"deepLink", "nonsense"}}, "422 invalid_format: deepLink: Invalid URL"},
        {{{"deepLink", "https://other.example/x"}},
         "404 Deep link not found: https://other.example/x"},
    };
    for (const auto& row : rows) EXPECT_EQ(outcome(open_app(row.body)), row.expected);
    EXPECT_EQ(send("OPTIONS", "/track/open").status, 204);
}

HW_ON_BOTH_ENGINES(TrackOpenTest);

}  // namespace
}  // namespace hw
