// SPDX-License-Identifier: Apache-2.0
#include "core/reattribute_conversion.hpp"

#include "core/record_revenue.hpp"

#include <algorithm>

#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class ReattributeConversionTest : public ProgramTest {
  protected:
    std::string test_money() {
        RecordRevenue revenue;
        revenue.kind = "purchase";
        revenue.payment_ids = {"in_test"};
        revenue.amount = 500;
        revenue.currency = "usd";
        revenue.occurred_at_ms = env.now_ms();
        revenue.test = true;
        return write([&](Tx& tx) { return record_revenue(tx, revenue); })->conversion_id;
    }
    ReattributeConversionTest() {
        enroll("pn_2");
        other = partner_link("p2", "pn_2");
        nobodys = make_link("plain");
    }
    Result<Reattributed> move(const std::string& conversion_id, const std::string& link_id) {
        auto moved = write([&](Tx& tx) {
            return reattribute_conversion(tx, {.conversion_id = conversion_id,
                                               .link_id = link_id,
                                               .reason = "the coupon was theirs",
                                               .decided_by = "ada@shop.example"});
        });
        env.advance_ms(1);
        return moved;
    }
    Texts sorted_commissions() {
        auto found = commissions();
        std::ranges::sort(found);
        return found;
    }

    Link other;
    Link nobodys;
};

TEST_P(ReattributeConversionTest, MovesCountsAndMoney) {
    lead("ada", click);
    const auto sale = sold(sale_of("ada", 10'000));
    const auto moved = move(sale, other.link_id);
    ASSERT_TRUE(moved) << moved.error().message;
    EXPECT_TRUE(moved->changed);
    EXPECT_EQ(moved->attribution.seq, 2);
    EXPECT_EQ(moved->attribution.partner_id, "pn_2");
    EXPECT_EQ(moved->attribution.decided_by, "ada@shop.example");
    EXPECT_EQ(moved->commission->earnings, 2'000);
    EXPECT_EQ(commissions(), (Texts{"lead 300 pending", "sale 0 canceled", "sale 2000 pending"}));
    EXPECT_EQ(totals(link).sales, 0);
    EXPECT_EQ(totals(link).conversions, 0);
    EXPECT_EQ(totals(other).sales, 1);
    EXPECT_EQ(totals(other).conversions, 1);
    EXPECT_EQ(totals(other).sale_amount, 10'000);
    expect_clean_books();
}

TEST_P(ReattributeConversionTest, ThereAndBackAgain) {
    lead("ada", click);
    const auto sale = sold(sale_of("ada", 10'000));
    for (int round = 0; round < 3; ++round) {
        ASSERT_TRUE(move(sale, other.link_id)->changed);
        EXPECT_FALSE(move(sale, other.link_id)->changed);
        ASSERT_TRUE(move(sale, link.link_id)->changed);
        expect_clean_books();
    }
    EXPECT_EQ(commissions(), (Texts{"lead 300 pending", "sale 2000 pending", "sale 0 canceled"}));
    ASSERT_TRUE(move(sale, nobodys.link_id)->changed);
    EXPECT_EQ(commissions(), (Texts{"lead 300 pending", "sale 0 canceled", "sale 0 canceled"}));
    expect_clean_books();
}

TEST_P(ReattributeConversionTest, TheNextSaleBecomesTheConversion) {
    lead("ada", click);
    const auto first = sold(sale_of("ada", 10'000));
    const auto second = sold(sale_of("ada", 5'000));
    ASSERT_TRUE(move(first, other.link_id));
    EXPECT_EQ(totals(link).conversions, 1);  // the second
    EXPECT_EQ(totals(other).conversions, 1);
    expect_clean_books();
    ASSERT_TRUE(move(second, other.link_id));
    EXPECT_EQ(totals(link).conversions, 0);
    EXPECT_EQ(totals(other).conversions, 1);
    expect_clean_books();
    ASSERT_TRUE(move(first, link.link_id));
    EXPECT_EQ(totals(link).conversions, 1);
    EXPECT_EQ(totals(other).conversions, 1);
    expect_clean_books();
}

TEST_P(ReattributeConversionTest, ALead) {
    lead("ada", click);
    const auto id = *read([&](Tx& tx) -> Result<std::string> {
        std::string found;
        each_commission(tx, workspace_id,
                        [&](const Commission& c) { found = c.conversion_id.value_or(""); });
        return found;
    });
    ASSERT_TRUE(move(id, other.link_id));
    EXPECT_EQ(totals(link).leads, 0);
    EXPECT_EQ(totals(other).leads, 1);
    EXPECT_EQ(sorted_commissions(), (Texts{"lead 0 canceled", "lead 300 pending"}));
    // Whoever follows the lead is of the other partner by now.
    sold(sale_of("ada", 10'000));
    EXPECT_EQ(totals(other).sales, 1);
    expect_clean_books();
}

TEST_P(ReattributeConversionTest, Refusals) {
    lead("ada", click);
    const auto sale = sold(sale_of("ada", 10'000));
    const auto no_money = test_money();
    struct Case {
        std::string conversion, link;
        ErrorCode code;
        std::string message;
    };
    const Case cases[] = {
        {"sale_x", other.link_id, ErrorCode::NotFound, "There is no conversion sale_x."},
        {sale, "link_x", ErrorCode::NotFound, "There is no link link_x."},
        {no_money, other.link_id, ErrorCode::UnprocessableEntity,
         "Conversion " + no_money + " counts nowhere (test_mode): no link can have it."},
    };
    for (const auto& c : cases) {
        const auto moved = move(c.conversion, c.link);
        ASSERT_FALSE(moved);
        EXPECT_EQ(moved.error().code, c.code);
        EXPECT_EQ(moved.error().message, c.message);
    }
    expect_clean_books();
}

TEST_P(ReattributeConversionTest, AnOrphanGetsALinkAndWhoBoughtIsACustomer) {
    const auto orphan = tell(sale_of("nobody", 500)).conversion_id.value();
    const auto moved = move(orphan, link.link_id);
    ASSERT_TRUE(moved) << moved.error().message;
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(totals(link).leads, 1);
    EXPECT_TRUE(moved->commission);
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(ReattributeConversionTest);

}  // namespace
}  // namespace hw
