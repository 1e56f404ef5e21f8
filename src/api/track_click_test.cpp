// SPDX-License-Identifier: Apache-2.0
#include "api/track_click.hpp"

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class TrackClickApiTest : public TrackApiTest {
  protected:
    Response click(const Object& body, const Headers& headers = {}) {
        Headers all{{"Authorization", ""}};
        all.insert(all.end(), headers.begin(), headers.end());
        return post("/track/click", body, all);
    }
    // The id of a click that must be accepted.
    std::string clicked(const Object& body, const Headers& headers = {}) {
        const auto response = click(body, headers);
        EXPECT_EQ(response.status, 200) << response.body;
        const auto answer = json_of(response);
        EXPECT_EQ(keys_of(answer), (std::vector<std::string>{"clickId"}));
        return std::string(answer.at("clickId").as_string());
    }
};

TEST_P(TrackClickApiTest, AnswersTheIdAndNothingElse) {
    const auto link = make_link("Refer");
    const Object body{{"domain", domain},
                      {"key", "refer"},
                      {"url", "https://shop.example/landing?a=1#b"},
                      {"referrer", "https://www.news.example/story?id=7"}};
    const auto response = click(body, {{"User-Agent", "Mozilla/5.0 (iPhone) Safari"}});
    const auto id = std::string(json_of(response).at("clickId").as_string());
    EXPECT_EQ(response.body, R"({"clickId":")" + id + R"("})");
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_TRUE(is_click_id(id));
    const auto stored = touch(id);
    ASSERT_TRUE(stored.has_value());
    EXPECT_EQ(stored->link_id, link.link_id);
    EXPECT_EQ(stored->url, "https://shop.example/landing?a=1#b");
    EXPECT_EQ(stored->referer, "news.example");
    EXPECT_EQ(stored->referer_url, "https://www.news.example/story?id=7");
    EXPECT_EQ(stored->trigger, "link");
    EXPECT_FALSE(stored->bot);
    EXPECT_EQ(totals(link).clicks, 1);
    // A lead right after it finds it.
    EXPECT_EQ(lead({{"clickId", id}, {"eventName", "Sign up"}, {"customerExternalId", "u"}}).status,
              200);
}

TEST_P(TrackClickApiTest, TheDomainHoweverItIsWritten) {
    make_link("refer");
    make_link("_root");
    std::set<std::string> ids;
    for (const auto& [written, key] : {std::pair<std::string, std::string>{domain, "refer"},
                                       {"https://" + domain, "/refer/"},
                                       {"http://www." + domain + "/", "REFER"},
                                       {"WWW." + domain, "refer"},
                                       {domain + "/x?y", "%72efer"}}) {
        ids.insert(clicked({{"domain", written}, {"key", key}}));
    }
    EXPECT_EQ(ids.size(), 1U);  // one visitor within the hour
    for (const auto* key : {"_root", "", "/"}) {
        EXPECT_EQ(click({{"domain", domain}, {"key", key}}).status, 200) << key;
    }
}

TEST_P(TrackClickApiTest, RefusalsByText) {
    make_link("refer");
    const auto unknown = [&](const std::string& key) {
        return "404 Link not found for domain: " + domain + " and key: " + key + ".";
    };
    struct Row {
        std::string body;
        std::string expected;
    };
    const std::string huge(300'000, 'a');
    std::string huge_unicode;
    for (int i = 0; i < 100'000; ++i) huge_unicode += "\xC3\xBC";
    const auto body = [&](const std::string& key) {
        return boost::json::serialize(Object{{"domain", domain}, {"key", key}});
    };
    const Row rows[] = {
        {"{}", "422 invalid_type: domain: domain is required."},
        {R"({"key":"refer"})", "422 invalid_type: domain: domain is required."},
        {R"({"domain":null,"key":"refer"})", "422 invalid_type: domain: domain is required."},
        {R"({"domain":5,"key":"refer"})", "422 invalid_type: domain: domain is required."},
        {R"({"domain":"d"})", "422 invalid_type: key: key is required."},
        {R"({"domain":"d","key":[]})", "422 invalid_type: key: key is required."},
        {R"({"domain":"d","key":"k","url":5})",
         "422 invalid_type: url: Invalid input: expected string, received number"},
        {R"({"domain":"d","key":"k","referrer":{}})",
         "422 invalid_type: referrer: Invalid input: expected string, received object"},
        {R"({"domain":"d","key":"k\u0000"})",
         "422 invalid_format: key: Invalid input: the character U+0000 is not allowed"},
        {R"({"domain":"","key":"k"})", "404 Link not found for domain:  and key: k."},
        {R"({"domain":"other.example","key":"refer"})",
         "404 Link not found for domain: other.example and key: refer."},
        {body("Nothing"), unknown("Nothing")},
        {body("%FF"), unknown("%FF")},
        {body("refer%00"), unknown("refer%00")},
        {body(huge), unknown(huge)},
        {body(huge_unicode), unknown(huge_unicode)},
        {"[]", "422 invalid_type: : Invalid input: expected object, received array"},
        {"",
         "400 Invalid JSON format in request body. Please ensure the request body is a valid "
         "JSON object."},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send("POST", "/track/click", row.body, {{"Authorization", ""}})),
                  row.expected)
            << row.body.substr(0, 60);
    }
    EXPECT_EQ(TrackApiTest::rows(), RowCounts{});
}

