// SPDX-License-Identifier: Apache-2.0
#include "api/page_view_body.hpp"

#include <fmt/format.h>

#include "api/exact_json.hpp"
#include "base/limits.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class PageViewBodyTest : public ApiTest {
  protected:
    Result<PageView> view_of(std::string_view type, const std::string& data,
                             const std::vector<Header>& headers = {}) {
        std::promise<void> ready;
        api->visitors().with_salts([&](const std::optional<Error>&) { ready.set_value(); });
        ready.get_future().wait();
        Request request{};
        request.method = "POST";
        request.path = "/ingest";
        request.client_ip = client_ip;
        request.headers = headers;
        const auto body = parse_exact_object(data);
        EXPECT_TRUE(body) << data;
        IngestToken token;
        token.workspace_id = workspace_id;
        token.kind = "public";
        return read_page_view(api->visitors(), {.request = request,
                                                .type = type,
                                                .data = *body,
                                                .token = token,
                                                .now_ms = env.now_ms()});
    }
};

TEST_P(PageViewBodyTest, TimesOfWrongClocksAreNotBelieved) {
    const auto now = env.now_ms();
    struct Case {
        std::string told;
        std::int64_t expected;
    };
    const Case table[] = {
        {std::to_string(now - 1000), now - 1000},
        {std::to_string(now), now},
        {std::to_string(now + 1), now},
        {std::to_string(now - 8 * 86'400'000LL), now},
        {"-5", now},
        {R"("yesterday")", now},
        {"1.5", now},
    };
    for (const auto& row : table) {
        const auto data =
            fmt::format(R"({{"url":"https://a.example/","occurred_at_ms":{}}})", row.told);
        EXPECT_EQ(view_of("pageview", data)->at_ms, row.expected) << row.told;
    }
}

TEST_P(PageViewBodyTest, TextsAreCutAndKeptStorable) {
    const std::string much(5000, 'x');
    const auto view =
        *view_of("event", fmt::format(R"({{"url":"https://a.example/{}","event_name":"a\u0000b",)"
                                      R"("event_data":{{"n":1.10}},"title":5,"locale":1.5}})",
                                      much));
    EXPECT_EQ(view.url.size(), limits::kPageUrlBytesMax);
    EXPECT_EQ(view.event_name, "ab");
    EXPECT_EQ(view.event_data, R"({"n":1.10})");
    EXPECT_EQ(view.title + view.locale, "");
    const auto large = *view_of(
        "event", fmt::format(R"({{"event_name":"a","event_data":{{"n":"{0}{0}"}}}})", much));
    EXPECT_EQ(large.event_data, std::nullopt);
}

TEST_P(PageViewBodyTest, ClicksInTheUrl) {
    struct Case {
        std::string query;
        std::string expected;
    };
    const Case table[] = {
        {"dub_id=0123456789ABCDEF", "0123456789ABCDEF||"},
        {"dub_id=short", "||"},
        {"via=anna", "|anna|"},
        {"fbclid=f1&gclid=g1", "||gclid:g1"},
        {"li_fat_id=l1", "||li_fat_id:l1"},
        {"gclid=", "||"},
    };
    for (const auto& row : table) {
        const auto view =
            *view_of("pageview", fmt::format(R"({{"url":"https://a.example/?{}"}})", row.query));
        EXPECT_EQ(fmt::format("{}|{}|{}", view.click_id, view.via, view.network_click),
                  row.expected);
    }
}

TEST_P(PageViewBodyTest, TheIdIsThatOfWhatWasTold) {
    const auto id = [&](std::string_view type, const std::string& data) {
        return view_of(type, data)->page_view_id;
    };
    const std::string page = R"({"url":"https://a.example/"})";
    const std::string named = R"({"url":"https://a.example/","event_id":"e"})";
    EXPECT_EQ(id("pageview", page), id("pageview", page));
    EXPECT_NE(id("pageview", page), id("pageview", R"({"url":"https://a.example/b"})"));
    EXPECT_NE(id("pageview", named), id("pageview", page));
    const auto first = id("pageview", page);
    const auto first_named = id("pageview", named);
    client_ip = "192.0.2.77";
    EXPECT_NE(id("pageview", page), first);
    EXPECT_EQ(id("pageview", named), first_named);
}

HW_ON_BOTH_ENGINES(PageViewBodyTest);

}  // namespace
}  // namespace hw
