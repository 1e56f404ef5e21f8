// SPDX-License-Identifier: Apache-2.0
#include "core/record_webhook_attempt.hpp"

#include "core/webhooks.hpp"
#include "store/delivery_attempts.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/fake_payloads.hpp"

namespace hw {
namespace {

class RecordWebhookAttemptTest : public EngineTest {
  protected:
    RecordWebhookAttemptTest() {
        db = open({.url = url, .payloads = &payloads_});
        WebhookFields fields;
        fields.url = "https://hooks.example/";
        fields.events = std::vector<std::string>{"lead.created"};
        webhook_id = write([&](Tx& tx) { return create_webhook(tx, fields); }).value().webhook_id;
    }
    ~RecordWebhookAttemptTest() override { db.reset(); }

    DeliveryRef make_delivery() {
        const auto id = write([&](Tx& tx) { return ping_webhook(tx, webhook_id); });
        return {webhook_id, id.value()};
    }
    void record(const DeliveryRef& ref, std::optional<std::int64_t> status,
                const std::string& error = "") {
        const auto done = write([&](Tx& tx) -> Result<bool> {
            record_webhook_attempt(tx, ref,
                                   {.at_ms = tx.now_ms(),
                                    .duration_ms = 5,
                                    .status = status,
                                    .error = error,
                                    .response = "said"});
            return true;
        });
        ASSERT_TRUE(done.has_value());
    }
    Delivery found(const DeliveryRef& ref) {
        return *read([&](Tx& tx) -> Result<std::optional<Delivery>> {
                    return find_delivery(tx, ref.webhook_id, ref.delivery_id);
                }).value();
    }
    Webhook webhook() {
        return read([&](Tx& tx) { return get_webhook(tx, webhook_id); }).value();
    }

    std::string webhook_id;

  private:
    FakePayloads payloads_;
};

TEST_P(RecordWebhookAttemptTest, KeepsEveryAttempt) {
    const auto ref = make_delivery();
    record(ref, std::nullopt, "timeout");
    EXPECT_EQ(found(ref).state, "waiting");
    EXPECT_EQ(found(ref).last_error, "timeout");
    env.advance_ms(5'000);
    record(ref, 500, "status 500");
    record(ref, 204);
    const auto delivery = found(ref);
    EXPECT_EQ(delivery.state, "delivered");
    EXPECT_EQ(delivery.attempts, 3);
    EXPECT_EQ(delivery.last_status, 204);
    const auto attempts = read([&](Tx& tx) -> Result<std::vector<DeliveryAttempt>> {
                              return list_delivery_attempts(tx, ref.delivery_id);
                          }).value();
    ASSERT_EQ(attempts.size(), 3);
    EXPECT_EQ(attempts[0].status, std::nullopt);
    EXPECT_EQ(attempts[1].error, "status 500");
    EXPECT_EQ(attempts[1].at_ms - attempts[0].at_ms, 5'000);
    EXPECT_EQ(attempts[2].number, 3);
    EXPECT_EQ(attempts[2].response, "said");
}

TEST_P(RecordWebhookAttemptTest, GivesUp) {
    const auto ref = make_delivery();
    record(ref, 500, "status 500");
    const auto done = write([&](Tx& tx) -> Result<bool> {
        give_up_webhook_delivery(tx, ref);
        return true;
    });
    ASSERT_TRUE(done.has_value());
    EXPECT_EQ(found(ref).state, "dead");
    EXPECT_EQ(found(ref).last_error, "status 500");
}

TEST_P(RecordWebhookAttemptTest, DisablesWhatFailsForLong) {
    struct Row {
        std::int64_t failures;
        std::int64_t over_ms;
        bool expected;
    };
    const Row rows[] = {
        {kWebhookFailuresMax, 0, false},  // a burst
        {kWebhookFailuresMax, kWebhookFailingMsMin - 1, false},
        {kWebhookFailuresMax - 1, kWebhookFailingMsMin, false},
        {kWebhookFailuresMax, kWebhookFailingMsMin, true},
    };
    const auto ref = make_delivery();
    for (const auto& row : rows) {
        record(ref, 200);
        EXPECT_EQ(webhook().failures, 0);
        EXPECT_EQ(webhook().failing_since_ms, std::nullopt);
        for (std::int64_t i = 1; i < row.failures; ++i) record(ref, 500, "status 500");
        env.advance_ms(row.over_ms);
        record(ref, 500, "status 500");
        EXPECT_EQ(webhook().failures, row.failures);
        EXPECT_EQ(webhook().disabled_at_ms.has_value(), row.expected) << row.failures;
    }
    const auto reason = webhook().disabled_reason;
    EXPECT_TRUE(reason.contains("20 attempts in a row failed since 2026-")) << reason;
    EXPECT_TRUE(reason.contains("status 500")) << reason;
}

TEST_P(RecordWebhookAttemptTest, AnEndpointThatIsGoneLeavesNothing) {
    const auto ref = make_delivery();
    ASSERT_TRUE(write([&](Tx& tx) { return delete_webhook(tx, webhook_id); }).has_value());
    record(ref, 500, "status 500");
    EXPECT_EQ(found(ref).attempts, 1);
}

HW_ON_BOTH_ENGINES(RecordWebhookAttemptTest);

}  // namespace
}  // namespace hw
