// SPDX-License-Identifier: Apache-2.0
#include "core/complete_conversions.hpp"

#include <gtest/gtest.h>

#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class CompleteConversionsTest : public ProgramTest {
  protected:
    CompletedConversions complete(std::int64_t limit = 100) {
        return *write([&](Tx& tx) -> Result<CompletedConversions> {
            return complete_conversions(tx, "", limit);
        });
    }
    static TrackSale in(const std::string& currency, std::int64_t amount) {
        auto sale = sale_of("ada", amount);
        sale.currency = currency;
        return sale;
    }
    void put_rate(const std::string& quote, const std::string& rate) {
        const auto done = db->write_now<bool>(std::string(kOperator), [&](Tx& tx) -> Result<bool> {
            insert_fx_rate(tx, {"2026-01-02", "afn", quote, rate, "test"});
            return true;
        });
        HW_ASSERT(done.has_value());
    }
};

TEST_P(CompleteConversionsTest, ASaleWaitsForItsRateAndIsThenCountedOnce) {
    pay_at_once();
    lead("ada", click);
    const auto id = sold(in("mwk", 10'000));
    EXPECT_EQ(complete().completed, 0);
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(totals(link).sale_amount, 0);
    EXPECT_EQ(commissions(), Texts{});
    put_rate("usd", "2");
    put_rate("mwk", "4");
    EXPECT_EQ(complete().completed, 1);
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(totals(link).conversions, 1);
    EXPECT_EQ(totals(link).sale_amount, 5'000);
    EXPECT_EQ(rollups("all", "").sale_amount, 5'000);
    EXPECT_EQ(commissions(), (Texts{"sale 1000 processed"}));
    EXPECT_EQ(explain(id).conversion.converted_amount, 5'000);
    expect_clean_books();
    EXPECT_EQ(complete().completed, 0);
    EXPECT_EQ(totals(link).sale_amount, 5'000);
    expect_clean_books();
}

TEST_P(CompleteConversionsTest, NobodysSaleIsConvertedAndCountsNowhere) {
    const auto orphan = in("uzs", 10'000);
    const auto id = *tell(orphan).conversion_id;
    put_rate("usd", "2");
    put_rate("uzs", "1");
    EXPECT_EQ(complete().completed, 1);
    EXPECT_EQ(explain(id).conversion.converted_amount, 20'000);
    EXPECT_EQ(totals(link).sale_amount, 0);
    expect_clean_books();
}

TEST_P(CompleteConversionsTest, PageByPage) {
    lead("ada", click);
    sold(in("azn", 100));
    sold(in("azn", 200));
    const auto first = complete(1);
    EXPECT_NE(first.last_id, "");
    const auto rest = *write([&](Tx& tx) -> Result<CompletedConversions> {
        return complete_conversions(tx, first.last_id, 2);
    });
    EXPECT_EQ(rest.last_id, "");
}

HW_ON_BOTH_ENGINES(CompleteConversionsTest);

}  // namespace
}  // namespace hw
