// SPDX-License-Identifier: Apache-2.0
#include "api/ledger.hpp"

#include "api/statement_json.hpp"
#include "core/seal_ledger.hpp"
#include "store/conversions.hpp"
#include "tests/fixture/program_api_test.hpp"

namespace hw {
namespace {

class LedgerApiTest : public ProgramApiTest {};

TEST_P(LedgerApiTest, ShowsThePostingsBehindANumber) {
    sell("inv-1");
    EXPECT_EQ(listed("/ledger/accounts", "account"), "expense:commissions partner:pn_1:pending");
    EXPECT_EQ(listed("/ledger/accounts", "amount"), "-2300 2300");
    EXPECT_EQ(listed("/ledger/accounts?prefix=partner:pn_1:", "amount"), "2300");
    EXPECT_EQ(listed("/ledger/transactions?account=partner:pn_1:pending", "kind"),
              "accrual accrual");
    const auto commission = listed("/commissions?type=sale", "id");
    const auto rows = json_of(send("GET", "/ledger/transactions?commissionId=" + commission));
    ASSERT_EQ(rows.as_array().size(), 1U);
    EXPECT_EQ(boost::json::serialize(rows.as_array()[0].at("postings")),
              R"([{"account":"expense:commissions","amount":-2000,"currency":"usd"},)"
              R"({"account":"partner:pn_1:pending","amount":2000,"currency":"usd"}])");
    EXPECT_EQ(rows.as_array()[0].at("seal"), nullptr);
    put([](Tx& tx) { seal_ledger(tx, 100); });
    EXPECT_EQ(listed("/ledger/transactions?limit=1", "kind"), "accrual");
    const auto first = listed("/ledger/transactions?limit=1", "id");
    EXPECT_NE(listed("/ledger/transactions?startingAfter=" + first, "seal").find("\"seq\":2"),
              std::string::npos);
    EXPECT_EQ(listed("/ledger/transactions?limit=1001", "id"),
              "422 too_big: limit: Max limit is 1000.");
}

TEST_P(LedgerApiTest, StatementsAreSigned) {
    sell("inv-1");
    const auto statement = send("GET", "/ledger/statements/pn_1");
    ASSERT_EQ(statement.status, 200);
    const auto key = std::string(json_of(send("GET", "/ledger/key")).at("publicKey").as_string());
    const auto verified = verify_statement(statement.body, key);
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_NE(verified->find("partner:pn_1:pending usd: 23.00"), std::string::npos) << *verified;
    EXPECT_EQ(outcome(send("GET", "/ledger/statements/pn_x")), "404 There is no partner pn_x.");
}

HW_ON_BOTH_ENGINES(LedgerApiTest);

}  // namespace
}  // namespace hw
