// SPDX-License-Identifier: Apache-2.0
#include "core/record_refund.hpp"

#include <future>

#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class RecordRefundTest : public ProgramTest {
  protected:
    // A sale of 100.00 that earned 20.00.
    std::string sale(const std::string& invoice_id) {
        lead(invoice_id, click);
        auto told = sale_of(invoice_id, 10'000);
        told.invoice_id = invoice_id;
        return sold(told);
    }
    Result<RecordedRefund> refund(const std::string& alias, const std::string& key,
                                  std::int64_t amount, const std::string& currency = "usd") {
        return write([&](Tx& tx) {
            return record_refund(tx, {.workspace_id = {},
                                      .payment_alias = alias,
                                      .refund_key = key,
                                      .amount = amount,
                                      .currency = currency,
                                      .reason = "asked for",
                                      .at_ms = 0});
        });
    }
};

TEST_P(RecordRefundTest, TakesBackTheShare) {
    struct Case {
        std::vector<std::int64_t> refunds;
        std::string expected;
    };
    const Case cases[] = {
        {{5'000}, "sale 1000 pending"},       {{1, 1, 1}, "sale 1999 pending"},  // 0.6 rounds to 1
        {{3'333, 3'333}, "sale 667 pending"}, {{3'333, 3'333, 3'334}, "sale 0 refunded"},
        {{20'000}, "sale 0 refunded"},        {{9'999, 9'999}, "sale 0 refunded"},
    };
    int number = 0;
    for (const auto& c : cases) {
        const auto invoice = "inv-" + std::to_string(++number);
        sale(invoice);
        for (std::size_t i = 0; i < c.refunds.size(); ++i) {
            const auto done = refund("invoice:" + invoice, std::to_string(i), c.refunds[i]);
            ASSERT_TRUE(done);
            EXPECT_TRUE(done->is_new);
        }
        EXPECT_EQ(commissions().back(), c.expected) << number;
    }
    expect_clean_books();
}

TEST_P(RecordRefundTest, ByEitherNameAndBeforeTheSale) {
    EXPECT_EQ(refund("invoice:early", "r1", 2'500)->conversion_id, std::nullopt);
    const auto id = sale("early");
    EXPECT_EQ(commissions().back(), "sale 1500 pending");
    EXPECT_EQ(refund("conversion:" + id, "r2", 2'500)->conversion_id, id);
    EXPECT_EQ(commissions().back(), "sale 1000 pending");
    expect_clean_books();
}

TEST_P(RecordRefundTest, ToldAgain) {
    sale("a");
    ASSERT_TRUE(refund("invoice:a", "r1", 2'500));
    const auto again = refund("invoice:a", "r1", 2'500);
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->is_new);
    EXPECT_EQ(commissions().back(), "sale 1500 pending");
    const auto other = refund("invoice:a", "r1", 2'600);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ErrorCode::Conflict);
    EXPECT_EQ(other.error().message, "Refund r1 was told before with 2500 usd, now with 2600 usd.");
    // Money of another currency was never part of the sale.
    ASSERT_TRUE(refund("invoice:a", "r2", 2'500, "eur"));
    EXPECT_EQ(commissions().back(), "sale 1500 pending");
    expect_clean_books();
}

TEST_P(RecordRefundTest, FiveHundredAtOnceAreOne) {
    sale("a");
    std::vector<std::future<Result<RecordedRefund>>> told;
    for (int i = 0; i < 500; ++i) {
        told.push_back(later([](Tx& tx) {
            return record_refund(tx, {.workspace_id = {},
                                      .payment_alias = "invoice:a",
                                      .refund_key = "r1",
                                      .amount = 2'500,
                                      .currency = "usd",
                                      .reason = {},
                                      .at_ms = 0});
        }));
    }
    int news = 0;
    for (auto& one : told) {
        const auto done = one.get();
        ASSERT_TRUE(done) << done.error().message;
        news += done->is_new ? 1 : 0;
    }
    EXPECT_EQ(news, 1);
    EXPECT_EQ(commissions().back(), "sale 1500 pending");
    expect_clean_books();
}

// Whichever comes first, neither misses the other.
TEST_P(RecordRefundTest, AtOnceWithTheSale) {
    for (int round = 0; round < 25; ++round) {
        const auto invoice = "inv-" + std::to_string(round);
        lead(invoice, click);
        auto told = sale_of(invoice, 10'000);
        told.invoice_id = invoice;
        auto selling = later([&](Tx& tx) { return track_sale(tx, told); });
        auto refunding = later([&](Tx& tx) {
            return record_refund(tx, {.workspace_id = {},
                                      .payment_alias = "invoice:" + invoice,
                                      .refund_key = "r1",
                                      .amount = 5'000,
                                      .currency = "usd",
                                      .reason = {},
                                      .at_ms = 0});
        });
        ASSERT_TRUE(selling.get());
        ASSERT_TRUE(refunding.get());
        env.advance_ms(1);
        EXPECT_EQ(commissions().back(), "sale 1000 pending");
    }
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(RecordRefundTest);

}  // namespace
}  // namespace hw
