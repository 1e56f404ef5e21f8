// SPDX-License-Identifier: Apache-2.0
#include "core/record_webhook_attempt.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class WebhookDeliveriesApiTest : public TrackApiTest {
  protected:
    void SetUp() override {
        const auto made =
            post("/webhooks", {{"url", "https://hooks.example/"}, {"events", {"lead.created"}}});
        webhook_id = std::string(json_of(made).at("id").as_string());
        path = "/webhooks/" + webhook_id;
    }
    std::string ping() {
        env.advance_ms(1);
        const auto pinged = send("POST", path + "/ping");
        EXPECT_EQ(pinged.status, 202) << pinged.body;
        return std::string(json_of(pinged).at("deliveryId").as_string());
    }
    void attempt(const std::string& delivery_id, int status, bool last) {
        const auto done = write([&](Tx& tx) -> Result<bool> {
            const DeliveryRef ref{webhook_id, delivery_id};
            const auto error = status < 300 ? "" : "status " + std::to_string(status);
            record_webhook_attempt(tx, ref,
                                   {.at_ms = tx.now_ms(), .status = status, .error = error});
            if (last) give_up_webhook_delivery(tx, ref);
            return true;
        });
        ASSERT_TRUE(done.has_value());
    }
    std::vector<std::string> ids(const std::string& query) {
        const auto answer = send("GET", path + "/deliveries" + query);
        EXPECT_EQ(answer.status, 200) << answer.body;
        std::vector<std::string> found;
        const auto rows = json_of(answer).as_array();
        for (const auto& row : rows) found.emplace_back(row.at("id").as_string());
        return found;
    }

    std::string webhook_id;
    std::string path;
};

TEST_P(WebhookDeliveriesApiTest, AreListedByStateAndPage) {
    const auto a = ping();
    const auto b = ping();
    const auto c = ping();
    attempt(a, 500, true);
    attempt(b, 200, false);
    attempt(c, 500, false);
    using Ids = std::vector<std::string>;
    struct Row {
        std::string query;
        Ids expected;
    };
    const Row rows[] = {
        {"", {c, b, a}},
        {"?pageSize=2", {c, b}},
        {"?pageSize=2&startingAfter=" + b, {a}},
        {"?startingAfter=" + a, {}},
        {"?state=dead", {a}},
        {"?state=delivered", {b}},
        {"?state=waiting", {c}},
        {"?state=waiting&startingAfter=" + c, {}},
    };
    for (const auto& row : rows) EXPECT_EQ(ids(row.query), row.expected) << row.query;
    EXPECT_EQ(send("GET", path + "/deliveries?state=lost").status, 422);
    EXPECT_EQ(send("GET", path + "/deliveries?pageSize=101").status, 422);
    EXPECT_EQ(send("GET", "/webhooks/wh_none/deliveries").status, 404);
}

TEST_P(WebhookDeliveriesApiTest, TellTheirStory) {
    const auto id = ping();
    const auto waiting = json_of(send("GET", path + "/deliveries/" + id));
    EXPECT_EQ(waiting.at("nextAttemptAt").as_string(), "2026-09-21T14:13:20.001Z");
    EXPECT_EQ(waiting.at("payload").at("type").as_string(), "webhook.ping");
    EXPECT_EQ(waiting.at("payload").at("id"), waiting.at("eventId"));
    EXPECT_EQ(waiting.at("payload").at("data").at("webhook").at("id").as_string(), webhook_id);
    attempt(id, 500, false);
    attempt(id, 204, false);
    const auto done = json_of(send("GET", path + "/deliveries/" + id));
    EXPECT_EQ(done.at("state").as_string(), "delivered");
    EXPECT_TRUE(done.at("nextAttemptAt").is_null());
    const auto log = done.at("attemptLog").as_array();
    ASSERT_EQ(log.size(), 2);
    EXPECT_EQ(log[0].at("error").as_string(), "status 500");
    EXPECT_EQ(log[1].at("status"), 204);
    EXPECT_EQ(send("GET", path + "/deliveries/dlv_none").status, 404);
}

TEST_P(WebhookDeliveriesApiTest, AreSentOnceMore) {
    const auto id = ping();
    env.advance_ms(1);
    const auto again = send("POST", path + "/deliveries/" + id + "/replay");
    EXPECT_EQ(again.status, 202) << again.body;
    EXPECT_EQ(ids("").size(), 2);
    EXPECT_EQ(send("POST", path + "/deliveries/dlv_none/replay").status, 404);

    lead({{"clickId", make_click(make_link("k"))},
          {"eventName", "Sign up"},
          {"customerExternalId", "c"}});
    struct Row {
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {R"({"start":"2026-09-21","end":"2026-09-22"})", R"(202 {"replayed":1,"next":null})"},
        {R"({"start":"2026-09-20","end":"2026-09-21"})", R"(202 {"replayed":0,"next":null})"},
        {R"({"start":"2026-09-22","end":"2026-09-21"})", "422 end: it must be later than start"},
        {R"({"start":"2026-09-21","end":"2026-09-22","events":["sale.created"]})",
         R"(202 {"replayed":0,"next":null})"},
        {R"({"start":"2026-09-21","end":"2026-09-22","events":["x"]})", "422 events: received"},
        {R"({"start":"yesterday","end":"2026-09-22"})",
         "422 invalid_format: start: Invalid time \"yesterday\""},
        {R"({"start":"2026-09-22"})", "422 invalid_type: end"},
    };
    for (const auto& row : rows) {
        const auto seen = outcome(send("POST", path + "/replay", row.body));
        EXPECT_TRUE(seen.starts_with(row.expected)) << row.body << ": " << seen;
    }
    EXPECT_EQ(ids("").size(), 4);
}

HW_ON_BOTH_ENGINES(WebhookDeliveriesApiTest);

}  // namespace
}  // namespace hw
