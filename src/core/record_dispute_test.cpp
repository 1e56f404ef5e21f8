// SPDX-License-Identifier: Apache-2.0
#include "core/record_dispute.hpp"

#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class RecordDisputeTest : public ProgramTest {
  protected:
    RecordedDispute dispute(const std::string& invoice, const std::string& key,
                            const std::string& state) {
        return *write([&](Tx& tx) -> Result<RecordedDispute> {
            return record_dispute(tx, {.workspace_id = {},
                                       .payment_alias = "invoice:" + invoice,
                                       .dispute_key = key,
                                       .state = state,
                                       .at_ms = 0});
        });
    }
};

TEST_P(RecordDisputeTest, HoldsReleasesAndTakesBack) {
    struct Case {
        std::vector<std::pair<std::string, std::string>> told;  // key and state
        std::string expected;
    };
    const Case cases[] = {
        {{{"d1", "open"}}, "sale 2000 hold"},
        {{{"d1", "open"}, {"d1", "won"}}, "sale 2000 pending"},
        {{{"d1", "won"}, {"d1", "open"}}, "sale 2000 pending"},
        {{{"d1", "open"}, {"d1", "lost"}}, "sale 0 refunded"},
        {{{"d1", "lost"}, {"d1", "open"}}, "sale 0 refunded"},
        {{{"d1", "won"}, {"d2", "open"}}, "sale 2000 hold"},
        {{{"d1", "won"}, {"d2", "lost"}}, "sale 0 refunded"},
    };
    int number = 0;
    for (const bool before_the_sale : {false, true}) {
        for (const auto& c : cases) {
            const auto invoice = "inv-" + std::to_string(++number);
            lead(invoice, click);
            auto told = sale_of(invoice, 10'000);
            told.invoice_id = invoice;
            if (!before_the_sale) sold(told);
            for (const auto& [key, state] : c.told) {
                EXPECT_TRUE(dispute(invoice, key, state).is_new);
                EXPECT_FALSE(dispute(invoice, key, state).is_new);
            }
            if (before_the_sale) sold(told);
            EXPECT_EQ(commissions().back(), c.expected) << number;
        }
    }
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(RecordDisputeTest);

}  // namespace
}  // namespace hw
