// SPDX-License-Identifier: Apache-2.0
#include "api/alert_event_data.hpp"

#include "core/record_webhook_attempt.hpp"
#include "core/tell_status.hpp"
#include "store/delivery_attempts.hpp"
#include "store/outbox.hpp"
#include "store/webhooks.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class AlertEventDataTest : public TrackApiTest {
  protected:
    std::string subscribe(const std::string& to, const std::string& event) {
        env.advance_ms(1);
        const auto made = post("/webhooks", {{"url", to}, {"events", boost::json::array{event}}});
        EXPECT_EQ(made.status, 201) << made.body;
        return std::string(json_of(made).at("id").as_string());
    }
    // What was sent to the endpoint, the oldest first.
    std::vector<Delivery> sent(const std::string& webhook_id) {
        return *read([&](Tx& tx) -> Result<std::vector<Delivery>> {
            auto found = list_deliveries(tx, {.webhook_id = webhook_id, .limit = 100});
            std::ranges::reverse(found);
            return found;
        });
    }
    Json data_of(const Delivery& delivery) {
        return *read([&](Tx& tx) -> Result<Json> {
            const auto event = find_outbox_event(tx, delivery.event_id);
            return boost::json::parse(event->payload.value()).at("data");
        });
    }
    void attempt(const Delivery& delivery, const WebhookAttempt& attempt) {
        env.advance_ms(1);
        const auto done = write([&](Tx& tx) -> Result<bool> {
            record_webhook_attempt(tx, {delivery.webhook_id, delivery.delivery_id}, attempt);
            if (attempt.last) {
                give_up_webhook_delivery(tx, {delivery.webhook_id, delivery.delivery_id});
            }
            return true;
        });
        HW_ASSERT(done);
    }
};

TEST_P(AlertEventDataTest, AStatusThatChanged) {
    const auto endpoint = subscribe("https://hooks.example/", "alert.status_changed");
    const auto look = [this] {
        env.advance_ms(1);
        return *write([](Tx& tx) -> Result<bool> { return tell_status(tx); });
    };
    EXPECT_FALSE(look());
    lead({{"clickId", make_click(make_link("k"))},
          {"eventName", "Sign up"},
          {"customerExternalId", "c"}});
    EXPECT_TRUE(look());
    const auto told = sent(endpoint);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().event, "alert.status_changed");
    const auto data = data_of(told.front());
    EXPECT_EQ(keys_of(data),
              (std::vector<std::string>{"status", "previous", "rule", "message", "at"}));
    EXPECT_EQ(data.at("status"), "working");
    EXPECT_EQ(data.at("previous"), "not_working");
    EXPECT_EQ(data.at("rule"), "attributed");
}

TEST_P(AlertEventDataTest, ADeliveryThatWasGivenUp) {
    const auto dead = subscribe("https://dead.example/", "link.created");
    const auto other = subscribe("https://alerts.example/", "alert.delivery_dead");
    ASSERT_EQ(post("/links", {{"url", "https://shop.example"}, {"domain", domain}}).status, 200);
    const auto deliveries = sent(dead);
    ASSERT_EQ(deliveries.size(), 1U);
    const WebhookAttempt failed{.at_ms = 1, .status = 500, .error = "status 500"};
    attempt(deliveries.front(), failed);
    EXPECT_TRUE(sent(other).empty()) << "there are more attempts";
    auto last = failed;
    last.last = true;
    attempt(deliveries.front(), last);
    const auto told = sent(other);
    ASSERT_EQ(told.size(), 1U);
    const auto data = data_of(told.front());
    EXPECT_EQ(data.at("event"), "link.created");
    EXPECT_EQ(data.at("deliveryId"), Json(deliveries.front().delivery_id));
    EXPECT_EQ(data.at("webhook").at("url"), "https://dead.example/");
    EXPECT_EQ(data.at("attempts"), 2);
    EXPECT_EQ(data.at("lastStatus"), 500);
    EXPECT_EQ(data.at("lastError"), "status 500");

    attempt(told.front(), last);
    EXPECT_EQ(sent(other).size(), 1U) << "an alert that nobody takes is no news";
}

HW_ON_BOTH_ENGINES(AlertEventDataTest);

}  // namespace
}  // namespace hw
