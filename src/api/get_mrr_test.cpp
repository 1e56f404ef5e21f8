// SPDX-License-Identifier: Apache-2.0
#include "api/get_mrr.hpp"

#include "core/record_mrr.hpp"
#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class GetMrrApiTest : public ApiTest {
  protected:
    void move(const std::string& key, std::int64_t delta, bool test = false) {
        const auto moved = write([&](Tx& tx) {
            return record_mrr(tx, {.movement_key = key,
                                   .subscription_id = "sub",
                                   .customer_key = "c",
                                   .delta = delta,
                                   .currency = "usd",
                                   .at_ms = env.now_ms(),
                                   .source = "stripe",
                                   .conversion_id = std::nullopt,
                                   .test = test});
        });
        ASSERT_TRUE(moved);
    }
};

TEST_P(GetMrrApiTest, WhatIsAndHowItCame) {
    EXPECT_EQ(send("GET", "/mrr").body,
              R"({"current":[],"currentConverted":0,"reportingCurrency":"usd","customers":0,)"
              R"("months":[],"bySource":[]})");
    move("a", 3000);
    env.advance_ms(7'200'000);
    move("b", -1000);
    move("t", 77, true);
    EXPECT_EQ(send("GET", "/mrr").body,
              R"({"current":[{"currency":"usd","amount":2000}],"currentConverted":2000,)"
              R"("reportingCurrency":"usd","customers":1,"months":[{"month":"2026-09",)"
              R"("currency":"usd","new":3000,"expansion":0,"contraction":-1000,"churn":0,)"
              R"("reactivation":0,"net":2000,"movements":{"new":1,"expansion":0,"contraction":1,)"
              R"("churn":0,"reactivation":0}}],"bySource":[{"source":"stripe","currency":"usd",)"
              R"("amount":2000}]})");
    EXPECT_EQ(json_of(send("GET", "/mrr?mode=test")).at("customers").as_int64(), 1);
    EXPECT_EQ(send("GET", "/mrr?mode=all").status, 422);
}

HW_ON_BOTH_ENGINES(GetMrrApiTest);

}  // namespace
}  // namespace hw
