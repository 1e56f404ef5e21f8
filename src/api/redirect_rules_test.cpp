// SPDX-License-Identifier: Apache-2.0
// The redirect rules of the wire contract, one by one: final URLs, cookies, hours, bots, caches.
#include "api/redirect.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

constexpr auto kFirefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
constexpr auto kIphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

class RedirectRulesTest : public TrackApiTest {
  protected:
    Response visit(std::string_view target, const Headers& more = {},
                   std::string_view method = "GET") {
        Headers headers{{"Host", domain}, {"Authorization", ""}};
        const auto is_agent = [](const auto& header) { return header.first == "User-Agent"; };
        if (std::ranges::none_of(more, is_agent)) headers.emplace_back("User-Agent", kFirefox);
        headers.insert(headers.end(), more.begin(), more.end());
        return send(method, target, {}, headers);
    }
    static std::string location(const Response& response) {
        return header_of(response, "Location");
    }
    // The click id in the location, which may be anywhere in it; empty: none.
    static std::string id_in(const Response& response) {
        const auto text = location(response);
        const auto at = text.find("dub_id");
        if (at == text.npos) return "";
        return text.substr(text.find_first_of("=_", at + 6) + 1, 16);
    }
    // The location with the click id written as "*".
    static std::string shape(const Response& response) {
        auto text = location(response);
        const auto id = id_in(response);
        if (!id.empty()) text.replace(text.find(id), id.size(), "*");
        return text;
    }
    Headers cookie_of(const Response& response) {
        const auto cookie = header_of(response, "Set-Cookie");
        return {{"Cookie", "other=1; " + cookie.substr(0, cookie.find(';'))}};
    }
};

TEST_P(RedirectRulesTest, FinalUrls) {
    struct Row {
        std::string_view target;
        bool tracks;
        bool partner;
        std::string_view query;
        std::string_view expected;
    };
    const Row rows[] = {
        {"https://a.example/?utm_source=x&utm_medium=social&utm_campaign=checks", false, false,
         "utm_source=checkly",
         "https://a.example/?utm_source=checkly&utm_medium=social&utm_campaign=checks"},
        {"https://a.example/blog?emptyquery", false, false, "",
         "https://a.example/blog?emptyquery"},
        {"https://a.example/p", false, false, "redir_url=https://evil.example/",
         "https://a.example/p"},
        {"https://a.example/p", true, false, "", "https://a.example/p?dub_id=*"},
        {"https://a.example/p#top", true, false, "", "https://a.example/p?dub_id=*#top"},
        {"https://a.example/p", true, true, "", "https://a.example/p?via=rule&dub_id=*"},
        {"https://a.example/p", false, true, "", "https://a.example/p?via=rule&dub_id=*"},
        {"https://a.example/p?via=me&dub_id=x", true, true, "",
         "https://a.example/p?via=rule&dub_id=*"},
        // Nobody's query replaces what the server has set, however it is written.
        {"https://a.example/p", true, true, "dub_id=AAAAAAAAAAAAAAAA&via=evil",
         "https://a.example/p?via=rule&dub_id=*"},
        {"https://a.example/p", true, true, "dub%5Fid=A&%76ia=evil&d%75b_id=B",
         "https://a.example/p?via=rule&dub_id=*"},
        {"https://a.example/p", false, false, "dub_id=A", "https://a.example/p?dub_id=A"},
        {"https://buy.example/x?dub_client_reference_id=1", true, false, "",
         "https://buy.example/x?client_reference_id=dub_id_*"},
        {"https://buy.example/x?dub_client_reference_id=1", true, false, "client_reference_id=evil",
         "https://buy.example/x?client_reference_id=dub_id_*"},
        {"https://a.example/p", false, false, "qr=1", "https://a.example/p"},
        {"https://a.example/p", false, false, "qr=2", "https://a.example/p?qr=2"},
        {"https://a.example/p", false, false, "skip_deeplink_preview=1", "https://a.example/p"},
        {"https://a.example/p?a=1", false, false, "b=%0d%0aX-Evil:1",
         "https://a.example/p?a=1&b=%0d%0aX-Evil:1"},
        {"https://a.example/p?a=1", false, false, "b=\r\nX-Evil: 1&\"<>\\",
         "https://a.example/p?a=1&b=%0D%0AX-Evil:%201&%22%3C%3E%5C"},
        {"https://a.example", true, false, "", "https://a.example/?dub_id=*"},
    };
    int visitor = 20;
    for (const auto& row : rows) {
        auto link = make_link("rule", std::string(row.target));
        link.track_conversion = row.tracks;
        if (row.partner) {
            link.partner_id = "pn_1";
            link.program_id = "prog_1";
        }
        change(link, [](Link&) {});
        client_ip = "192.0.2." + std::to_string(++visitor);
        const auto response = visit("/rule?" + std::string(row.query));
        EXPECT_EQ(response.status, 302) << row.target;
        if (row.tracks || row.partner) {
            EXPECT_EQ(shape(response), row.expected) << row.query;
        } else {
            EXPECT_EQ(location(response), row.expected) << row.query;
        }
        remove(link);
    }
}

