// SPDX-License-Identifier: Apache-2.0
// What webhooks received long ago is forgotten; what they did not receive stays.
#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "store/delivery_attempts.hpp"
#include "store/webhooks.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class DeliveriesTest : public EngineTest {
  protected:
    void done(const std::function<void(Tx&)>& step) {
        const auto written = write([&](Tx& tx) -> Result<bool> {
            step(tx);
            return true;
        });
        HW_ASSERT(written.has_value());
    }
    std::string deliver(const std::string& webhook_id, const std::string& state) {
        Delivery delivery;
        delivery.workspace_id = workspace_id;
        delivery.webhook_id = webhook_id;
        delivery.state = state;
        delivery.attempts = 1;
        done([&](Tx& tx) {
            delivery.delivery_id = tx.new_id("dlv_");
            delivery.created_at_ms = tx.now_ms();
            insert_delivery(tx, delivery);
            DeliveryAttempt attempt;
            attempt.delivery_id = delivery.delivery_id;
            attempt.number = 1;
            insert_delivery_attempt(tx, attempt);
        });
        return delivery.delivery_id;
    }
    bool exists(const std::string& webhook_id, const std::string& delivery_id) {
        return *read([&](Tx& tx) -> Result<bool> {
            const bool found = find_delivery(tx, webhook_id, delivery_id).has_value();
            HW_ASSERT(found == !list_delivery_attempts(tx, delivery_id).empty());
            return found;
        });
    }
    std::int64_t forget(std::int64_t limit) {
        return *write([&](Tx& tx) -> Result<std::int64_t> {
            return delete_delivered(tx, tx.now_ms() - kDayMs, limit);
        });
    }
};

TEST_P(DeliveriesTest, OldDeliveredOnesGoWithTheirAttempts) {
    done([&](Tx& tx) {
        for (const auto* id : {"wh_1", "wh_2"}) {
            Webhook webhook;
            webhook.workspace_id = workspace_id;
            webhook.webhook_id = id;
            webhook.url = std::string("https://") + id + ".example";
            insert_webhook(tx, webhook);
        }
    });
    struct Row {
        std::string webhook_id;
        std::string state;
        std::string id;
        bool stays;
    };
    Row rows[] = {{"wh_1", "delivered", "", false},
                  {"wh_2", "delivered", "", false},
                  {"wh_1", "dead", "", true},
                  {"wh_1", "waiting", "", true},
                  {"wh_2", "delivered", "", true}};
    for (auto& row : rows) {
        if (&row == &rows[4]) env.advance_ms(kDayMs + 1);
        row.id = deliver(row.webhook_id, row.state);
    }
    EXPECT_EQ(forget(1), 1);
    EXPECT_EQ(forget(10), 1);
    EXPECT_EQ(forget(10), 0);
    for (const auto& row : rows) {
        EXPECT_EQ(exists(row.webhook_id, row.id), row.stays) << row.webhook_id << " " << row.state;
    }
}

HW_ON_BOTH_ENGINES(DeliveriesTest);

}  // namespace
}  // namespace hw
