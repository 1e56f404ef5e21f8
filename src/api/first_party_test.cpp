// SPDX-License-Identifier: Apache-2.0
#include "api/first_party.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

constexpr std::string_view kClick = "0123456789abcdEF";

std::string cookie_of(const std::vector<Header>& headers, std::string_view host, bool secure) {
    Request request{};
    request.headers = headers;
    request.host = host;
    request.secure = secure;
    Response response;
    keep_click(request, kClick, response);
    return response.headers.empty() ? "" : response.headers.front().second;
}

TEST(FirstParty, TheCookieByText) {
    const std::string begin = "dub_id=" + std::string(kClick) + "; Path=/";
    const std::string age = "; Max-Age=7776000";
    constexpr std::string_view kName = "headwater-first-party";
    struct Row {
        std::vector<Header> headers;
        std::string_view host;
        bool secure;
        std::string expected;
    };
    const Row rows[] = {
        {{}, "shop.example", true, ""},
        {{{kName, "on"}},
         "www.shop.example",
         true,
         begin + "; Domain=shop.example" + age + "; Secure; SameSite=Lax"},
        {{{kName, "on"}}, "127.0.0.1", false, begin + age + "; SameSite=Lax"},
        {{{kName, "on"}}, "localhost", false, begin + age + "; SameSite=Lax"},
        {{{kName, "on"}}, "2001:db8::1", false, begin + age + "; SameSite=Lax"},
        {{{kName, "http-only, domain=pay.example"}},
         "shop.example",
         false,
         begin + "; Domain=pay.example" + age + "; HttpOnly; SameSite=Lax"},
        {{{kName, "http-only,domain="}},
         "shop.example",
         false,
         begin + age + "; HttpOnly; SameSite=Lax"},
        {{{kName, "domain=a b;Secure"}}, "shop.example", false, ""},
        {{{kName, "on"}, {"Sec-Fetch-Site", "same-origin"}},
         "localhost",
         false,
         begin + age + "; SameSite=Lax"},
        {{{kName, "on"}, {"Sec-Fetch-Site", "cross-site"}}, "localhost", false, ""},
        {{{kName, "first-click"}, {"Cookie", "dub_id=abcdef0123456789"}}, "localhost", false, ""},
        {{{kName, "first-click"}, {"Cookie", "dub_id=broken"}},
         "localhost",
         false,
         begin + age + "; SameSite=Lax"},
        {{{kName, "on"}, {"Cookie", "dub_id=abcdef0123456789"}},
         "localhost",
         false,
         begin + age + "; SameSite=Lax"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(cookie_of(row.headers, row.host, row.secure), row.expected);
    }
}

TEST(FirstParty, APageViewReplacesNoClick) {
    struct Row {
        std::string_view cookie;
        bool expected;
    };
    const Row rows[] = {{"", true}, {"dub_id=broken", true}, {"dub_id=abcdef0123456789", false}};
    for (const auto& row : rows) {
        const std::vector<Header> headers{{"Headwater-First-Party", "on"}, {"Cookie", row.cookie}};
        Request request{};
        request.headers = headers;
        Response response;
        keep_visit(request, kClick, response);
        EXPECT_EQ(!response.headers.empty(), row.expected) << row.cookie;
    }
}

class FirstPartyApiTest : public TrackApiTest {};

TEST_P(FirstPartyApiTest, ClickKeepsAndClientsUseTheCookie) {
    make_link("page");
    const Object click{{"domain", domain}, {"key", "page"}};
    EXPECT_EQ(header_of(post("/track/click", click), "Set-Cookie"), "");
    const Headers proxy{{"Headwater-First-Party", "http-only"}, {"User-Agent", "Firefox/128"}};
    for (int round = 0; round < 2; ++round) {  // the second answer is that of the first click
        const auto answer = post("/track/click", click, proxy);
        const auto id = std::string(json_of(answer).at("clickId").as_string());
        EXPECT_EQ(header_of(answer, "Set-Cookie"),
                  "dub_id=" + id + "; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax");
    }
    const auto id =
        std::string(json_of(post("/track/click", click, proxy)).at("clickId").as_string());
    const std::string key = "dub_pk_" + random_text(24, env);
    const auto made = write([&](Tx& tx) -> Result<bool> {
        set_publishable_key(tx, workspace_id, key, std::nullopt);
        return true;
    });
    ASSERT_TRUE(made.has_value());
    const Headers bare{{"Authorization", "Bearer " + key}, {"Cookie", "a=b; dub_id=" + id}};
    auto proxied = bare;
    proxied.emplace_back("Headwater-First-Party", "on");
    const Object lead_body{
        {"clickId", ""}, {"eventName", "Sign up"}, {"customerExternalId", "ann"}};
    EXPECT_EQ(post("/track/lead/client", lead_body, bare).status, 400);
    const auto told = post("/track/lead/client", lead_body, proxied);
    EXPECT_EQ(told.status, 200) << told.body;
    EXPECT_EQ(json_of(told).at("click").at("id").as_string(), id);
    const Object sale_body{{"customerExternalId", "bob"}, {"amount", 5}};
    EXPECT_TRUE(json_of(post("/track/sale/client", sale_body, bare)).at("sale").is_null());
    EXPECT_TRUE(json_of(post("/track/sale/client", sale_body, proxied)).at("sale").is_object());
    // A server's own calls carry nobody's cookie.
    EXPECT_EQ(post("/track/lead", lead_body,
                   {{"Headwater-First-Party", "on"}, {"Cookie", "dub_id=" + id}})
                  .status,
              200);
    EXPECT_TRUE(json_of(post("/track/sale", {{"customerExternalId", "eve"}, {"amount", 5}},
                             {{"Headwater-First-Party", "on"}, {"Cookie", "dub_id=" + id}}))
                    .at("sale")
                    .is_null());
}

HW_ON_BOTH_ENGINES(FirstPartyApiTest);

}  // namespace
}  // namespace hw
