// SPDX-License-Identifier: Apache-2.0
#include "api/visitor.hpp"

#include "base/civil_time.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class VisitorTest : public ApiTest {
  protected:
    Touch observe(std::string_view method, const Headers& headers, std::string_view query = {},
                  std::string ip = "192.0.2.1") {
        std::promise<std::optional<Error>> ready;
        api->visitors().with_salts([&](std::optional<Error> failed) { ready.set_value(failed); });
        EXPECT_FALSE(ready.get_future().get());
        std::vector<Header> sent;
        for (const auto& [name, value] : headers) sent.push_back({name, value});
        Request request{};
        request.method = method;
        request.query = query;
        request.headers = sent;
        request.client_ip = std::move(ip);
        Link link;
        link.workspace_id = workspace_id;
        link.link_id = "link_1";
        return api->visitors().observe(request, link, "link");
    }
};

TEST_P(VisitorTest, DeviceRefererAndBots) {
    struct Row {
        std::string method;
        Headers headers;
        std::string query;
        std::string browser;
        std::string referer;
        bool bot;
    };
    const std::string firefox =
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    const std::vector<Row> rows{
        {"GET", {{"User-Agent", firefox}}, "", "Firefox", "(direct)", false},
        {"GET",
         {{"user-agent", firefox}, {"Referer", "https://www.news.example/a?b"}},
         "",
         "Firefox",
         "news.example",
         false},
        {"HEAD", {{"User-Agent", firefox}}, "", "Firefox", "(direct)", true},
        {"GET", {{"User-Agent", firefox}}, "bot=1", "Firefox", "(direct)", true},
        {"GET", {{"User-Agent", "curl/8.0"}}, "", "Unknown", "(direct)", true},
        {"GET", {}, "", "Unknown", "(direct)", false},
    };
    for (const auto& row : rows) {
        const auto touch = observe(row.method, row.headers, row.query);
        if (row.browser != "Unknown") {
            EXPECT_EQ(touch.browser, row.browser);
        }
        EXPECT_EQ(touch.referer, row.referer);
        EXPECT_EQ(touch.bot, row.bot) << row.method << row.query;
        EXPECT_EQ(touch.country, "Unknown") << "no geo file, no claim";
    }
}

// The salt changes at midnight; for an hour the hash under the old one is known, too.
TEST_P(VisitorTest, SaltsChangeDaily) {
    const auto midnight = start_of_day_ms(env.now_ms()) + kDayMs;
    env.set_now_ms(midnight - 1);
    const auto before = observe("GET", {});
    EXPECT_EQ(before.visitor_yesterday, 0);
    EXPECT_EQ(observe("GET", {}).visitor, before.visitor);
    EXPECT_NE(observe("GET", {}, {}, "192.0.2.2").visitor, before.visitor);
    env.set_now_ms(midnight);
    const auto after = observe("GET", {});
    EXPECT_NE(after.visitor, before.visitor);
    EXPECT_EQ(after.visitor_yesterday, before.visitor);
    env.set_now_ms(midnight + kHourMs);
    EXPECT_EQ(observe("GET", {}).visitor_yesterday, 0);
}

HW_ON_BOTH_ENGINES(VisitorTest);

}  // namespace
}  // namespace hw
