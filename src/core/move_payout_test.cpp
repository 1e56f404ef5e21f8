// SPDX-License-Identifier: Apache-2.0
#include "core/move_payout.hpp"

#include <future>

#include "core/create_payouts.hpp"
#include "core/record_refund.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class MovePayoutTest : public ProgramTest {
  protected:
    MovePayoutTest() { pay_at_once(); }
    void sell(const std::string& name) {
        lead(name, click);
        auto told = sale_of(name, 10'000);
        told.invoice_id = name;
        sold(told);
    }
    std::vector<Payout> create() {
        return write([&](Tx& tx) {
                   return create_payouts(tx, {.program_id = "prog_1",
                                              .partner_id = {},
                                              .description = {},
                                              .decided_by = "ada"});
               })
            ->payouts;
    }
    Result<MovedPayout> move(const std::string& id, const std::string& status) {
        return write([&](Tx& tx) {
            return move_payout(tx, {.payout_id = id, .status = status, .decided_by = "ada"});
        });
    }
    void refund(const std::string& invoice, std::int64_t amount) {
        ASSERT_TRUE(write([&](Tx& tx) {
            return record_refund(tx, {.workspace_id = {},
                                      .payment_alias = "invoice:" + invoice,
                                      .refund_key = "r1",
                                      .amount = amount,
                                      .currency = "usd",
                                      .reason = {},
                                      .at_ms = 0});
        }));
    }
};

TEST_P(MovePayoutTest, StepsThatLeadSomewhere) {
    struct Case {
        std::vector<std::string> before;
        std::string to;
        std::string expected;  // of the commission; empty: refused
    };
    const Case cases[] = {
        {{}, "processing", "sale 2000 paid"},
        {{}, "completed", "sale 2000 paid"},
        {{}, "canceled", "sale 2000 processed"},
        {{}, "failed", ""},
        {{"processing"}, "processed", "sale 2000 paid"},
        {{"processing"}, "canceled", ""},
        {{"processing"}, "failed", "sale 2000 processed"},
        {{"sent"}, "processing", ""},
        {{"completed"}, "failed", "sale 2000 processed"},
        {{"completed"}, "sent", ""},
        {{"canceled"}, "completed", ""},
        {{"processing", "failed"}, "completed", ""},
    };
    int number = 0;
    for (const auto& c : cases) {
        sell(std::to_string(++number));
        const auto payouts = create();
        ASSERT_EQ(payouts.size(), 1U) << number;
        const auto& id = payouts[0].payout_id;
        for (const auto& step : c.before) ASSERT_TRUE(move(id, step)) << number;
        const auto moved = move(id, c.to);
        EXPECT_EQ(moved.has_value(), !c.expected.empty()) << number;
        if (moved) {
            EXPECT_EQ(commissions().back(), c.expected) << number;
            EXPECT_FALSE(move(id, c.to)->changed);
        } else {
            EXPECT_EQ(moved.error().code, ErrorCode::Conflict);
        }
        // What is free again goes with the next payout of this test: so pay it.
        for (const auto& payout : create()) ASSERT_TRUE(move(payout.payout_id, "completed"));
        move(id, "completed");
    }
    expect_clean_books();
}

TEST_P(MovePayoutTest, ARefundAfterPayingIsCarriedToTheNext) {
    sell("a");
    ASSERT_TRUE(move(create()[0].payout_id, "completed"));
    refund("a", 5'000);
    EXPECT_TRUE(create().empty());  // nothing positive to pay
    sell("b");
    const auto next = create();
    ASSERT_EQ(next.size(), 1U);
    EXPECT_EQ(next[0].amount, 1'000);
    ASSERT_TRUE(move(next[0].payout_id, "completed"));
    EXPECT_EQ(commissions(), (Texts{"sale 1000 paid", "sale 2000 paid"}));
    // The payment bounced: all of it is open again, the carry too.
    ASSERT_TRUE(move(next[0].payout_id, "failed"));
    expect_clean_books();
    EXPECT_EQ(create()[0].amount, 1'000);
    expect_clean_books();
}

TEST_P(MovePayoutTest, WhatChangedSinceIsNotPaid) {
    sell("a");
    const auto id = create()[0].payout_id;
    refund("a", 5'000);
    const auto moved = move(id, "processing");
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().reason, "payout_out_of_date");
    EXPECT_NE(moved.error().message.find("is worth 1000 by now, not 2000"), std::string::npos);
    ASSERT_TRUE(move(id, "canceled"));
    EXPECT_EQ(create()[0].amount, 1'000);
    expect_clean_books();
}

TEST_P(MovePayoutTest, FiveHundredConfirmationsAreOne) {
    sell("a");
    const auto id = create()[0].payout_id;
    std::vector<std::future<Result<MovedPayout>>> asked;
    for (int i = 0; i < 500; ++i) {
        asked.push_back(later([id](Tx& tx) {
            return move_payout(tx, {.payout_id = id, .status = "completed", .decided_by = "ada"});
        }));
    }
    int changes = 0;
    for (auto& one : asked) {
        const auto moved = one.get();
        ASSERT_TRUE(moved) << moved.error().message;
        changes += moved->changed ? 1 : 0;
    }
    EXPECT_EQ(changes, 1);
    EXPECT_EQ(commissions(), Texts{"sale 2000 paid"});
    expect_clean_books();
}

TEST_P(MovePayoutTest, Unknown) {
    const auto moved = move("po_x", "completed");
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().message, "There is no payout po_x.");
}

HW_ON_BOTH_ENGINES(MovePayoutTest);

}  // namespace
}  // namespace hw
