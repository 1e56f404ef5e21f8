// SPDX-License-Identifier: Apache-2.0
#include "core/settle_movements.hpp"

#include <algorithm>

#include "tests/fixture/payment_test.hpp"

namespace hw {
namespace {

class SettleMovementsTest : public PaymentTest {
  protected:
    PaymentFact change(const std::string& key, const std::string& before,
                       const std::string& after) {
        PaymentFact fact;
        fact.fact_key = key;
        fact.kind = "subscription";
        fact.anchor_id = fact.subscription_id = "sub_1";
        fact.customer_id = "cus_1";
        fact.at_ms = 1'000;
        fact.currency = "usd";
        fact.status_before = before;
        fact.status = after;
        fact.mrr = fact.mrr_before = 100;
        fact.mrr_known = true;
        fact.plan = fact.plan_before = "p";
        return fact;
    }
    PaymentFact ended() {
        auto fact = change("e_end", "", "canceled");
        fact.kind = "subscription_ended";
        fact.at_ms = 9'000;
        return fact;
    }
};

TEST_P(SettleMovementsTest, AnEndThatCameTooEarlyIsTakenBack) {
    tell({ended()});
    EXPECT_EQ(movements(), "cus_1 sub:sub_1:ended -100\n");
    tell({change("e_stop", "past_due", "unpaid")});
    EXPECT_EQ(movements(),
              "cus_1 sub:sub_1:past_due p>unpaid p@1 -100\n"
              "cus_1 sub:sub_1:ended -100\n"
              "cus_1 sub:sub_1:ended#2 100\n");
    tell({change("e_stop", "past_due", "unpaid"), ended()});
    EXPECT_EQ(std::ranges::count(movements(), '\n'), 3);
}

TEST_P(SettleMovementsTest, WhoItWasIsToldLater) {
    tell({ended()});
    auto known = change("e_same", "active", "active");
    known.evidence.customer_external_id = "user_1";
    tell({known});
    EXPECT_EQ(movements(),
              "cus_1 sub:sub_1:ended -100\n"
              "cus_1 sub:sub_1:ended#2 100\n"
              "user_1 sub:sub_1:ended#3 -100\n");
}

HW_ON_BOTH_ENGINES(SettleMovementsTest);

}  // namespace
}  // namespace hw
