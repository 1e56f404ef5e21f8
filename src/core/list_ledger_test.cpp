// SPDX-License-Identifier: Apache-2.0
#include "core/list_ledger.hpp"

#include "core/seal_ledger.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class ListLedgerTest : public ProgramTest {
  protected:
    std::size_t count(const ListLedger& input) {
        return read([&](Tx& tx) -> Result<std::size_t> { return list_ledger(tx, input).size(); })
            .value();
    }
};

TEST_P(ListLedgerTest, ByAccountCommissionAndPage) {
    lead("ada", click);
    sold(sale_of("ada", 10'000));
    sold(sale_of("ada", 10'000));
    put([](Tx& tx) { seal_ledger(tx, 2); });
    EXPECT_EQ(count({}), 3U);
    EXPECT_EQ(count({.account = "partner:pn_1:pending", .limit = 2}), 2U);
    EXPECT_EQ(count({.account = "partner:pn_2:pending"}), 0U);
    const auto all = *read([](Tx& tx) -> Result<std::vector<SealedTransaction>> {
        return list_ledger(tx, ListLedger{});
    });
    EXPECT_TRUE(all[1].seal.has_value());
    EXPECT_FALSE(all[2].seal.has_value());
    EXPECT_EQ(count({.after_id = all[0].transaction.ledger_id}), 2U);
    EXPECT_EQ(count({.commission_id = *all[0].transaction.commission_id}), 1U);
}

HW_ON_BOTH_ENGINES(ListLedgerTest);

}  // namespace
}  // namespace hw
