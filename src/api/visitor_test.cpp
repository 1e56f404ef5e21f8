// SPDX-License-Identifier: Apache-2.0
#include "api/visitor.hpp"

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

const Query kCountSalts{"test_count_salts", "select count(*) from salts"};

class VisitorTest : public EngineTest {
  protected:
    // Salts are not of a tenant: each test has a database of its own.
    VisitorTest() : own(own_database(GetParam())) { db = open({.url = own.url}); }
    ~VisitorTest() override { db.reset(); }

    struct Visit {
        std::string method = "GET";
        std::string query;
        std::string ip = "192.0.2.1";
        std::vector<std::pair<std::string, std::string>> headers{};
    };
    Touch observe(const Visitors& visitors, const Visit& visit) {
        std::vector<Header> headers;
        for (const auto& [name, value] : visit.headers) headers.push_back({name, value});
        Request request{};
        request.method = visit.method;
        request.path = "/";
        request.query = visit.query;
        request.headers = headers;
        request.client_ip = visit.ip;
        return visitors.observe(request, link, "link");
    }
    void prepare(Visitors& visitors) {
        std::promise<bool> ready;
        visitors.with_salts([&](std::optional<Error> failed) { ready.set_value(!failed); });
        ASSERT_TRUE(ready.get_future().get());
    }

    OwnDatabase own;
    Link link;
};

TEST_P(VisitorTest, PeopleAreToldApartByAddressAndAgent) {
    Visitors visitors(*db, {});
    prepare(visitors);
    const auto visitor = [&](const std::string& ip, const std::string& agent) {
        return observe(visitors, {.query = {}, .ip = ip, .headers = {{"User-Agent", agent}}})
            .visitor;
    };
    const auto ada = visitor("192.0.2.1", "Firefox");
    EXPECT_EQ(visitor("192.0.2.1", "Firefox"), ada);
    EXPECT_NE(visitor("192.0.2.2", "Firefox"), ada);
    EXPECT_NE(visitor("192.0.2.1", "Safari"), ada);
    EXPECT_NE(visitor("2001:db8::1", "Firefox"), ada);
}

TEST_P(VisitorTest, TheSaltChangesEveryDayAndTwoAreKept) {
    Visitors visitors(*db, {});
    Visitors other_node(*db, {});
    const auto midnight = start_of_day_ms(env.now_ms()) + kDayMs;
    std::set<std::int64_t> hashes;
    std::int64_t before = 0;
    for (int day = 0; day < 4; ++day) {
        env.set_now_ms(midnight + day * kDayMs);
        prepare(visitors);
        prepare(other_node);
        const auto touch = observe(visitors, {});
        EXPECT_TRUE(hashes.insert(touch.visitor).second);
        EXPECT_EQ(observe(other_node, {}).visitor, touch.visitor);
        if (day > 0) {
            EXPECT_EQ(touch.visitor_yesterday, before);
        }
        before = touch.visitor;
        // Only in the first hour does anybody ask who was who yesterday.
        env.set_now_ms(midnight + day * kDayMs + kHourMs - 1);
        EXPECT_NE(observe(visitors, {}).visitor_yesterday, 0);
        env.set_now_ms(midnight + day * kDayMs + kHourMs);
        EXPECT_EQ(observe(visitors, {}).visitor_yesterday, 0);
        const auto salts =
            db->read_now<std::int64_t>(std::string(kOperator), [](Tx& tx) -> Result<std::int64_t> {
                return *tx.first(kCountSalts, [](const Row& row) { return row.int64(0); });
            });
        EXPECT_EQ(*salts, 2);
    }
}

TEST_P(VisitorTest, TheCountryOfATrustedHeader) {
    struct Row {
        std::string value;
        std::string expected;
    };
    const Row rows[] = {
        {"DE", "DE"},      {"de", "DE"},     {"XX", "Unknown"},  {"T1", "Unknown"},
        {"", "Unknown"},   {"D", "Unknown"}, {"DEU", "Unknown"}, {"\xFF\xFE", "Unknown"},
        {"D\n", "Unknown"}};
    Visitors trusting(*db, {.geo_database = {}, .geo_country_header = "CF-IPCountry"});
    Visitors plain(*db, {});
    prepare(trusting);
    prepare(plain);
    for (const auto& row : rows) {
        const Visit visit{.query = {}, .headers = {{"cf-ipcountry", row.value}}};
        EXPECT_EQ(observe(trusting, visit).country, row.expected) << row.value;
        EXPECT_EQ(observe(plain, visit).country, "Unknown");
    }
}

TEST_P(VisitorTest, WhatIsStoredIsTextAndBounded) {
    Visitors visitors(*db, {});
    prepare(visitors);
    struct Row {
        std::string agent;
        std::string referer;
        std::string expected_referer;
    };
    const Row rows[] = {
        {"Firefox", "https://www.News.example/x", "news.example"},
        {"", "", "(direct)"},
        {std::string(10'000, 'u'), "https://a.example/" + std::string(10'000, 'r'), "a.example"},
        {std::string(600, '\xC3'), "\xFF\xFE", "(direct)"},
        {std::string("a\0b", 3), std::string("https://a.example/\0", 19), "a.example"},
        {"x", "javascript:alert(1)", "(direct)"},
        {"x", "android-app://com.example/", "com.example"},
    };
    for (const auto& row : rows) {
        const auto touch = observe(
            visitors,
            {.query = {}, .headers = {{"User-Agent", row.agent}, {"Referer", row.referer}}});
        EXPECT_EQ(touch.referer, row.expected_referer);
        for (const auto& text : {touch.user_agent, touch.referer, touch.referer_url}) {
            EXPECT_TRUE(is_valid_utf8(text));
            EXPECT_FALSE(text.contains('\0'));
        }
        EXPECT_LE(touch.user_agent.size(), 3 * limits::kUserAgentBytesMax);
        EXPECT_LE(touch.referer_url.size(), 3 * limits::kReferrerBytesMax);
    }
}

TEST_P(VisitorTest, Bots) {
    Visitors visitors(*db, {});
    prepare(visitors);
    struct Row {
        Visit visit;
        bool expected;
    };
    const auto agent = [](const std::string& text) {
        return std::vector<std::pair<std::string, std::string>>{{"User-Agent", text}};
    };
    const Row rows[] = {
        {{.method = "GET", .query = ""}, false},
        {{.method = "HEAD", .query = ""}, true},
        {{.method = "GET", .query = "bot=1"}, true},
        {{.method = "GET", .query = "a=1&bot"}, true},
        {{.method = "GET", .query = "robot=1"}, false},
        {{.method = "GET", .query = "x=bot"}, false},
        {{.method = "GET", .query = "", .headers = agent("Googlebot/2.1")}, true},
        {{.method = "GET", .query = "", .headers = agent("")}, false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(observe(visitors, row.visit).bot, row.expected) << row.visit.query;
    }
}

HW_ON_BOTH_ENGINES(VisitorTest);

}  // namespace
}  // namespace hw
