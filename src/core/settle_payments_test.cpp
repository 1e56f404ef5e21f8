// SPDX-License-Identifier: Apache-2.0
#include "core/settle_payments.hpp"

#include "core/settle_commission.hpp"
#include "tests/fixture/payment_test.hpp"

namespace hw {
namespace {

class SettlePaymentsTest : public PaymentTest {
  protected:
    static PaymentFact refund(const std::string& key, std::int64_t amount, std::string status) {
        PaymentFact fact;
        fact.fact_key = key;
        fact.kind = "refund";
        fact.anchor_id = "re_1";
        fact.intent_id = "pi_1";
        fact.at_ms = 5;
        fact.currency = "usd";
        fact.gross = amount;
        fact.status = std::move(status);
        return fact;
    }
    PaymentFact session() {
        auto fact = paid("e_cs", "session", "cs_1");
        fact.intent_id = "pi_1";
        return fact;
    }
};

TEST_P(SettlePaymentsTest, TheNetShareGoesBackOnce) {
    tell({session()});
    EXPECT_NE(conversion("pi_1"), "");
    EXPECT_EQ(conversion("pi_1"), conversion("cs_1"));
    for (int twice = 0; twice < 2; ++twice) {
        tell({refund("e_re", 119, "pending")});
        EXPECT_EQ(refunded({"pi_1", "cs_1"}), 100);
    }
    tell({refund("e_failed", 119, "failed")});
    EXPECT_EQ(refunded({"pi_1", "cs_1"}), 0);
}

TEST_P(SettlePaymentsTest, TheRefundComesBeforeItsSale) {
    tell({refund("e_re", 119, "succeeded")});
    EXPECT_EQ(refunded({"pi_1"}), 119);
    EXPECT_EQ(conversion("pi_1"), "");
    tell({session()});
    EXPECT_EQ(refunded({"pi_1", "cs_1"}), 100);
}

TEST_P(SettlePaymentsTest, TwoConversionsTurnOutToBeOne) {
    tell({paid("e_cs", "session", "cs_1")});
    tell({paid("e_in", "invoice", "in_1")});
    const auto first = conversion("cs_1");
    EXPECT_NE(first, conversion("in_1"));
    PaymentFact join;
    join.fact_key = "e_join";
    join.kind = "join";
    join.anchor_id = "inpay_1";
    join.invoice_id = "in_1";
    join.checkout_id = "cs_1";
    tell({join});
    EXPECT_EQ(conversion("in_1"), first);
    EXPECT_EQ(conversion("cs_1"), first);
}

TEST_P(SettlePaymentsTest, AVerdictFindsItsDispute) {
    PaymentFact dispute;
    dispute.kind = "dispute";
    dispute.anchor_id = "du_1";
    dispute.intent_id = "pi_1";
    dispute.gross = 119;
    dispute.fact_key = "e_open";
    dispute.status = "open";
    tell({dispute});
    auto invoice = paid("e_in", "invoice", "in_1");
    invoice.intent_id = "pi_1";
    tell({invoice});  // from now on it has a better name
    dispute.fact_key = "e_won";
    dispute.status = "won";
    tell({dispute});
    const auto told = *read([&](Tx& tx) -> Result<std::vector<Dispute>> {
        return disputes_of(tx, workspace_id, invoice_alias("pi_1"));
    });
    ASSERT_EQ(told.size(), 2U);
}

TEST_P(SettlePaymentsTest, NothingTakenIsNoSale) {
    auto free = paid("e_cs", "session", "cs_1");
    free.gross = free.net = free.tax = free.total = 0;
    tell({free});
    EXPECT_EQ(conversion("cs_1"), "");
    auto unpaid = paid("e_cs2", "session", "cs_2");
    unpaid.paid = false;
    tell({unpaid});
    EXPECT_EQ(conversion("cs_2"), "");
}

TEST_P(SettlePaymentsTest, ABarePaymentWaitsForABetterWord) {
    auto bare = paid("e_pi", "intent", "pi_1");
    bare.checkout_id.clear();
    bare.intent_id = "pi_1";
    bare.net = 119;
    tell({bare});
    EXPECT_EQ(conversion("pi_1"), "");
    const auto again = [&] {
        return *write([&](Tx& tx) -> Result<SettledPayments> {
            return settle_payments(tx, "stripe", "pi_1");
        });
    };
    EXPECT_EQ(again().again_at_ms, bare.at_ms + 3'600'000);
    env.set_now_ms(bare.at_ms + 3'600'000 - 1);
    EXPECT_EQ(again().recorded, 0);
    env.advance_ms(1);
    EXPECT_EQ(again().recorded, 1);
    EXPECT_EQ(again().again_at_ms, 0);
    const auto first = conversion("pi_1");
    EXPECT_NE(first, "");
    tell({session()});  // too late: what was booked is replaced, once
    const auto second = conversion("pi_1");
    EXPECT_NE(second, first);
    EXPECT_EQ(conversion("cs_1"), second);
    auto other = paid("e_in", "invoice", "in_1");
    other.checkout_id = "cs_1";
    other.net = 101;
    tell({other});
    EXPECT_EQ(conversion("in_1"), second) << "an invoice does not correct a checkout";
}

HW_ON_BOTH_ENGINES(SettlePaymentsTest);

}  // namespace
}  // namespace hw
