// SPDX-License-Identifier: Apache-2.0
#include "core/partner_statement.hpp"

#include "base/ed25519.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class PartnerStatementTest : public ProgramTest {};

TEST_P(PartnerStatementTest, HasThePartnersPostingsAlone) {
    enroll("pn_10");  // its accounts begin like those of pn_1
    const auto other = make_click(partner_link("p10", "pn_10"), 7);
    lead("ada", click);
    sold(sale_of("ada", 10'000));
    lead("bob", other);
    const auto statement = read([](Tx& tx) { return partner_statement(tx, "pn_1"); });
    ASSERT_TRUE(statement);
    EXPECT_EQ(statement->transactions.size(), 2U);
    ASSERT_EQ(statement->balances.size(), 1U);
    EXPECT_EQ(statement->balances[0].account, "partner:pn_1:pending");
    EXPECT_EQ(statement->balances[0].amount, 2'300);
}

TEST_P(PartnerStatementTest, OneKeyForEver) {
    const auto seed = [&] {
        return *write([](Tx& tx) -> Result<std::string> { return signing_seed(tx); });
    };
    const auto first = seed();
    EXPECT_EQ(first.size(), kEd25519KeyBytes);
    EXPECT_EQ(seed(), first);
}

HW_ON_BOTH_ENGINES(PartnerStatementTest);

}  // namespace
}  // namespace hw