TEST_P(RedirectRulesTest, AHeaderCannotBeAdded) {
    make_link("plain");
    for (const std::string& query :
         {std::string("a=\r\nX-Evil: 1"), std::string("\r\n\r\n<script>"),
          std::string("a=%0D%0AX-Evil:1"), std::string("a\0b", 3), std::string("\xFF\xFE=\x80")}) {
        const auto response = visit("/plain?" + query);
        EXPECT_EQ(response.status, 302);
        for (const auto& [name, value] : response.headers) {
            EXPECT_EQ(value.find_first_of(std::string_view("\r\n\0", 3)), std::string::npos)
                << name;
        }
    }
}

TEST_P(RedirectRulesTest, CookiesOfEveryKindOfKey) {
    struct Row {
        std::string key;   // as stored
        std::string path;  // as a browser asks
        std::string cookie_path;
        int status;
    };
    const Row rows[] = {
        {"plain", "/plain", "/plain", 302}, {"Mixed-Case", "/mixed-case", "/Mixed-Case", 302},
        {"a/b", "/a/b", "/a/b", 302},       {"xn--9ca", "/%C3%A9", "/%C3%A9", 302},
        {"_root", "/", "/", 301},
    };
    for (const auto& row : rows) {
        make_link(row.key);
        const auto first = visit(row.path);
        ASSERT_EQ(first.status, row.status) << row.key;
        const auto id = id_in(first);
        EXPECT_EQ(header_of(first, "Set-Cookie"), "dub_id_" + domain + "_" + row.key + "=" + id +
                                                      "; Path=" + row.cookie_path +
                                                      "; Max-Age=3600");
        EXPECT_EQ(header_of(first, "Cache-Control"), "no-store");
        // The cookie comes back from elsewhere under another name.
        client_ip = "192.0.2.99";
        const auto headers = cookie_of(first);
        EXPECT_EQ(id_in(visit(row.path, {headers.front(), {"User-Agent", kIphone}})), id);
        client_ip = "192.0.2.10";
    }
}

TEST_P(RedirectRulesTest, TheHourByCookieThenByAddressAndAgent) {
    const auto link = make_link("hour");
    const auto t = env.now_ms();
    const auto first = visit("/hour");
    const auto id = id_in(first);
    const auto cookie = cookie_of(first);
    struct Row {
        std::int64_t at_ms;
        std::string ip;
        const Headers& headers;
        bool same;
    };
    const Headers none;
    const Headers agent{{"User-Agent", kIphone}};
    const Row rows[] = {
        {t + 1, "192.0.2.10", none, true},
        {t + 2, "192.0.2.11", cookie, true},
        {t + 3, "192.0.2.11", none, false},
        {t + 4, "192.0.2.10", agent, false},
        {t + kHourMs - 1, "192.0.2.12", cookie, true},
        {t + kHourMs - 1, "192.0.2.10", none, true},
        {t + kHourMs, "192.0.2.13", cookie, false},  // the hour of the cookie's click is over
        {t + kHourMs, "192.0.2.10", none, false},
    };
    for (const auto& row : rows) {
        env.set_now_ms(row.at_ms);
        client_ip = row.ip;
        EXPECT_EQ(id_in(visit("/hour", row.headers)) == id, row.same) << row.at_ms - t << row.ip;
    }
    EXPECT_EQ(totals(link).clicks, 5);
    EXPECT_EQ(TrackApiTest::rows().clicks, 5);
}

