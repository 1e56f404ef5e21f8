// SPDX-License-Identifier: Apache-2.0
#include "core/book_sale.hpp"

#include <gtest/gtest.h>

#include "core/reattribute_conversion.hpp"
#include "store/revenues.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class BookSaleTest : public ProgramTest {};

// There and back: what the partner lost is owed again, once.
TEST_P(BookSaleTest, ASaleThatComesBackIsOwedAgain) {
    const auto nobodys = make_link("plain");
    lead("ada", click);
    const auto id = sold(sale_of("ada", 10'000));
    const auto move_to = [&](const Link& to) {
        put([&](Tx& tx) {
            const ReattributeConversion moved{
                .conversion_id = id, .link_id = to.link_id, .reason = "r", .decided_by = "ada"};
            HW_ASSERT(reattribute_conversion(tx, moved).has_value());
        });
        env.advance_ms(1);
    };
    move_to(nobodys);
    EXPECT_EQ(commissions(), (Texts{"lead 300 pending", "sale 0 canceled"}));
    move_to(link);
    EXPECT_EQ(commissions(), (Texts{"lead 300 pending", "sale 2000 pending"}));
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(totals(link).conversions, 1);
    expect_clean_books();
}

TEST_P(BookSaleTest, AnInferredOneHasItsOwnColumn) {
    Conversion sale;
    sale.converted_amount = 700;
    const auto book = [&](std::int64_t sign) {
        put([&](Tx& tx) { book_inferred(tx, sale, link.link_id, sign); });
        return *read(
            [&](Tx& tx) -> Result<InferredTotals> { return inferred_totals(tx, link.link_id); });
    };
    EXPECT_EQ(book(1).sale_amount, 700);
    EXPECT_EQ(book(1).sales, 2);
    EXPECT_EQ(book(-1).sale_amount, 700);
    EXPECT_EQ(totals(link).sales, 0);
}

HW_ON_BOTH_ENGINES(BookSaleTest);

}  // namespace
}  // namespace hw
