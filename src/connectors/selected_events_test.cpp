// SPDX-License-Identifier: Apache-2.0
// The events that merchants are told to select are those that can be read.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "connectors/lemon_squeezy/lemon_squeezy_provider.hpp"
#include "connectors/paddle/paddle_provider.hpp"
#include "connectors/polar/polar_provider.hpp"
#include "connectors/stripe/stripe_provider.hpp"
#include "core/processor_events.hpp"

namespace hw {
namespace {

TEST(SelectedEvents, AreRead) {
    const StripeProvider stripe;
    const LemonSqueezyProvider lemon_squeezy;
    const PaddleProvider paddle;
    const PolarProvider polar;
    const std::vector<const PaymentProvider*> providers{&stripe, &lemon_squeezy, &paddle, &polar};
    for (const auto& event : processor_events()) {
        // Its orders and refunds say themselves what they are.
        if (event.provider == "shopify") continue;
        const std::string type(event.type);
        InboundMessage message;
        message.headers = {{"webhook-id", "msg_1"}};
        message.body = R"({"object":"event","id":"evt_1","event_id":"evt_1","type":")" + type +
                       R"(","event_type":")" + type + R"(","meta":{"event_name":")" + type +
                       R"("},"data":{"id":"1","action":"refund","status":"approved",)"
                       R"("object":{"id":"x_1"},"attributes":{}}})";
        const auto provider = std::ranges::find(providers, event.provider, &PaymentProvider::name);
        ASSERT_NE(provider, providers.end()) << event.provider;
        const auto facts = (*provider)->read_facts(message);
        ASSERT_TRUE(facts) << type << ": " << facts.error().message;
        EXPECT_FALSE(facts->empty()) << event.provider << " " << type;
    }
}

}  // namespace
}  // namespace hw