// The salt of the visitors changes at midnight; whoever came before is still the same person.
TEST_P(RedirectRulesTest, TheHourGoesOnOverMidnight) {
    const auto link = make_link("midnight");
    const auto midnight = start_of_day_ms(env.now_ms()) + kDayMs;
    struct Row {
        std::int64_t first_ms;
        std::int64_t second_ms;
        bool same;
    };
    const Row rows[] = {
        {midnight - 1, midnight, true},
        {midnight - 30 * kMinuteMs, midnight + 29 * kMinuteMs, true},
        {midnight - 1, midnight + kHourMs - 2, true},
        {midnight - 1, midnight + kHourMs - 1, false},
        {midnight, midnight + kHourMs - 1, true},
        {midnight + kMinuteMs, midnight + kHourMs, true},
    };
    int visitor = 20;
    std::int64_t day = 0;
    for (const auto& row : rows) {
        client_ip = "192.0.2." + std::to_string(++visitor);
        env.set_now_ms(row.first_ms + day);
        const auto id = id_in(visit("/midnight"));
        env.set_now_ms(row.second_ms + day);
        EXPECT_EQ(id_in(visit("/midnight")) == id, row.same)
            << row.first_ms - midnight << " " << row.second_ms - midnight;
        day += 2 * kDayMs;
    }
    EXPECT_EQ(totals(link).clicks, 7);
}

TEST_P(RedirectRulesTest, BotsAreKeptFlaggedAndNotCounted) {
    const auto link = make_link("bots");
    struct Row {
        std::string_view method;
        std::string target;
        Headers headers;
    };
    const Row rows[] = {
        {"HEAD", "/bots", {}},
        {"GET", "/bots?bot=1", {}},
        {"GET", "/bots?a=1&bot", {}},
        {"GET", "/bots", {{"User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1)"}}},
        {"GET", "/bots", {{"User-Agent", "curl/8.9.1"}}},
        {"GET", "/bots", {{"User-Agent", "WhatsApp/2.24"}}},
    };
    int visitor = 20;
    for (const auto& row : rows) {
        client_ip = "192.0.2." + std::to_string(++visitor);
        const auto response = visit(row.target, row.headers, row.method);
        EXPECT_EQ(response.status, 302) << row.target;
        const auto id = id_in(response);
        ASSERT_TRUE(touch(id).has_value()) << row.target;
        EXPECT_TRUE(touch(id)->bot) << row.target;
        // Its id must not stick to the person whose browser or app asked ahead.
        EXPECT_EQ(header_of(response, "Set-Cookie"), "");
        const auto refused =
            lead({{"clickId", id}, {"eventName", "x"}, {"customerExternalId", "u"}});
        EXPECT_EQ(outcome(refused), "404 Click event not found for clickId: " + id);
    }
    EXPECT_EQ(totals(link).clicks, 0);

    // The person behind the same address and agent is counted, before and after.
    client_ip = "192.0.2.21";
    const auto person = id_in(visit("/bots"));
    EXPECT_FALSE(touch(person)->bot);
    EXPECT_TRUE(touch(id_in(visit("/bots", {}, "HEAD")))->bot);
    EXPECT_EQ(id_in(visit("/bots")), person);
    EXPECT_EQ(totals(link).clicks, 1);
    // A missing agent is no bot.
    client_ip = "192.0.2.60";
    EXPECT_FALSE(touch(id_in(visit("/bots", {{"User-Agent", ""}})))->bot);
}

TEST_P(RedirectRulesTest, WhoOptsOutIsNotRecorded) {
    auto link = make_link("quiet");
    change(link, [](Link& l) {
        l.partner_id = "pn_1";
        l.program_id = "prog_1";
    });
    struct Row {
        std::string target;
        Headers headers;
        std::string_view expected;
    };
    const Row rows[] = {
        {"/quiet?dub-no-track=1", {}, "https://shop.example/landing?via=quiet"},
        {"/quiet?dub-no-track", {}, "https://shop.example/landing?via=quiet"},
        {"/quiet?a=1&dub-no-track=0", {}, "https://shop.example/landing?via=quiet&a=1"},
        {"/quiet", {{"dub-no-track", "1"}}, "https://shop.example/landing?via=quiet"},
        {"/quiet", {{"Dub-No-Track", ""}}, "https://shop.example/landing?via=quiet"},
    };
    for (const auto& row : rows) {
        const auto response = visit(row.target, row.headers);
        EXPECT_EQ(response.status, 302);
        EXPECT_EQ(location(response), row.expected) << row.target;
        EXPECT_EQ(header_of(response, "Set-Cookie"), "");
    }
    EXPECT_EQ(TrackApiTest::rows(), RowCounts{});
}

