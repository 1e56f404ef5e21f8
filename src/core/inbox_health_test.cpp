// SPDX-License-Identifier: Apache-2.0
#include "core/inbox_health.hpp"

#include "core/record_revenue.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class InboxHealthTest : public ProgramTest {
  protected:
    void paid(const std::string& payment_id, const std::string& source) {
        RecordRevenue revenue;
        revenue.kind = "purchase";
        revenue.payment_ids = {payment_id};
        revenue.amount = 5'000;
        revenue.currency = "usd";
        revenue.occurred_at_ms = env.now_ms();
        revenue.processor_customer_id = "cus_" + payment_id;
        revenue.source = source;
        ASSERT_TRUE(write([&](Tx& tx) { return record_revenue(tx, revenue); }).has_value());
        env.advance_ms(1);
    }
    std::optional<InboxHealth> health() {
        return *read([&](Tx& tx) -> Result<std::optional<InboxHealth>> {
            return inbox_health(tx, workspace_id);
        });
    }
};

TEST_P(InboxHealthTest, KnownByItsPayments) {
    EXPECT_FALSE(health());
    tell(direct_sale("ada", click));
    paid("in_1", "revenue");
    EXPECT_FALSE(health()) << "not told by a webhook";
    const auto first_ms = env.now_ms();
    paid("in_2", "webhook");
    const auto last_ms = env.now_ms();
    paid("in_3", "webhook");
    ASSERT_TRUE(health());
    EXPECT_EQ(health()->verified_at_ms, first_ms);
    EXPECT_EQ(health()->last_delivery_at_ms, last_ms);
}

HW_ON_BOTH_ENGINES(InboxHealthTest);

}  // namespace
}  // namespace hw
