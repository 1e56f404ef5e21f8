// SPDX-License-Identifier: Apache-2.0
#include "api/redirect_target.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

constexpr auto kUrl = "https://shop.example/";
constexpr auto kAppStore = "https://apps.apple.com/app/id1";
constexpr auto kPlayStore = "https://play.google.com/store/apps/details?id=a";

struct Row {
    std::string_view name;
    void (*rules)(Link&);
    Traits traits;
    std::string_view url;
    Show show;
};

std::shared_ptr<const PreparedLink> prepared(void (*rules)(Link&)) {
    Link link{};
    link.url = kUrl;
    rules(link);
    return prepare_link(std::move(link));
}

void devices(Link& link) {
    link.ios = kAppStore;
    link.android = kPlayStore;
    link.geo = R"({"DE": "https://shop.example/de", "FR": "shopapp://fr", "IT": "javascript:x"})";
}

TEST(ChooseTarget, ByDevicePlaceAndKind) {
    const Row rows[] = {
        {"plain", [](Link&) {}, {.os = "iOS", .country = "DE"}, kUrl, Show::Redirect},
        {"no url", [](Link& l) { l.url = ""; }, {}, "", Show::Placeholder},
        {"no good url", [](Link& l) { l.url = "javascript:x"; }, {}, "", Show::Placeholder},
        {"app",
         [](Link& l) { l.url = "mailto:a@b.example"; },
         {},
         "mailto:a@b.example",
         Show::OpenApp},
        {"app before device",
         [](Link& l) {
             l.url = "tel:123";
             l.ios = kAppStore;
         },
         {.os = "iOS"},
         "tel:123",
         Show::OpenApp},
        {"frame", [](Link& l) { l.rewrite = true; }, {}, kUrl, Show::Frame},
        {"frame before device",
         [](Link& l) {
             devices(l);
             l.rewrite = true;
         },
         {.os = "iOS"},
         kUrl,
         Show::Frame},
        {"ios", devices, {.os = "iOS", .country = "DE"}, kAppStore, Show::Store},
        {"ios, second visit",
         devices,
         {.os = "iOS", .skip_store_preview = true},
         kAppStore,
         Show::Redirect},
        {"android", devices, {.os = "Android"}, kPlayStore, Show::Store},
        {"ios page",
         [](Link& l) { l.ios = "https://m.shop.example/"; },
         {.os = "iOS"},
         "https://m.shop.example/",
         Show::Redirect},
        {"ios app",
         [](Link& l) { l.ios = "shopapp://x"; },
         {.os = "iOS"},
         "shopapp://x",
         Show::OpenApp},
        {"bad ios", [](Link& l) { l.ios = "data:x"; }, {.os = "iOS"}, kUrl, Show::Redirect},
        {"geo",
         devices,
         {.os = "Linux", .country = "DE"},
         "https://shop.example/de",
         Show::Redirect},
        {"geo app", devices, {.country = "FR"}, "shopapp://fr", Show::OpenApp},
        {"bad geo", devices, {.country = "IT"}, kUrl, Show::Redirect},
        {"elsewhere", devices, {.country = "US"}, kUrl, Show::Redirect},
        {"nowhere", devices, {}, kUrl, Show::Redirect},
    };
    TestEnv env;
    for (const auto& row : rows) {
        const auto link = prepared(row.rules);
        const auto target = choose_target(*link, row.traits, env);
        EXPECT_EQ(target.url, row.url) << row.name;
        EXPECT_EQ(target.show, row.show) << row.name;
    }
}

void testing(Link& link) {
    link.test_variants = R"([{"url": "https://a.example/", "percentage": 20},
        {"url": "https://b.example/", "percentage": 80}, {"url": "data:c", "percentage": 900},
        {"url": "https://d.example/", "percentage": 0}, {"url": "https://e.example/"}, 7])";
    link.test_completed_at_ms = 1'790'000'000'001;
}

TEST(ChooseTarget, SplitsATestByWeightAndKeepsTheVisitor) {
    TestEnv env;
    const auto link = prepared(testing);
    ASSERT_EQ(link->variants.size(), 2U);
    std::map<std::string, int> hits;
    for (int i = 0; i < 2'000; ++i) {
        const auto first = choose_target(*link, {}, env);
        ++hits[std::string(first.url)];
        ASSERT_NE(first.variant, nullptr);
        const auto again = choose_target(*link, {.variant_tag = first.variant->tag}, env);
        ASSERT_EQ(again.url, first.url);
    }
    EXPECT_EQ(hits.size(), 2U);
    EXPECT_NEAR(hits["https://a.example/"], 400, 100);
    // A tag of a variant that the link has no more counts for nothing.
    EXPECT_NE(choose_target(*link, {.variant_tag = "0123456789abcdef"}, env).variant, nullptr);
    env.advance_ms(1);
    const auto over = choose_target(*link, {}, env);
    EXPECT_EQ(over.url, kUrl);
    EXPECT_EQ(over.variant, nullptr);
}

TEST(MayRedirectTo, OnlyWhereLinkAndWorkspaceSay) {
    struct Redirect {
        std::string_view wanted;
        std::vector<std::string> allowed;
        bool expected;
    };
    const Redirect rows[] = {
        {"https://shop.example/blog", {}, true},
        {"https://www.shop.example/blog", {}, true},
        {"http://shop.example/blog", {}, true},
        {"https://evil.example/", {}, false},
        {"https://shop.example.evil.example/", {}, false},
        {"https://shop.example@evil.example/", {}, false},
        {"https://evil.example/?shop.example", {}, false},
        {"shopapp://shop.example/", {}, false},
        {"https://blog.example/", {"blog.example"}, true},
        {"https://a.blog.example/", {"*.blog.example"}, true},
        {"https://blog.example/", {"*.blog.example"}, false},
        {"https://evil.example/", {"blog.example"}, false},
    };
    const auto link = prepared([](Link&) {});
    for (const auto& row : rows) {
        EXPECT_EQ(may_redirect_to(row.wanted, *link, row.allowed), row.expected) << row.wanted;
    }
}

}  // namespace
}  // namespace hw
