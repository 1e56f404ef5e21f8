// SPDX-License-Identifier: Apache-2.0
#include "core/decide_conversion.hpp"

#include <gtest/gtest.h>

#include "core/reattribute_conversion.hpp"
#include "store/revenues.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class DecideConversionTest : public ProgramTest {
  protected:
    Decided decide(const std::string& id) {
        auto decided = *write([&](Tx& tx) -> Result<Decided> {
            return decide_conversion(tx, {.conversion_id = id});
        });
        env.advance_ms(1);
        return decided;
    }
};

TEST_P(DecideConversionTest, WithoutNewsNothingIsWritten) {
    lead("ada", click);
    const std::string ids[] = {sold(sale_of("ada")), sold(direct_sale("bob", make_click(link, 3))),
                               *tell(sale_of("nobody")).conversion_id};
    for (const auto& id : ids) {
        const auto decided = decide(id);
        EXPECT_FALSE(decided.changed) << decided.before->rung << " -> " << decided.after.rung;
        EXPECT_EQ(explain(id).decisions.size(), 1U);
    }
    expect_clean_books();
}

TEST_P(DecideConversionTest, WhatAPersonDecidedStays) {
    const auto other = partner_link("p2", "pn_1");
    lead("ada", click);
    const auto id = sold(sale_of("ada"));
    put([&](Tx& tx) {
        const ReattributeConversion moved{
            .conversion_id = id, .link_id = other.link_id, .reason = "r", .decided_by = "ada"};
        HW_ASSERT(reattribute_conversion(tx, moved).has_value());
    });
    EXPECT_FALSE(decide(id).changed);
    EXPECT_EQ(totals(other).sales, 1);
    expect_clean_books();
}

// The lead that a sale brought has no other reason to be there. A person's word about the sale is
// about the sale alone.
TEST_P(DecideConversionTest, ALeadGoesWithTheSaleThatBroughtIt) {
    const auto other = partner_link("p2", "pn_1");
    const auto id = sold(direct_sale("ada", click));
    EXPECT_EQ(totals(link).leads, 1);
    put([&](Tx& tx) {
        const ReattributeConversion moved{
            .conversion_id = id, .link_id = other.link_id, .reason = "r", .decided_by = "ada"};
        HW_ASSERT(reattribute_conversion(tx, moved).has_value());
    });
    EXPECT_EQ(totals(link).leads, 1);
    EXPECT_EQ(totals(link).sales, 0);
    EXPECT_EQ(totals(other).sales, 1);
    expect_clean_books();
    put([&](Tx& tx) { void_decision(tx, id, "sale_other"); });
    EXPECT_EQ(totals(link).leads, 0);
    EXPECT_EQ(totals(other).sales, 0);
    const auto who = *read([&](Tx& tx) -> Result<Customer> {
        return *find_customer_by_external_id(tx, workspace_id, "ada");
    });
    EXPECT_FALSE(who.link_id);
    EXPECT_EQ(totals(who).sales, 0);
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(DecideConversionTest);

}  // namespace
}  // namespace hw