TEST_P(TrackClickApiTest, OnlyAllowedHostsMayTell) {
    make_link("refer");
    const Object body{{"domain", domain}, {"key", "refer"}};
    const auto denied = [](const std::string& host) {
        return "403 Request origin '" + host +
               "' is not included in the allowed hostnames for this workspace. Update your "
               "allowed hostnames here: https://app.dub.co/settings/tracking";
    };
    struct Row {
        Headers headers;
        std::string expected;
    };
    const Row rows[] = {
        {{{"Referer", "https://shop.example/x"}}, ""},
        {{{"Referer", "https://www.shop.example/x"}}, ""},
        {{{"Origin", "https://shop.example"}}, ""},
        {{{"Origin", "http://localhost:3000"}}, ""},
        {{{"Referer", "https://a.brand.example"}}, ""},
        {{{"Referer", "https://brand.example"}}, denied("brand.example")},
        {{{"Referer", "https://evil.example"}, {"Origin", "https://shop.example"}},
         denied("evil.example")},
        {{{"Referer", "https://evil.example/?shop.example"}}, denied("evil.example")},
        {{{"Origin", "null"}}, denied("")},
        {{}, denied("")},
    };
    // Before the list is made everybody may; then the list counts at once; then no longer.
    EXPECT_EQ(click(body).status, 200);
    allow_hosts({"shop.example", "localhost", "*.brand.example"});
    for (const auto& row : rows) {
        const auto response = click(body, row.headers);
        EXPECT_EQ(response.status == 200 ? "" : outcome(response), row.expected);
        EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), "*");
    }
    // What is in a header need not be text.
    const auto bytes = click(body, {{"Origin", "https://\xFF\xFE.example"}});
    EXPECT_EQ(bytes.status, 403);
    EXPECT_EQ(json_of(bytes).at("error").at("code").as_string(), "forbidden");
    allow_hosts({});
    EXPECT_EQ(click(body).status, 200);
}

TEST_P(TrackClickApiTest, OneIdPerVisitorAndHour) {
    const auto link = make_link("refer");
    const Object body{{"domain", domain}, {"key", "refer"}};
    const Headers safari{{"User-Agent", "Safari"}};
    const auto first = clicked(body, safari);
    EXPECT_EQ(clicked(body, safari), first);
    EXPECT_NE(clicked(body, {{"User-Agent", "Firefox"}}), first);
    client_ip = "192.0.2.11";
    EXPECT_NE(clicked(body, safari), first);
    client_ip = "192.0.2.10";
    env.advance_ms(kHourMs - 1);
    EXPECT_EQ(clicked(body, safari), first);
    env.advance_ms(1);
    EXPECT_NE(clicked(body, safari), first);
    EXPECT_EQ(totals(link).clicks, 4);
}

TEST_P(TrackClickApiTest, ABotGetsAnIdThatLeadsToNothing) {
    const auto link = make_link("refer");
    const Object body{{"domain", domain}, {"key", "refer"}};
    const auto id = clicked(body, {{"User-Agent", "Googlebot/2.1"}});
    EXPECT_TRUE(touch(id)->bot);
    EXPECT_EQ(totals(link).clicks, 0);
    EXPECT_EQ(outcome(lead({{"clickId", id}, {"eventName", "x"}, {"customerExternalId", "u"}})),
              "404 Click event not found for clickId: " + id);
    EXPECT_EQ(log(1).front().reason, "bot");
}

TEST_P(TrackClickApiTest, WhatThePageTellsIsCutAndChecked) {
    make_link("refer");
    struct Row {
        std::string url;
        std::string expected;
    };
    const std::string landing = "https://shop.example/landing";  // of the link
    const auto long_url = "https://shop.example/" + std::string(5'000, 'a');
    const Row rows[] = {{"https://other.example/a", "https://other.example/a"},
                        {"javascript:alert(1)", landing},
                        {"no url", landing},
                        {"", landing},
                        {long_url, long_url.substr(0, limits::kLandingUrlBytesMax)}};
    int visitor = 20;
    for (const auto& row : rows) {
        client_ip = "192.0.2." + std::to_string(++visitor);
        const auto id = clicked({{"domain", domain},
                                 {"key", "refer"},
                                 {"url", row.url},
                                 {"referrer", std::string(5'000, 'r')}});
        EXPECT_EQ(touch(id)->url, row.expected);
        EXPECT_EQ(touch(id)->referer_url.size(), limits::kReferrerBytesMax);
        EXPECT_EQ(touch(id)->referer, "(direct)");
    }
}

HW_ON_BOTH_ENGINES(TrackClickApiTest);

}  // namespace
}  // namespace hw