TEST_P(RedirectRulesTest, WhatIsKeptOfAClick) {
    make_link("kept", "https://shop.example/p?x=1");
    struct Row {
        std::string query;
        Headers headers;
        std::string trigger;
        std::string referer;
    };
    const Row rows[] = {
        {"", {}, "link", "(direct)"},
        {"?qr=1", {}, "qr", "(direct)"},
        {"?qr=2", {}, "link", "(direct)"},
        {"", {{"Referer", "https://www.News.example/a?b"}}, "link", "news.example"},
        {"", {{"Referer", "nonsense"}}, "link", "(direct)"},
        {"", {{"Referer", "https://\xFF\xFE.example/"}}, "link", ""},
        {"", {{"User-Agent", std::string(5'000, 'u')}}, "link", "(direct)"},
        {"", {{"User-Agent", "\xFF\xFE Firefox"}}, "link", "(direct)"},
        {"", {{"User-Agent", std::string("a\0b", 3)}}, "link", "(direct)"},
    };
    int visitor = 20;
    for (const auto& row : rows) {
        client_ip = "192.0.2." + std::to_string(++visitor);
        const auto id = id_in(visit("/kept" + row.query, row.headers));
        const auto kept = touch(id);
        ASSERT_TRUE(kept.has_value()) << visitor;
        EXPECT_EQ(kept->trigger, row.trigger);
        EXPECT_EQ(kept->url, "https://shop.example/p?x=1");
        if (!row.referer.empty()) {
            EXPECT_EQ(kept->referer, row.referer);
        }
        EXPECT_LE(kept->user_agent.size(), 3 * limits::kUserAgentBytesMax);
    }
}

TEST_P(RedirectRulesTest, LinksThatDoNotTrackPassNothing) {
    auto link = make_link("plain");
    change(link, [](Link& l) { l.track_conversion = false; });
    const auto response = visit("/plain");
    EXPECT_EQ(location(response), "https://shop.example/landing");
    EXPECT_EQ(totals(link).clicks, 1);  // it counts all the same, and its cookie keeps the hour
    EXPECT_NE(header_of(response, "Set-Cookie"), "");
    client_ip = "192.0.2.99";
    visit("/plain", cookie_of(response));
    EXPECT_EQ(totals(link).clicks, 1);
    // Half a partner link is none.
    change(link, [](Link& l) { l.partner_id = "pn_1"; });
    EXPECT_EQ(location(visit("/plain")), "https://shop.example/landing");
}

TEST_P(RedirectRulesTest, LinksThatAreNotThere) {
    auto off = make_link("off");
    change(off, disable);
    auto over = make_link("over");
    change(over, [](Link& l) { l.expires_at_ms = 1'790'000'000'000; });
    auto moved = make_link("moved");
    change(moved, [](Link& l) {
        l.expires_at_ms = 1;
        l.expired_url = "https://shop.example/new";
    });
    auto later = make_link("later");
    change(later, [](Link& l) { l.expires_at_ms = 1'790'000'000'001; });
    env.set_now_ms(1'790'000'000'000);
    struct Row {
        std::string target;
        int status;
        std::string_view expected;
    };
    const Row rows[] = {
        {"/off", 404, ""},
        {"/over", 410, ""},
        {"/moved?a=1", 302, "https://shop.example/new"},
        {"/later?dub-no-track", 302, "https://shop.example/landing"},
        {"/nothing", 404, ""},
        {"/", 404, ""},
        {"//", 404, ""},
        {"/later/", 302, "https://shop.example/landing"},
        {"/wp-admin.php", 302, "/?dub-no-track=1"},
        {"/a/b.PHP7", 302, "/?dub-no-track=1"},
        {"/_next/data", 302, "/?dub-no-track=1"},
        {"/.well-known/acme", 302, "/?dub-no-track=1"},
        {"/later%00", 404, ""},
        {"/%6Cater?dub-no-track", 302, "https://shop.example/landing"},
        {"/" + std::string(15'000, 'a'), 404, ""},
        {"/" + std::string(5'000, '%'), 404, ""},
        {"/../../etc/passwd", 404, ""},
    };
    for (const auto& row : rows) {
        const auto response = visit(row.target);
        EXPECT_EQ(response.status, row.status) << row.target.substr(0, 40);
        if (!row.expected.empty()) {
            EXPECT_TRUE(location(response).starts_with(row.expected)) << location(response);
        }
        if (row.status >= 400) {
            EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
            EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
            EXPECT_EQ(header_of(response, "X-Robots-Tag"), "noindex");
        }
    }
    EXPECT_EQ(totals(off).clicks + totals(over).clicks + totals(moved).clicks, 0);
    for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
        EXPECT_EQ(visit("/later", {}, method).status, 405) << method;
    }
    // Of another workspace's domain nothing is served.
    EXPECT_EQ(send("GET", "/later", {}, {{"Host", "other.example"}}).status, 404);
}

TEST_P(RedirectRulesTest, SearchEnginesAreToldWhatTheOwnerWants) {
    auto link = make_link("index");
    EXPECT_EQ(header_of(visit("/index"), "X-Robots-Tag"), "googlebot: noindex");
    change(link, [](Link& l) { l.do_index = true; });
    EXPECT_EQ(header_of(visit("/index"), "X-Robots-Tag"), "");
}

// Whatever was written is what the next visitor gets, round after round.
TEST_P(RedirectRulesTest, CachesForgetAtOnce) {
    for (int round = 0; round < 20; ++round) {
        const auto path = "/round-" + std::to_string(round);
        EXPECT_EQ(visit(path).status, 404);
        EXPECT_EQ(visit(path).status, 404);  // remembered
        auto link = make_link(path.substr(1), "https://shop.example/one");
        EXPECT_TRUE(location(visit(path)).starts_with("https://shop.example/one"));
        change(link, [](Link& l) { l.url = "https://shop.example/two"; });
        EXPECT_TRUE(location(visit(path)).starts_with("https://shop.example/two"));
        change(link, [](Link& l) { l.key = l.key_folded = l.key + "-moved"; });
        EXPECT_EQ(visit(path).status, 404);
        EXPECT_EQ(visit(path + "-moved").status, 302);
        change(link, disable);
        EXPECT_EQ(visit(path + "-moved").status, 404);
        change(link, [](Link& l) { l.disabled_at_ms.reset(); });
        EXPECT_EQ(visit(path + "-moved").status, 302);
        remove(link);
        EXPECT_EQ(visit(path + "-moved").status, 404);
    }
}

// A new link with the key of a deleted one does not inherit its visitors' clicks.
TEST_P(RedirectRulesTest, ACookieOfADeletedLinkIsNotTaken) {
    const auto first = make_link("again");
    const auto answer = visit("/again");
    const auto old_id = id_in(answer);
    remove(first);
    env.advance_ms(1000);
    const auto second = make_link("again");
    const auto id = id_in(visit("/again", cookie_of(answer)));
    EXPECT_NE(id, old_id);
    EXPECT_EQ(touch(id)->link_id, second.link_id);
    EXPECT_EQ(totals(second).clicks, 1);
}

TEST_P(RedirectRulesTest, CookiesThatAreNoClickIdAreNotTaken) {
    const auto link = make_link("forged");
    const auto name = "dub_id_" + domain + "_forged=";
    const auto ahead = new_click_id(env.now_ms() + kMinuteMs, env);
    int visitor = 20;
    for (const std::string& value :
         {std::string("short"), std::string("AAAAAAAAAAAAAAAAA"), std::string("AAAA-AAAA_AAAA!!"),
          std::string(""), ahead, new_click_id(env.now_ms() - kHourMs, env)}) {
        client_ip = "192.0.2." + std::to_string(++visitor);
        const auto id = id_in(visit("/forged", {{"Cookie", name + value}}));
        EXPECT_NE(id, value);
        EXPECT_TRUE(touch(id).has_value());
    }
    EXPECT_EQ(totals(link).clicks, 6);
}

HW_ON_BOTH_ENGINES(RedirectRulesTest);

}  // namespace
}  // namespace hw
