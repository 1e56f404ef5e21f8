// SPDX-License-Identifier: Apache-2.0
#include "core/partner_statement.hpp"

#include "base/limits.hpp"

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

const Query kManyTransactions{"test_many_transactions", R"sql(
insert into ledger_transactions (workspace_id, ledger_id, kind, at_ms)
with recursive n(i) as (select 1 union all select i + 1 from n where i < $2)
select cast($1 as text), 'ltx_many' || cast(i as text), 'accrual', 1 from n
)sql"};
const Query kManyPostings{"test_many_postings", R"sql(
insert into postings (workspace_id, ledger_id, position, account, amount, currency)
with recursive n(i) as (select 1 union all select i + 1 from n where i < $2)
select cast($1 as text), 'ltx_many' || cast(i as text), 1, 'partner:pn_1:payable', 1, 'usd' from n
)sql"};

TEST_P(PartnerStatementTest, HasAnEnd) {
    put([&](Tx& tx) {
        const auto many = limits::kStatementTransactionsMax + 1;
        tx.exec(kManyTransactions, workspace_id, many);
        tx.exec(kManyPostings, workspace_id, many);
    });
    const auto refused = read([](Tx& tx) { return partner_statement(tx, "pn_1"); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "Partner pn_1 has more than 50000 transactions: read them by /ledger/transactions.");
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
