// SPDX-License-Identifier: Apache-2.0
#include "core/record_revenue_event.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/get_mrr.hpp"
#include "core/settle_commission.hpp"
#include "store/conversions.hpp"
#include "store/refunds.hpp"
#include "store/revenues.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class RecordRevenueEventTest : public EngineTest {
  protected:
    RevenueEvent event(const std::string& type, const std::string& id, std::int64_t amount,
                       std::optional<std::int64_t> mrr = {}) {
        RevenueEvent made;
        made.payment_processor = "stripe";
        made.transaction_id = id;
        made.event_type = type;
        made.customer_id = "c1";
        made.amount = amount;
        made.currency = "usd";
        made.mrr_impact = mrr;
        made.session_id = "s1";
        made.occurred_at_ms = env.now_ms();
        if (type != "purchase" && type != "refund") made.subscription_id = "sub_1";
        return made;
    }
    // "new", "duplicate" or the message of the refusal, then the warnings.
    std::string tell(const RevenueEvent& told) {
        env.advance_ms(1);
        const auto recorded = write([&](Tx& tx) { return record_revenue_event(tx, told); });
        if (!recorded) return recorded.error().message;
        return fmt::format("{}{}{}", recorded->duplicate ? "duplicate" : "new",
                           recorded->warnings.empty() ? "" : " ",
                           fmt::join(recorded->warnings, " "));
    }
    Mrr mrr(bool test = false) {
        return *read([&](Tx& tx) -> Result<Mrr> { return get_mrr(tx, {.test = test}); });
    }
    std::optional<Conversion> sale(const std::string& transaction_id) {
        return *read([&](Tx& tx) -> Result<std::optional<Conversion>> {
            const auto id = find_payment_alias(tx, workspace_id, invoice_alias(transaction_id));
            return id ? find_conversion(tx, workspace_id, *id) : std::nullopt;
        });
    }
};

TEST_P(RecordRevenueEventTest, WhatIsToldTwice) {
    auto other_processor = event("purchase", "t1", 1000);
    other_processor.payment_processor = "paddle";
    auto other_currency = event("purchase", "t1", 1000);
    other_currency.currency = "eur";
    auto second_start = event("subscription", "t4", 2000, 2000);
    struct Case {
        RevenueEvent told;
        std::string expected;
    };
    const Case table[] = {
        {event("purchase", "t1", 1000), "new"},
        {event("purchase", "t1", 1000), "duplicate"},
        {event("purchase", "t1", 900), "Duplicate transaction"},
        {other_currency, "Duplicate transaction"},
        {other_processor, "new"},
        {event("subscription", "t3", 2000, 2000), "new"},
        {second_start,
         "Duplicate transaction: subscription sub_1 has started already; tell its next payments as "
         "renewal, with the payment's own id."},
        {event("renewal", "t3", 2000), "new"},  // the same id, another type: a payment of its own
        {event("renewal", "t3", 2000), "duplicate"},
        {event("churn", "t5", 0, -2000), "new"},
        {event("churn", "t6", 0, -2000), "duplicate"},
    };
    for (const auto& row : table) EXPECT_EQ(tell(row.told), row.expected);
    // t1 twice (two processors), t3 twice (two types).
    EXPECT_EQ(rows().sales, 4);
}

TEST_P(RecordRevenueEventTest, MoneyBecomesASaleOfTheCustomer) {
    EXPECT_EQ(tell(event("purchase", "pi_1", 4999)), "new");
    const auto booked = sale("pi_1");
    ASSERT_TRUE(booked);
    EXPECT_EQ(booked->amount, 4999);
    EXPECT_EQ(booked->currency, "usd");
    EXPECT_EQ(booked->external_customer_id, "c1");
    EXPECT_EQ(booked->source, "revenue");
}

TEST_P(RecordRevenueEventTest, TestMoneyIsKeptAndInNoTotal) {
    auto told = event("subscription", "t1", 2000, 2000);
    told.test = true;
    EXPECT_EQ(tell(told), "new");
    EXPECT_EQ(rows().customers, 0);
    EXPECT_TRUE(mrr().current.empty());
    EXPECT_EQ(mrr(true).current.at("usd"), 2000);
}

TEST_P(RecordRevenueEventTest, Refunds) {
    auto refund = event("refund", "re_1", -400);
    EXPECT_EQ(tell(refund), "new refund_without_original");
    refund.transaction_id = "re_2";
    refund.original_transaction_id = "pi_1";
    EXPECT_EQ(tell(refund), "new refund_of_unknown_transaction");
    EXPECT_EQ(tell(event("purchase", "pi_1", 1000)), "new");
    refund.transaction_id = "re_3";
    EXPECT_EQ(tell(refund), "new");
    EXPECT_EQ(tell(refund), "duplicate");
    refund.transaction_id = "re_4";
    EXPECT_EQ(tell(refund), "new over_refund");
    const auto refunds = *read([&](Tx& tx) -> Result<std::size_t> {
        return refunds_of(tx, workspace_id, invoice_alias("pi_1")).size();
    });
    EXPECT_EQ(refunds, 3U);
    EXPECT_EQ(rows().sales, 1);
}

TEST_P(RecordRevenueEventTest, MrrOfALife) {
    EXPECT_EQ(tell(event("subscription", "t1", 2999, 2999)), "new");
    env.advance_ms(7'200'000);
    EXPECT_EQ(tell(event("upgrade", "t2", 0, 2000)), "new");
    EXPECT_EQ(tell(event("downgrade", "t3", 0, -1000)), "new");
    EXPECT_EQ(tell(event("renewal", "t4", 3999)), "new");
    EXPECT_EQ(mrr().current.at("usd"), 3999);
    EXPECT_EQ(mrr().customers, 1);
    EXPECT_EQ(tell(event("churn", "t5", 0)), "new");
    EXPECT_TRUE(mrr().current.empty());
    EXPECT_EQ(mrr().customers, 0);
    EXPECT_EQ(tell(event("subscription", "t6", 1000, 1000)), "new");
    const auto now = mrr();
    ASSERT_EQ(now.months.size(), 1U);
    EXPECT_EQ(now.months[0].amounts, (std::array<std::int64_t, 5>{2999, 2000, -1000, -3999, 1000}));
    EXPECT_EQ(now.months[0].net(), now.current.at("usd"));
    EXPECT_EQ(now.by_source.at({"stripe", "usd"}), 1000);
    EXPECT_EQ(now.current_converted, 1000);
}

TEST_P(RecordRevenueEventTest, WhatLooksWrong) {
    auto nobody = event("purchase", "w1", 100);
    nobody.session_id.clear();
    nobody.customer_id = "unknown";
    auto unnamed = event("subscription", "w2", 100);
    unnamed.subscription_id.clear();
    auto end_of_nothing = event("churn", "w3", 0);
    end_of_nothing.subscription_id.clear();
    auto other_end = event("churn", "w5", 0, -500);
    struct Case {
        RevenueEvent told;
        std::string expected;
    };
    const Case table[] = {
        {nobody, "new no_visitor_or_known_customer"},
        {unnamed, "new no_customer_subscription_id mrr_unknown"},
        {end_of_nothing, "customer_subscription_id is required."},
        {event("subscription", "w4", 900, 900), "new"},
        {other_end, "new churn_differs_from_known_mrr"},
    };
    for (const auto& row : table) EXPECT_EQ(tell(row.told), row.expected);
}

HW_ON_BOTH_ENGINES(RecordRevenueEventTest);

}  // namespace
}  // namespace hw
