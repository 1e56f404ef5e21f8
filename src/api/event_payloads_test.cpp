// SPDX-License-Identifier: Apache-2.0
#include "api/event_payloads.hpp"

#include <future>
#include <set>

#include "core/webhook_events.hpp"
#include "store/delivery_attempts.hpp"
#include "store/outbox.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class EventPayloadsTest : public TrackApiTest {
  protected:
    void SetUp() override {
        boost::json::array events;
        for (const auto name : kWebhookEvents) events.emplace_back(name);
        const auto made =
            post("/webhooks", {{"url", "https://hooks.example/"}, {"events", std::move(events)}});
        webhook_id = std::string(json_of(made).at("id").as_string());
    }
    // The bodies of that event, the oldest first.
    std::vector<Json> bodies(std::string_view event) {
        return read([&](Tx& tx) -> Result<std::vector<Json>> {
                   std::vector<Json> found;
                   for (const auto& delivery :
                        list_deliveries(tx, {.webhook_id = webhook_id, .limit = 1'000})) {
                       if (delivery.event != event) continue;
                       const auto stored = find_outbox_event(tx, delivery.event_id);
                       found.insert(found.begin(), boost::json::parse(stored->payload.value()));
                   }
                   return found;
               })
            .value();
    }
    Json data(std::string_view event) {
        const auto found = bodies(event);
        EXPECT_EQ(found.size(), 1) << event;
        return found.empty() ? Json(Object{}) : found.back().at("data");
    }

    std::string webhook_id;
};

TEST_P(EventPayloadsTest, LeadsAndSalesCountThemselves) {
    const auto link = make_link("k");
    const auto click = make_click(link);
    const auto clicked = data("link.clicked");
    EXPECT_EQ(keys_of(clicked), (std::vector<std::string>{"click", "link"}));
    EXPECT_EQ(clicked.at("click").at("id").as_string(), click);
    EXPECT_EQ(clicked.at("link").at("clicks"), 1) << "this one";

    env.advance_ms(1'000);
    lead({{"clickId", click},
          {"eventName", "Sign up"},
          {"customerExternalId", "c"},
          {"customerName", "Zoë"},
          {"eventQuantity", 2},
          {"metadata", {{"plan", "pro"}}}});
    const auto led = data("lead.created");
    EXPECT_EQ(led.at("eventName").as_string(), "Sign up");
    EXPECT_EQ(led.at("link").at("clicks"), 1);
    EXPECT_EQ(led.at("link").at("id").as_string(), link.link_id);
    EXPECT_EQ(led.at("click").at("timestamp").as_string(), "2026-09-21T14:13:20.000Z");
    EXPECT_EQ(led.at("metadata").at("plan").as_string(), "pro");
    EXPECT_EQ(led.at("customer").at("name").as_string(), "Zoë");
    EXPECT_FALSE(led.at("customer").as_object().contains("country"));

    env.advance_ms(1'000);
    sale({{"customerExternalId", "c"}, {"amount", 4'900}, {"invoiceId", "in_1"}});
    const auto sold = data("sale.created");
    EXPECT_EQ(sold.at("sale"), (Object{{"amount", 4'900},
                                       {"invoiceId", "in_1"},
                                       {"paymentProcessor", "custom"},
                                       {"currency", "usd"}}));
    EXPECT_EQ(sold.at("link").at("sales"), 1) << "this one";
    EXPECT_EQ(sold.at("link").at("saleAmount"), 4'900);
    EXPECT_EQ(sold.at("link").at("conversions"), 1);
    EXPECT_EQ(sold.at("link").at("leads"), 2);
    EXPECT_EQ(sold.at("customer").at("sales"), 1);
    EXPECT_EQ(sold.at("customer").at("saleAmount"), 4'900);
    EXPECT_EQ(sold.at("click").at("timestamp").as_string(), "2026-09-21T14:13:20.000Z");

    env.advance_ms(1);
    sale({{"customerExternalId", "c"}, {"amount", 100}});
    EXPECT_EQ(bodies("sale.created").back().at("data").at("link").at("saleAmount"), 5'000);
}

TEST_P(EventPayloadsTest, LinksAreTheAnswersOfTheApi) {
    const auto made = send("POST", "/links", R"({"url":"https://shop.example/","key":"k"})",
                           {{"Host", "localhost"}});
    ASSERT_EQ(made.status, 200) << made.body;
    const auto body = json_of(made);
    EXPECT_EQ(keys_of(data("link.created")), keys_of(body));
    const auto id = std::string(body.at("id").as_string());
    make_click(*read([&](Tx& tx) -> Result<std::optional<Link>> {
                    return find_link(tx, workspace_id, id);
                }).value());
    env.advance_ms(1);
    const auto changed = send("PATCH", "/links/" + id, R"({"title":"New"})");
    auto updated = data("link.updated").as_object();
    EXPECT_EQ(updated.at("clicks"), 1);
    EXPECT_EQ(updated.at("title").as_string(), "New");
    updated["qrCode"] = json_of(changed).at("qrCode");  // of the host that was asked
    EXPECT_EQ(Json(updated), json_of(changed));
    env.advance_ms(1);
    ASSERT_EQ(send("DELETE", "/links/" + id).status, 200);
    EXPECT_EQ(data("link.deleted").at("title").as_string(), "New");
    EXPECT_EQ(data("link.deleted").at("clicks"), 1);
}

TEST_P(EventPayloadsTest, BulkCallsTellOfEachLink) {
    const auto made = send("POST", "/links/bulk",
                           R"([{"url":"https://a.example/"},{"url":"https://b.example/"},)"
                           R"({"url":""}])");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(bodies("link.created").size(), 2);
    env.advance_ms(1);
    std::string ids;
    for (const auto& link : {0, 1}) {
        const auto of = json_of(made).as_array();
        ids += (ids.empty() ? "" : ",") +
               std::string(of[static_cast<std::size_t>(link)].at("id").as_string());
    }
    ASSERT_EQ(send("DELETE", "/links/bulk?linkIds=" + ids).status, 200);
    EXPECT_EQ(bodies("link.deleted").size(), 2);
}

TEST_P(EventPayloadsTest, ADirectSaleTellsItsLeadToo) {
    const auto link = make_link("k");
    const auto click = make_click(link);
    env.advance_ms(1);
    sale({{"clickId", click}, {"customerExternalId", "new"}, {"amount", 100}});
    EXPECT_EQ(data("lead.created").at("customer").at("externalId").as_string(), "new");
    EXPECT_EQ(data("sale.created").at("customer").at("externalId").as_string(), "new");
    EXPECT_EQ(data("sale.created").at("link").at("leads"), 1);
}

TEST_P(EventPayloadsTest, WhatIsToldTwiceIsOneEvent) {
    const auto click = make_click(make_link("k"));
    for (int i = 0; i < 2; ++i) {
        lead({{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "c"}});
        sale({{"customerExternalId", "c"}, {"amount", 100}, {"invoiceId", "in_1"}});
    }
    EXPECT_EQ(bodies("lead.created").size(), 1);
    EXPECT_EQ(bodies("sale.created").size(), 1);
}

// Sales that are committed together: each payload counts those before it.
TEST_P(EventPayloadsTest, CountWhatIsCommittedWithThem) {
    const auto click = make_click(make_link("k"));
    lead({{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "c"}});
    std::vector<std::future<Response>> answers;
    for (int i = 0; i < 20; ++i) {
        answers.push_back(std::async(std::launch::async, [&] {
            return sale({{"customerExternalId", "c"}, {"amount", 100}});
        }));
    }
    for (auto& answer : answers) EXPECT_EQ(answer.get().status, 200);
    const auto told = bodies("sale.created");
    ASSERT_EQ(told.size(), 20);
    std::set<std::int64_t> counts;
    for (const auto& body : told) {
        counts.insert(body.at("data").at("link").at("sales").as_int64());
    }
    EXPECT_GE(*counts.begin(), 1);
    EXPECT_LE(*counts.rbegin(), 20);
    const bool one_writer = GetParam() == EngineKind::Sqlite;
    EXPECT_GE(counts.size(), one_writer ? 20 : 1);
}

HW_ON_BOTH_ENGINES(EventPayloadsTest);

}  // namespace
}  // namespace hw
