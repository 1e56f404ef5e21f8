// SPDX-License-Identifier: Apache-2.0
#include "core/update_commission.hpp"

#include "core/create_payouts.hpp"
#include "core/move_payout.hpp"
#include "core/record_refund.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class UpdateCommissionTest : public ProgramTest {
  protected:
    std::string id_of_last() {
        return *read([&](Tx& tx) -> Result<std::string> {
            std::string last;
            each_commission(tx, workspace_id, [&](const Commission& c) { last = c.commission_id; });
            return last;
        });
    }
    std::string update(UpdateCommission input) {
        input.commission_id = id_of_last();
        input.decided_by = "ada";
        const auto done = write([&](Tx& tx) { return update_commission(tx, input); });
        return done ? commissions().back() : done.error().message;
    }
};

TEST_P(UpdateCommissionTest, AnotherAmountEarnsByTheSameReward) {
    import_rates();
    lead("ada", click);
    sold(sale_of("ada", 10'000));
    struct Row {
        UpdateCommission change;
        std::string expected;
    };
    const Row rows[] = {
        {{.commission_id = {}, .sale_amount = 333, .decided_by = {}}, "sale 67 pending"},
        {{.commission_id = {}, .modify_sale_amount = 667, .decided_by = {}}, "sale 200 pending"},
        {{.commission_id = {}, .modify_sale_amount = -5'000, .decided_by = {}}, "sale 0 refunded"},
        {{.commission_id = {}, .status = "pending", .decided_by = {}}, "sale 0 pending"},
        // Of no sale amount, so the one that is 0 already does not make it refunded again.
        {{.commission_id = {}, .earnings = 500, .decided_by = {}}, "sale 500 pending"},
        {{.commission_id = {}, .sale_amount = 1'000, .currency = "xxx", .decided_by = {}},
         "invalid_value: currency: there is no rate from xxx to usd: import one, or give the "
         "amount in usd."},
    };
    for (const auto& row : rows) EXPECT_EQ(update(row.change), row.expected);
    expect_clean_books();
}

TEST_P(UpdateCommissionTest, APersonOutranksTheReward) {
    lead("ada", click);
    auto told = sale_of("ada", 10'000);
    told.invoice_id = "in_1";
    sold(told);
    UpdateCommission change;
    change.earnings = 500;
    EXPECT_EQ(update(change), "sale 500 pending");
    // A refund takes its share of what stands.
    ASSERT_TRUE(write([&](Tx& tx) {
        return record_refund(tx, {.workspace_id = {},
                                  .payment_alias = "invoice:in_1",
                                  .refund_key = "r1",
                                  .amount = 5'000,
                                  .currency = "usd",
                                  .reason = {},
                                  .at_ms = 0});
    }));
    EXPECT_EQ(commissions().back(), "sale 250 pending");
    expect_clean_books();
}

TEST_P(UpdateCommissionTest, ARefundTakesItsShareOnce) {
    lead("ada", click);
    auto told = sale_of("ada", 10'000);
    told.invoice_id = "in_1";
    sold(told);
    ASSERT_TRUE(write([&](Tx& tx) {
        return record_refund(tx, {.workspace_id = {},
                                  .payment_alias = "invoice:in_1",
                                  .refund_key = "r1",
                                  .amount = 5'000,
                                  .currency = "usd",
                                  .reason = {},
                                  .at_ms = 0});
    }));
    struct Row {
        UpdateCommission change;
        std::int64_t amount;  // of the sale, less what was refunded
        std::string expected;
    };
    const Row rows[] = {
        {{.commission_id = {}, .earnings = 500, .decided_by = {}}, 5'000, "sale 250 pending"},
        {{.commission_id = {}, .modify_sale_amount = 2'000, .decided_by = {}},
         6'000,
         "sale 1200 pending"},
        {{.commission_id = {}, .earnings = 700, .decided_by = {}}, 6'000, "sale 350 pending"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(update(row.change), row.expected);
        const auto id = id_of_last();
        const auto state = read([&](Tx& tx) -> Result<CommissionState> {
            return *find_commission_state(tx, workspace_id, id);
        });
        EXPECT_EQ(state->amount, row.amount) << row.expected;
    }
    expect_clean_books();
}

TEST_P(UpdateCommissionTest, NotWhatWasPaid) {
    hold_days(0);
    lead("ada", click);
    const auto paid = write([&](Tx& tx) -> Result<MovedPayout> {
        const auto created = HW_TRY(create_payouts(
            tx,
            {.program_id = "prog_1", .partner_id = {}, .description = {}, .decided_by = "ada"}));
        return move_payout(tx, {.payout_id = created.payouts.at(0).payout_id,
                                .status = "completed",
                                .decided_by = "ada"});
    });
    ASSERT_TRUE(paid);
    UpdateCommission change;
    change.status = "fraud";
    EXPECT_EQ(update(change),
              "Cannot update commission: Commission " + id_of_last() + " has already been paid.");
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(UpdateCommissionTest);

}  // namespace
}  // namespace hw
