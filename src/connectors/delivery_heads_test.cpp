// SPDX-License-Identifier: Apache-2.0
// What a delivery tells before anybody has processed it, whether or not it is signed.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "connectors/lemon_squeezy/lemon_squeezy_provider.hpp"
#include "connectors/paddle/paddle_provider.hpp"
#include "connectors/polar/polar_provider.hpp"
#include "connectors/shopify/shopify_provider.hpp"
#include "connectors/stripe/stripe_provider.hpp"
#include "core/processor_events.hpp"
#include "tests/fixture/processor_fixtures.hpp"

namespace hw {
namespace {

std::vector<std::unique_ptr<PaymentProvider>> all_processors() {
    std::vector<std::unique_ptr<PaymentProvider>> all;
    all.push_back(std::make_unique<StripeProvider>());
    all.push_back(std::make_unique<LemonSqueezyProvider>());
    all.push_back(std::make_unique<PaddleProvider>());
    all.push_back(std::make_unique<PolarProvider>());
    all.push_back(std::make_unique<ShopifyProvider>());
    return all;
}

// What nobody reads must not be asked for.
TEST(DeliveryHeads, ReadTheEventsThatAreToBeSelected) {
    for (const auto& event : processor_events()) {
        if (event.provider == "shopify") continue;
        const std::string type(event.type);
        InboundMessage message;
        message.headers = {{"webhook-id", "msg_1"}};
        message.body = R"({"object":"event","id":"evt_1","event_id":"evt_1","type":")" + type +
                       R"(","event_type":")" + type + R"(","meta":{"event_name":")" + type +
                       R"("},"data":{"id":"1","action":"refund","status":"approved",)"
                       R"("object":{"id":"x_1"},"attributes":{}}})";
        const auto all = all_processors();
        const auto reader = std::ranges::find(all, event.provider, &PaymentProvider::name);
        const auto facts = (*reader)->read_facts(message);
        ASSERT_TRUE(facts) << type << ": " << facts.error().message;
        EXPECT_FALSE(facts->empty()) << event.provider << " " << type;
    }
}

// Whether or not a signature covers it: people may accept what has none.
TEST(DeliveryHeads, IdsOfDeliveriesAreShort) {
    const PolarProvider polar;
    auto message = ProcessorFixtures("polar").messages.at("order_paid");
    message.headers.at(0).second = std::string(255, 'a');
    EXPECT_TRUE(polar.read_head(message));
    message.headers.at(0).second = std::string(256, 'a');
    EXPECT_FALSE(polar.read_head(message));
}

TEST(DeliveryHeads, WhenItWasSigned) {
    for (const auto& processor : all_processors()) {
        if (processor->name() == "stripe") continue;  // below
        const ProcessorFixtures fixtures{std::string(processor->name())};
        auto message = fixtures.messages.begin()->second;
        const bool timed = processor->name() == "paddle" || processor->name() == "polar";
        const auto head = processor->read_head(message);
        EXPECT_EQ(head->signed_at_ms,
                  timed ? std::optional(message.received_at_ms - 5'000) : std::nullopt)
            << processor->name();
    }
    const StripeProvider stripe;
    InboundMessage message;
    message.body = R"({"object":"event","id":"evt_1","type":"x","account":"acct_1",)"
                   R"("api_version":"2026-10-28.endive"})";
    message.headers = {{"Stripe-Signature", "t=1790000000,v1=00"}};
    const auto head = stripe.read_head(message);
    EXPECT_EQ(head->signed_at_ms, 1'790'000'000'000);
    EXPECT_EQ(head->account, "acct_1");
    EXPECT_EQ(head->api_version, "2026-10-28.endive");
}

}  // namespace
}  // namespace hw
