// SPDX-License-Identifier: Apache-2.0
#include "api/link_metatags.hpp"

#include "api/page_source.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

// One page, whatever is asked for; or none.
class OnePage final : public PageSource {
  public:
    void fetch(std::string url, Fetched fetched) override {
        asked.push_back(url);
        if (html.empty()) return fetched(fail(ErrorCode::Unavailable, "No answer.", "timeout"));
        fetched(FetchedPage{url, "text/html", html});
    }
    std::string html;
    std::vector<std::string> asked;
};

class LinkMetatagsTest : public ApiTest {
  protected:
    LinkMetatagsTest() { serve({}); }
    void serve(RateLimits limits) {
        restart({.public_url = {}, .rate_limits = limits, .pages = &pages});
    }
    Response ask(const std::string& query) {
        return send("GET", "/links/metatags" + query, {}, {{"Authorization", ""}});
    }
    OnePage pages;
};

TEST_P(LinkMetatagsTest, WhatThePageSays) {
    pages.html =
        "<title>T</title><meta name=description content=D>"
        "<meta property=og:image content=/i.png>";
    const auto answer = ask("?url=https%3A%2F%2Fshop.example%2Fx%3Fa%3D1");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"title":"T","description":"D","image":"https://shop.example/i.png",)"
                           R"("poweredBy":"Headwater"})");
    EXPECT_EQ(header_of(answer, "Cache-Control"), "public, max-age=300");
    EXPECT_EQ(ask("?url=shop.example").status, 200);
    EXPECT_EQ(pages.asked,
              (std::vector<std::string>{"https://shop.example/x?a=1", "https://shop.example"}));
}

TEST_P(LinkMetatagsTest, APageThatSaysNothingIsShownByItsAddress) {
    const std::string expected =
        R"({"title":"https://shop.example/x","description":"No description","image":null,)"
        R"("poweredBy":"Headwater"})";
    const auto expect_shown = [&](std::string_view caching) {
        const auto answer = ask("?url=https://shop.example/x");
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, expected);
        EXPECT_EQ(header_of(answer, "Cache-Control"), caching);
    };
    expect_shown("no-store");  // it was not read
    pages.html = "<p>";
    expect_shown("public, max-age=300");
    restart({.public_url = {}});  // nobody fetches pages
    expect_shown("no-store");
}

TEST_P(LinkMetatagsTest, Refusals) {
    struct Row {
        std::string query;
        std::string expected;
    };
    const std::string invalid = "invalid_format: url: Invalid URL";
    const Row rows[] = {
        {"", "invalid_type: url: Invalid input: expected string, received undefined"},
        {"?url=", "invalid_type: url: Invalid input: expected string, received undefined"},
        {"?url=not%20a%20page", invalid},
        {"?url=javascript:alert(1)", invalid},
        {"?url=file:///etc/passwd", invalid},
        {"?url=ftp://shop.example/", invalid},
        {"?url=mailto:a@shop.example", invalid},
        {"?url=https://", invalid},
    };
    for (const auto& row : rows) {
        const auto answer = ask(row.query);
        EXPECT_EQ(answer.status, 422) << row.query;
        EXPECT_EQ(message_of(answer), row.expected) << row.query;
    }
    EXPECT_TRUE(pages.asked.empty());
}

TEST_P(LinkMetatagsTest, AddressesAreCounted) {
    serve({.address = 2});
    EXPECT_EQ(ask("?url=https://shop.example/").status, 200);
    EXPECT_EQ(ask("?url=https://shop.example/").status, 200);
    EXPECT_EQ(ask("?url=https://shop.example/").status, 429);
}

HW_ON_BOTH_ENGINES(LinkMetatagsTest);

}  // namespace
}  // namespace hw
