// SPDX-License-Identifier: Apache-2.0
// One payment told by webhook, by POST /track/sale and by POST /revenue, in every order and each
// twice: one conversion, one commission.
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "core/create_ingest_token.hpp"
#include "store/attribution_policies.hpp"
#include "tests/fixture/stripe_roads_test.hpp"

namespace hw {
namespace {

class OnePaymentTest : public StripeRoadsTest {
  protected:
    OnePaymentTest() {
        token = workspace_id + "-secret";
        const auto made = db->write_now<CreatedIngestToken>(std::string(kOperator), [&](Tx& tx) {
            return create_ingest_token(
                tx, {.workspace_id = workspace_id, .kind = "secret", .token = token});
        });
        HW_ASSERT(made.has_value());
        put([&](Tx& tx) {
            AttributionPolicy policy;
            policy.inferred = InferredMatch::Off;
            put_attribution_policy(tx, workspace_id, policy);
        });
    }

    // The payment in_… of 49.99 by customer number `customer`, who clicked.
    void tell(const std::string& road, int customer, const std::string& click) {
        const auto number = std::to_string(customer);
        const auto invoice = invoice_id(customer);
        env.advance_ms(1);
        if (road == "webhook") {
            told_event(event("invoice_paid_manual_from_checkout", customer));
        } else if (road == "checkout") {
            auto checkout = event("checkout_completed_payment_with_invoice", customer);
            object_of(checkout)["metadata"] = Event{};
            told_event(checkout);
        } else if (road == "sale") {
            const auto answer = sale({{"customerExternalId", "bo" + number},
                                      {"clickId", click},
                                      {"amount", 4'999},
                                      {"invoiceId", invoice}});
            EXPECT_EQ(answer.status, 200) << answer.body;
        } else {
            const auto answer = send("POST", "/api/revenue",
                                     boost::json::serialize(Object{{"customer_id", "bo" + number},
                                                                   {"transaction_id", invoice},
                                                                   {"payment_processor", "stripe"},
                                                                   {"amount", 49.99}}),
                                     {{"X-API-Token", token}});
            EXPECT_EQ(answer.status, 202) << answer.body;
        }
    }
    static std::string invoice_id(int customer) {
        return "in_1HW3UmxEed7Zdx6xSHKQVpW2x" + std::to_string(customer);
    }
    std::string sold_by(int customer) {
        const auto story =
            json_of(send("GET", "/conversions/" + invoice_id(customer) + "/explain"));
        return std::string(story.at("link").at("key").as_string()) + " " +
               std::to_string(story.at("conversion").at("amount").as_int64());
    }

    std::string token;
};

TEST_P(OnePaymentTest, ByWhicheverRoadsItIsOne) {
    std::vector<std::string> roads{"checkout", "revenue", "sale", "webhook"};
    int customer = 0;
    do {
        ++customer;
        SCOPED_TRACE(fmt::format("{}", fmt::join(roads, ", ")));
        const auto before = totals(link);
        const auto click = make_click(link, 1'000 + customer);
        env.advance_ms(kHour);
        begin_now();
        for (int twice = 0; twice < 2; ++twice) {
            for (const auto& road : roads) tell(road, customer, click);
        }
        ASSERT_EQ(sold_by(customer), "p1 4999");
        ASSERT_EQ(totals(link).sales, before.sales + 1);
        ASSERT_EQ(totals(link).leads, before.leads + 1);
        ASSERT_EQ(rows().sales, customer);
    } while (std::ranges::next_permutation(roads).found);
    ASSERT_EQ(customer, 24);
    for (const auto& each : commissions()) EXPECT_TRUE(each.starts_with("sale 1000 ")) << each;
    EXPECT_EQ(commissions().size(), 24U);
    expect_clean_books();
}

// The webhook knows the tax, the merchant's server told the gross amount. What was told first
// stands, and it stays one.
TEST_P(OnePaymentTest, AmountsThatDifferAreStillOnePayment) {
    const auto tell_gross = [&](int customer, const std::string& click) {
        env.advance_ms(1);
        return sale({{"customerExternalId", "ada" + std::to_string(customer)},
                     {"clickId", click},
                     {"amount", 8'925},
                     {"invoiceId", "pi_1HWX2YpKhVCF2xwxWiLT1nuWx" + std::to_string(customer)}});
    };
    for (const int customer : {1, 2}) {
        env.advance_ms(kHour);  // their clicks came before they paid
        const auto click = make_click(link, 1'000 + customer);
        env.advance_ms(kHour);
        begin_now();
        if (customer == 1) {
            EXPECT_EQ(tell_gross(customer, click).status, 200);
        }
        auto checkout = event("checkout_completed_payment_paid", customer);
        object_of(checkout)["metadata"] = Event{};
        told_event(checkout);
        told_event(event("payment_intent_succeeded_same_checkout", customer));
        if (customer == 2) {
            const auto again = tell_gross(customer, click);
            EXPECT_EQ(header_of(again, "Idempotency-Mismatch"), "true");
        }
        env.advance_ms(2 * kHour);
        work_off();
    }
    EXPECT_EQ(rows().sales, 2);
    EXPECT_EQ(commissions(), (Texts{"sale 1785 processed", "sale 1500 processed"}));
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(OnePaymentTest);

}  // namespace
}  // namespace hw
