// SPDX-License-Identifier: Apache-2.0
#include "core/orphans.hpp"

#include "core/record_revenue.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class OrphansTest : public ProgramTest {
  protected:
    void paid(const std::string& payment_id) {
        RecordRevenue revenue;
        revenue.kind = "purchase";
        revenue.payment_ids = {payment_id};
        revenue.amount = 5'000;
        revenue.currency = "usd";
        revenue.occurred_at_ms = env.now_ms();
        revenue.processor_customer_id = "cus_" + payment_id;
        ASSERT_TRUE(write([&](Tx& tx) { return record_revenue(tx, revenue); }).has_value());
        env.advance_ms(1);
    }
    void set_inferred(InferredMatch inferred) {
        AttributionPolicy policy;
        policy.inferred = inferred;
        put([&](Tx& tx) { put_attribution_policy(tx, workspace_id, policy); });
    }
    OrphanPage page(const std::string& after, std::int64_t limit) {
        return *read(
            [&](Tx& tx) -> Result<OrphanPage> { return list_orphan_page(tx, after, limit); });
    }
};

TEST_P(OrphansTest, PageByPageWithWhatIsSuggested) {
    set_inferred(InferredMatch::Off);
    paid("in_1");
    set_inferred(InferredMatch::Suggest);
    paid("in_2");
    const auto first = page("", 1);
    ASSERT_EQ(first.orphans.size(), 1U);
    EXPECT_EQ(first.orphans[0].conversion.amount, 5'000);
    EXPECT_EQ(first.orphans[0].decision.reason, "lead_not_found");
    EXPECT_FALSE(first.orphans[0].suggested);
    EXPECT_EQ(first.next_id, first.orphans[0].conversion.conversion_id);
    const auto second = page(first.next_id, 2);
    ASSERT_EQ(second.orphans.size(), 1U);
    EXPECT_EQ(second.orphans[0].suggested->link_id, link.link_id);
    EXPECT_EQ(second.next_id, "");
    ASSERT_EQ(second.counts.size(), 2U);
    EXPECT_EQ(second.counts[0].reason, "inferred_match_suggested");
    EXPECT_EQ(second.counts[0].count, 1);
}

TEST_P(OrphansTest, WhatWasMatchedIsNoOrphan) {
    set_inferred(InferredMatch::Attribute);
    paid("in_1");
    EXPECT_TRUE(page("", 10).orphans.empty());
    EXPECT_TRUE(page("", 10).counts.empty());
}

HW_ON_BOTH_ENGINES(OrphansTest);

}  // namespace
}  // namespace hw
