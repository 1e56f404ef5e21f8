// SPDX-License-Identifier: Apache-2.0
#include "api/ingest.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "base/limits.hpp"
#include "core/create_ingest_token.hpp"
#include "core/get_mrr.hpp"
#include "store/identities.hpp"
#include "store/page_views.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

namespace json = boost::json;

class IngestTest : public ApiTest {
  protected:
    IngestTest() {
        for (const auto* kind : {"public", "secret", "test"}) {
            const auto made =
                db->write_now<CreatedIngestToken>(std::string(kOperator), [&](Tx& tx) {
                    return create_ingest_token(
                        tx, {.workspace_id = workspace_id, .kind = kind, .token = token(kind)});
                });
            HW_ASSERT(made.has_value());
        }
    }
    std::string token(std::string_view kind) const {
        return workspace_id + "-" + std::string(kind);
    }

    Response post(std::string_view path, const std::string& body, const Headers& headers = {}) {
        return send("POST", path, body, headers);
    }
    Response tell(std::string_view type, const std::string& data, const Headers& headers = {}) {
        return post(
            "/api/ingest",
            fmt::format(R"({{"type":"{}","token":"{}","data":{}}})", type, token("public"), data),
            headers);
    }
    Response pay(const std::string& data, std::string_view kind = "secret") {
        const auto secret = token(kind);
        return post("/api/revenue", data, {{"X-API-Token", secret}});
    }
    static std::string outcome(const Response& response) {
        return fmt::format("{} {}", response.status, response.body);
    }
    std::vector<PageView> views_of(const PersonKeys& person) {
        return *read([&](Tx& tx) -> Result<std::vector<PageView>> {
            std::vector<PageView> views;
            for (const auto& each : fingerprints_of_person(tx, workspace_id, person)) {
                for (auto& view : page_views_of_visitor(tx, each, 0, env.now_ms(), 100)) {
                    views.push_back(std::move(view));
                }
            }
            return views;
        });
    }
    std::string replaced(std::string text) const {
        for (const auto& [from, to] :
             {std::pair{"pub_x", token("public")}, std::pair{"sec_x", token("secret")}}) {
            for (auto at = text.find(from); at != text.npos; at = text.find(from)) {
                text.replace(at, std::string_view(from).size(), to);
            }
        }
        return text;
    }
};

TEST_P(IngestTest, WhatRealClientsSend) {
    std::ifstream file(std::string(HW_SOURCE_DIR) + "/testdata/pulsora/ingest_cases.json");
    std::stringstream text;
    text << file.rdbuf();
    const auto cases = json::parse(text.str()).at("cases").as_array();
    ASSERT_EQ(cases.size(), 18U);
    for (const auto& each : cases) {
        const auto& row = each.as_object();
        const auto raw = row.contains("raw_body") ? std::string(row.at("raw_body").as_string())
                                                  : json::serialize(row.at("body"));
        std::vector<std::pair<std::string, std::string>> kept{
            {"Content-Type", std::string(row.at("content_type").as_string())}};
        for (const auto& header : row.at("headers").as_object()) {
            kept.emplace_back(header.key(), replaced(std::string(header.value().as_string())));
        }
        Headers headers;
        for (const auto& [name, value] : kept) headers.emplace_back(name, value);
        env.advance_ms(1);
        const auto answer = post("/api/ingest", replaced(raw), headers);
        const auto& expected = row.at("expect").as_object();
        const auto name = std::string(row.at("name").as_string());
        EXPECT_EQ(answer.status, expected.at("status").as_int64()) << name << answer.body;
        if (!expected.contains("body")) continue;
        auto body = json_of(answer).as_object();
        body.erase("warnings");
        EXPECT_EQ(body, expected.at("body").as_object()) << name;
    }
}

