// SPDX-License-Identifier: Apache-2.0
#include "api/webhook_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(WebhookJson, TellsEverythingButTheSecrets) {
    Webhook webhook;
    webhook.webhook_id = "wh_1";
    webhook.secret = "whsec_new";
    webhook.previous_secret = "whsec_old";
    webhook.previous_until_ms = 1'790'000'000'000;
    webhook.link_scope = "folders";
    webhook.scope_ids = {"fold_1"};
    webhook.disabled_at_ms = 1'790'000'000'000;
    webhook.disabled_reason = "It answered 410 Gone.";
    const auto text = json::serialize(webhook_json(webhook));
    EXPECT_FALSE(text.contains("whsec_")) << text;
    EXPECT_TRUE(text.contains(R"("linkIds":[],"folderIds":["fold_1"])")) << text;
    EXPECT_TRUE(text.contains(R"("disabledReason":"It answered 410 Gone.")")) << text;
    webhook.disabled_at_ms.reset();
    EXPECT_TRUE(webhook_json(webhook).at("disabledReason").is_null());
}

TEST(WebhookJson, SaysThatNoAnswerCame) {
    EXPECT_TRUE(delivery_json(Delivery{}).at("lastStatus").is_null());
    EXPECT_TRUE(delivery_attempt_json(DeliveryAttempt{}).at("status").is_null());
    DeliveryAttempt answered;
    answered.status = 503;
    EXPECT_EQ(delivery_attempt_json(answered).at("status"), 503);
}

}  // namespace
}  // namespace hw
