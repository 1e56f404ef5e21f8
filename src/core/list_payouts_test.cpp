// SPDX-License-Identifier: Apache-2.0
#include "core/list_payouts.hpp"

#include "base/limits.hpp"
#include "core/create_commission.hpp"
#include "core/create_payouts.hpp"
#include "core/move_payout.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class ListPayoutsTest : public ProgramTest {
  protected:
    // A payout of that much, moved on to `status`.
    void pay(std::int64_t amount, const std::string& status) {
        env.advance_ms(1'000);
        const auto made = write([&](Tx& tx) -> Result<MovedPayout> {
            HW_TRY(create_custom_commission(tx, {.partner_id = "pn_1",
                                                 .amount = amount,
                                                 .description = {},
                                                 .at_ms = {},
                                                 .decided_by = "ada"}));
            const auto created = HW_TRY(create_payouts(tx, {.program_id = "prog_1",
                                                            .partner_id = {},
                                                            .description = {},
                                                            .decided_by = "ada"}));
            return move_payout(tx, {.payout_id = created.payouts.at(0).payout_id,
                                    .status = status,
                                    .decided_by = "ada"});
        });
        ASSERT_TRUE(made) << made.error().message;
    }
    std::string list(PayoutOrder order, bool descending) {
        ListPayouts input;
        input.filter.order = order;
        input.filter.descending = descending;
        std::string text;
        for (const auto& view : *read([&](Tx& tx) { return list_payouts(tx, input); })) {
            text += fmt::format("{} {};", view.listed.payout.amount, view.listed.step.status);
        }
        return text;
    }
};

TEST_P(ListPayoutsTest, Orders) {
    pay(300, "completed");
    pay(100, "processing");
    pay(200, "completed");
    struct Row {
        PayoutOrder order;
        bool descending;
        std::string expected;
    };
    const Row rows[] = {
        {PayoutOrder::Amount, true, "300 completed;200 completed;100 processing;"},
        {PayoutOrder::Amount, false, "100 processing;200 completed;300 completed;"},
        {PayoutOrder::InitiatedAt, true, "200 completed;100 processing;300 completed;"},
        {PayoutOrder::InitiatedAt, false, "300 completed;100 processing;200 completed;"},
        {PayoutOrder::PaidAt, true, "200 completed;300 completed;100 processing;"},
        {PayoutOrder::PaidAt, false, "100 processing;300 completed;200 completed;"},
    };
    for (const auto& row : rows) EXPECT_EQ(list(row.order, row.descending), row.expected);
    ListPayouts far;
    far.page = limits::kPageMax + 1;
    EXPECT_FALSE(read([&](Tx& tx) { return list_payouts(tx, far); }));
}

// Whatever is paid meanwhile, an export misses none and tells none twice.
TEST_P(ListPayoutsTest, ExportedByIdsWhileOthersChange) {
    pay(300, "completed");
    pay(100, "processing");
    ListPayouts input;
    input.filter.limit = 1;
    const auto page = [&](std::string_view after) {
        return *read([&](Tx& tx) { return export_payouts(tx, input, after); });
    };
    const auto first = page("");
    pay(900, "completed");
    const auto second = page(first.at(0).listed.payout.payout_id);
    const auto third = page(second.at(0).listed.payout.payout_id);
    EXPECT_EQ(first.at(0).listed.payout.amount, 300);
    EXPECT_EQ(second.at(0).listed.payout.amount, 100);
    EXPECT_EQ(third.at(0).listed.payout.amount, 900);
    EXPECT_TRUE(page(third.at(0).listed.payout.payout_id).empty());
}

HW_ON_BOTH_ENGINES(ListPayoutsTest);

}  // namespace
}  // namespace hw