TEST_P(IngestTest, WhatIsRefusedAndWhatIsPassedOver) {
    const auto mine = token("public");
    const auto body = [&](std::string_view rest) {
        return fmt::format(R"({{"token":"{}"{}}})", mine, rest);
    };
    struct Case {
        std::string body;
        std::string expected;
    };
    const std::string no_object = R"(400 {"message":"The body must be a JSON object."})";
    const Case table[] = {
        {"", no_object},
        {"[]", no_object},
        {"{", no_object},
        {"{}", R"(401 {"error":"Missing API token"})"},
        {R"({"token":5})", R"(401 {"error":"Missing API token"})"},
        {R"({"token":"pub_nope"})", R"(401 {"error":"Invalid API token"})"},
        {body(""), R"(400 {"message":"The type field is required."})"},
        {body(R"(,"type":"pageview")"), R"(400 {"message":"The data field is required."})"},
        {body(R"(,"type":"x","data":{})"),
         R"(400 {"message":"type must be one of: pageview, event, identify, revenue."})"},
        {body(R"(,"type":"pageview","data":{})"),
         R"(202 {"success":true,"ignored":"The data.url field is required."})"},
        {body(R"(,"type":"event","data":{"event_name":5})"),
         R"(202 {"success":true,"ignored":"The data.event_name field is required."})"},
        {body(R"(,"type":"identify","data":{})"),
         R"(202 {"success":true,"ignored":"The data.customer_id field is required."})"},
        {body(R"(,"type":"pageview","data":{"url":"https://a.example/"})"),
         R"(202 {"success":true})"},
        {std::string(limits::kIngestBodyBytesMax + 1, ' '),
         R"(413 {"message":"The body must be at most 65536 bytes."})"},
    };
    for (const auto& row : table) EXPECT_EQ(outcome(post("/api/ingest", row.body)), row.expected);
}

TEST_P(IngestTest, BrowsersMayAskFirst) {
    const auto answer = send("OPTIONS", "/api/ingest", "", {});
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(header_of(answer, "Access-Control-Expose-Headers"), "Retry-After");
    EXPECT_TRUE(header_of(answer, "Access-Control-Allow-Headers").contains("X-API-Token"));
    EXPECT_TRUE(header_of(answer, "Access-Control-Allow-Headers").contains("Content-Type"));
}

TEST_P(IngestTest, ARevokedTokenEnds) {
    const auto data = R"({"url":"https://a.example/"})";
    EXPECT_EQ(tell("pageview", data).status, 202);
    const auto listed = json_of(send("GET", "/ingest-tokens", "", {})).as_array();
    for (const auto& each : listed) {
        if (each.at("kind").as_string() != "public") continue;
        const auto path = "/ingest-tokens/" + std::string(each.at("id").as_string());
        EXPECT_EQ(send("DELETE", path, "", {}).status, 200);
    }
    EXPECT_EQ(outcome(tell("pageview", data)), R"(401 {"error":"Invalid API token"})");
}

TEST_P(IngestTest, TheVisitorIsTheToldOneElseTheOneOfTheDay) {
    tell("pageview",
         R"({"url":"https://a.example/","session_id":"s1","visitor_fingerprint":null})");
    tell("pageview", R"({"url":"https://a.example/b","session_id":"s1"})");
    tell("pageview",
         R"({"url":"https://a.example/","session_id":"s2","visitor_fingerprint":"fp"})");
    EXPECT_EQ(views_of({.session_id = "s1"}).size(), 2U);
    ASSERT_EQ(views_of({.session_id = "s2"}).size(), 1U);
    EXPECT_EQ(views_of({.session_id = "s2"})[0].fingerprint, "fp");
    client_ip = "192.0.2.99";
    tell("pageview", R"({"url":"https://a.example/","session_id":"s3"})");
    EXPECT_EQ(views_of({.session_id = "s3"}).size(), 1U);
}

TEST_P(IngestTest, WhatWasToldAgainCountsOnce) {
    const auto count = [&] { return views_of({.visitor_fingerprint = "fp"}).size(); };
    const std::string page = R"({"url":"https://a.example/","visitor_fingerprint":"fp"})";
    env.set_now_ms(1'790'000'000'000);
    tell("pageview", page);
    env.advance_ms(9'999);
    tell("pageview", page);
    EXPECT_EQ(count(), 1U);
    env.advance_ms(1);
    tell("pageview", page);
    EXPECT_EQ(count(), 2U);
    const std::string with_id =
        R"({"url":"https://a.example/","visitor_fingerprint":"fp","event_id":"e1",)"
        R"("occurred_at_ms":1790000000000})";
    tell("pageview", with_id);
    env.advance_ms(3'600'000);
    tell("pageview", with_id);
    EXPECT_EQ(count(), 3U);
}

TEST_P(IngestTest, WhoWantsPrivacyIsCountedAndNotKnown) {
    const std::string page =
        R"({"url":"https://a.example/p?dub_id=0123456789ABCDEF&x=1","visitor_fingerprint":"fp",)"
        R"("session_id":"s","customer_id":"c","referrer":"https://b.example/"})";
    EXPECT_EQ(tell("pageview", page, {{"Sec-GPC", "1"}}).status, 202);
    EXPECT_TRUE(views_of({.visitor_fingerprint = "fp"}).empty());
    EXPECT_TRUE(views_of({.session_id = "s"}).empty());
    const auto counted = views_of({.visitor_fingerprint = ""});
    EXPECT_TRUE(counted.empty());
    const auto stored = *read([&](Tx& tx) -> Result<std::vector<PageView>> {
        return page_views_of_visitor(tx, "", 0, env.now_ms(), 10);
    });
    ASSERT_EQ(stored.size(), 1U);
    EXPECT_EQ(stored[0].url, "https://a.example/p");
    EXPECT_EQ(stored[0].click_id + stored[0].session_id + stored[0].customer_id, "");
    EXPECT_EQ(stored[0].source, "b.example");
}

TEST_P(IngestTest, ACookieOfTheShopsOwnComesFirst) {
    const std::string page = R"({"url":"https://a.example/","session_id":"s"})";
    const auto first = tell("pageview", page, {{"Headwater-First-Party", "http-only"}});
    const auto cookie = header_of(first, "Set-Cookie");
    ASSERT_TRUE(cookie.starts_with("headwater_visitor=v_")) << cookie;
    EXPECT_TRUE(cookie.contains("HttpOnly"));
    const auto visitor = cookie.substr(0, cookie.find(';'));
    tell("event", R"({"event_name":"buy","visitor_fingerprint":"local"})",
         {{"Headwater-First-Party", "on"}, {"Cookie", visitor}});
    EXPECT_EQ(views_of({.visitor_fingerprint = "local"}).size(), 2U);
    EXPECT_EQ(header_of(tell("pageview", page), "Set-Cookie"), "");
}

TEST_P(IngestTest, ThePageKnowsWhereItsVisitorCameFrom) {
    tell("pageview",
         R"({"url":"https://shop.example/?utm_source=nl&via=anna&gclid=g1","session_id":"s",)"
         R"("referrer":"https://www.google.com/search"})");
    tell("pageview", R"({"url":"https://shop.example/b","referrer":"https://www.google.com/",)"
                     R"("session_id":"s"})");
    tell("pageview", R"({"url":"https://shop.example/c","referrer":"https://shop.example/b",)"
                     R"("session_id":"s"})");
    std::vector<std::string> sources;
    for (const auto& view : views_of({.session_id = "s"})) {
        sources.push_back(fmt::format("{} {} {}", view.source, view.via, view.network_click));
    }
    std::ranges::sort(sources);
    EXPECT_EQ(sources,
              (std::vector<std::string>{"(direct)  ", "google.com  ", "nl anna gclid:g1"}));
}

TEST_P(IngestTest, IdentifyBindsTheVisitorToTheCustomer) {
    tell("pageview", R"({"url":"https://a.example/","visitor_fingerprint":"fp"})");
    EXPECT_EQ(tell("identify", R"({"customer_id":"cust","visitor_fingerprint":"fp",)"
                               R"("traits":{"email":"Ann@Shop.example"}})")
                  .status,
              202);
    EXPECT_EQ(views_of({.external_customer_id = "cust"}).size(), 1U);
}

TEST_P(IngestTest, RevenueByItself) {
    struct Case {
        std::string kind;
        std::string body;
        std::string expected;
    };
    const std::string sale =
        R"({"customer_id":"c","session_id":"s","transaction_id":"t1","amount":9.99})";
    const Case table[] = {
        {"public", sale, R"(403 {"error":"Revenue events require secret token"})"},
        {"secret", sale, R"(202 {"success":true})"},
        {"secret", R"({"type":"revenue","data":)" + sale + "}",
         R"(202 {"success":true,"duplicate":true})"},
        {"secret", R"({"customer_id":"c","transaction_id":"t1","amount":9.98})",
         R"(409 {"message":"Duplicate transaction"})"},
        {"secret", R"({"customer_id":"c","transaction_id":"t2"})",
         R"(400 {"message":"amount is required."})"},
        {"secret", R"({"customer_id":"new","transaction_id":"tx_1700000000000","amount":1})",
         R"(202 {"success":true,"warnings":["transaction_id_made_of_time",)"
         R"("no_visitor_or_known_customer"]})"},
    };
    for (const auto& row : table) EXPECT_EQ(outcome(pay(row.body, row.kind)), row.expected);
    EXPECT_EQ(rows().sales, 2);
}

TEST_P(IngestTest, ABatchHasAResultForEach) {
    const auto secret = token("secret");
    const auto answer =
        post("/api/revenue/batch",
             R"({"events":[{"customer_id":"c","session_id":"s","transaction_id":"a","amount":1},)"
             R"({"customer_id":"c","transaction_id":"b","amount":"1"},7,)"
             R"({"data":{"customer_id":"c","transaction_id":"a","amount":2}},)"
             R"({"customer_id":"c","session_id":"s","transaction_id":"a","amount":1}]})",
             {{"X-API-Token", secret}});
    EXPECT_EQ(outcome(answer),
              R"(202 {"success":true,"results":[{"success":true,"status":202},)"
              R"({"success":false,"status":400,"message":"Invalid amount"},)"
              R"({"success":false,"status":400,"message":"The event must be an object."},)"
              R"({"success":false,"status":409,"message":"Duplicate transaction"},)"
              R"({"success":true,"duplicate":true,"status":202}]})");
    std::string many = "{}";
    for (std::size_t i = 0; i < limits::kRevenueBatchMax; ++i) many += ",{}";
    EXPECT_EQ(outcome(post("/api/revenue/batch", R"({"events":[)" + many + "]}",
                           {{"X-API-Token", secret}})),
              R"(400 {"message":"events must be an array of at most 100 events."})");
    EXPECT_EQ(
        post("/api/revenue/batch", R"({"events":[]})", {{"X-API-Token", token("public")}}).status,
        403);
}

TEST_P(IngestTest, ABatchMayBeLargeButNotAnySize) {
    const std::string large(limits::kRevenueBatchBytesMax + 1, ' ');
    EXPECT_EQ(post("/api/revenue/batch", large).status, 413);
}

TEST_P(IngestTest, TestTokensStayOutOfTotals) {
    const std::string start =
        R"({"customer_id":"c","session_id":"s","transaction_id":"t1","amount":5,"mrr_impact":5,)"
        R"("event_type":"subscription","customer_subscription_id":"sub"})";
    EXPECT_EQ(pay(start, "test").status, 202);
    const auto live = json_of(send("GET", "/mrr", "", {}));
    EXPECT_TRUE(live.at("current").as_array().empty());
    const auto test = json_of(send("GET", "/mrr?mode=test", "", {}));
    EXPECT_EQ(test.at("current").as_array().at(0).at("amount").as_int64(), 500);
    EXPECT_EQ(rows().customers, 0);
}

HW_ON_BOTH_ENGINES(IngestTest);

}  // namespace
}  // namespace hw
