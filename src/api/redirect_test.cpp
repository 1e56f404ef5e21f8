// SPDX-License-Identifier: Apache-2.0
#include "api/redirect.hpp"

#include <string>
#include <vector>

#include "base/id.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

constexpr auto kBrowser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

class RedirectTest : public ApiTest {
  protected:
    Response visit(std::string_view target, Headers headers = {}) {
        headers.emplace_back("Host", domain);
        headers.emplace_back("Authorization", "");
        if (headers.front().first != "User-Agent") headers.emplace_back("User-Agent", kBrowser);
        return send("GET", target, {}, headers);
    }
    std::string location(const Response& response) { return header_of(response, "Location"); }
    std::string click_id(const Response& response) {
        const auto text = location(response);
        const auto at = text.find("dub_id=");
        return at == text.npos ? "" : text.substr(at + 7, 16);
    }
    std::int64_t clicks(const Link& link) {
        return read([&](Tx& tx) -> Result<std::int64_t> {
                   return link_totals(tx, workspace_id, link.link_id).clicks;
               })
            .value();
    }
};

TEST_P(RedirectTest, TheClickIsDurableAndInDestinationAndCookie) {
    const auto link = make_link("summer", "https://shop.example/landing?utm_source=tw");
    const auto answer = visit("/summer?utm_source=x");
    EXPECT_EQ(answer.status, 302);
    const auto id = click_id(answer);
    ASSERT_TRUE(is_click_id(id)) << location(answer);
    EXPECT_EQ(location(answer), "https://shop.example/landing?utm_source=x&dub_id=" + id);
    EXPECT_EQ(header_of(answer, "Set-Cookie"),
              "dub_id_" + domain + "_summer=" + id + "; Path=/summer; Max-Age=3600");
    EXPECT_EQ(header_of(answer, "X-Robots-Tag"), "googlebot: noindex");
    const auto touch = read(
        [&](Tx& tx) -> Result<std::optional<Touch>> { return find_touch(tx, workspace_id, id); });
    ASSERT_TRUE(touch && *touch);
    EXPECT_EQ((*touch)->browser, "Firefox");
    EXPECT_EQ(clicks(link), 1);
}

// One click per visitor, link and hour: by the cookie first, then by the hash.
TEST_P(RedirectTest, OneClickPerHour) {
    const auto link = make_link("hour");
    const auto first = click_id(visit("/hour"));
    const auto cookie = "dub_id_" + domain + "_hour=" + first;
    EXPECT_EQ(click_id(visit("/hour")), first);
    client_ip = "192.0.2.99";
    EXPECT_EQ(click_id(visit("/hour", {{"Cookie", cookie}})), first);
    EXPECT_NE(click_id(visit("/hour")), first);
    EXPECT_EQ(clicks(link), 2);
    env.advance_ms(limits::kClickDedupMs);
    EXPECT_NE(click_id(visit("/hour", {{"Cookie", cookie}})), first);
    EXPECT_EQ(clicks(link), 3);
}

struct Refusal {
    std::string target;
    int status;
    std::string location;
};

TEST_P(RedirectTest, Ladder) {
    make_link("plain", "https://dub.co/blog?emptyquery");
    change(make_link("off"), [&](Link& l) { l.disabled_at_ms = env.now_ms(); });
    change(make_link("old"), [&](Link& l) { l.expires_at_ms = env.now_ms(); });
    change(make_link("moved"), [&](Link& l) {
        l.expires_at_ms = env.now_ms() - 1;
        l.expired_url = "https://shop.example/over";
    });
    const std::vector<Refusal> rows{
        {"/nothing", 404, ""},
        {"/off", 404, ""},
        {"/old", 410, ""},
        {"/moved", 302, "https://shop.example/over"},
        {"/wp-admin.php", 302, "/?dub-no-track=1"},
        {"/plain?dub-no-track", 302, "https://dub.co/blog?emptyquery"},
        {"/PLAIN?dub-no-track=1", 302, "https://dub.co/blog?emptyquery"},
        {"/%FF%FE", 404, ""},
        {"/%00", 404, ""},
        {"/", 404, ""},
    };
    for (const auto& row : rows) {
        const auto answer = visit(row.target);
        EXPECT_EQ(answer.status, row.status) << row.target;
        EXPECT_EQ(location(answer), row.location) << row.target;
    }
    EXPECT_EQ(send("POST", "/plain", {}, {{"Host", domain}}).status, 405);
}

// The visitor's query cannot name another click or another destination, nor add a header.
TEST_P(RedirectTest, HostileQueries) {
    make_link("safe", "https://shop.example/p");
    for (const auto* query :
         {"?dub_id=AAAAAAAAAAAAAAAA", "?redir_url=https://evil.example", "?a=%0d%0aX-Evil:1",
          "?dub%5Fid=AAAAAAAAAAAAAAAA", "?x=//evil.example"}) {
        const auto answer = visit(std::string("/safe") + query);
        EXPECT_EQ(answer.status, 302) << query;
        EXPECT_TRUE(location(answer).starts_with("https://shop.example/p?")) << location(answer);
        EXPECT_FALSE(location(answer).contains("AAAAAAAAAAAAAAAA")) << location(answer);
        EXPECT_EQ(location(answer).find_first_of("\r\n"), std::string::npos) << query;
        EXPECT_EQ(header_of(answer, "X-Evil"), "");
    }
}

TEST_P(RedirectTest, BotsAreKeptAndNotCounted) {
    const auto link = make_link("bots");
    const std::vector<std::pair<std::string, Headers>> rows{
        {"/bots?bot=1", {}},
        {"/bots", {{"User-Agent", "Googlebot/2.1 (+http://www.google.com/bot.html)"}}},
    };
    for (const auto& [target, headers] : rows) {
        const auto id = click_id(visit(target, headers));
        ASSERT_TRUE(is_click_id(id)) << target;
        const auto touch = read([&](Tx& tx) -> Result<std::optional<Touch>> {
            return find_touch(tx, workspace_id, id);
        });
        EXPECT_TRUE(touch && *touch && (*touch)->bot) << target;
    }
    EXPECT_EQ(clicks(link), 0);
}

// What a write changed is what the next visitor gets, however often the old state was served.
TEST_P(RedirectTest, CachesForgetWhatChanged) {
    EXPECT_EQ(visit("/late").status, 404);
    auto link = make_link("late", "https://shop.example/one");
    EXPECT_TRUE(location(visit("/late?dub-no-track")).starts_with("https://shop.example/one"));
    link = change(link, [](Link& l) { l.url = "https://shop.example/two"; });
    EXPECT_TRUE(location(visit("/late?dub-no-track")).starts_with("https://shop.example/two"));
    EXPECT_TRUE(write([&](Tx& tx) -> Result<bool> {
        delete_link(tx, link);
        return true;
    }));
    EXPECT_EQ(visit("/late").status, 404);
}

// Only links that track conversions pass the id on; partner links pass their key, too.
TEST_P(RedirectTest, WhoGetsTheClickId) {
    change(make_link("count"), [](Link& l) { l.track_conversion = false; });
    change(make_link("ann"), [](Link& l) {
        l.track_conversion = false;
        l.program_id = "prog_1";
        l.partner_id = "pn_1";
    });
    EXPECT_EQ(location(visit("/count")), "https://shop.example/landing");
    EXPECT_TRUE(location(visit("/ann")).starts_with("https://shop.example/landing?via=ann&dub_id="))
        << location(visit("/ann"));
}

HW_ON_BOTH_ENGINES(RedirectTest);

}  // namespace
}  // namespace hw
