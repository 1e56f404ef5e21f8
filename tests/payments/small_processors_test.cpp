// SPDX-License-Identifier: Apache-2.0
// Paddle Billing, Lemon Squeezy, Polar and Shopify deliver over HTTP: what each signs becomes one
// sale with its net amount, customer, link and commission, and what nobody signed becomes nothing.
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "tests/fixture/hook_api_test.hpp"

namespace hw {
namespace {

struct Road {
    std::string provider;
    std::string purchase;                   // a fixture: 100.00 and 19.00 of tax
    std::string part_refund;                // half of it goes back
    std::string rest_refund;                // all of it has gone back
    std::vector<std::string> subscription;  // of 30.00 a month, up to its first payment
    bool signs_time = false;
    std::string name;               // of the purchase in the books
    std::string subscription_name;  // of the first payment
    std::string expected;           // the purchase in the books
    std::string expected_first;     // the first payment; Lemon Squeezy tells its order first
};

const Road kRoads[] = {
    {"paddle",
     "one_off",
     "refund_approved",
     "refund_rest",
     {"subscription_created", "subscription_activated", "first_payment"},
     true,
     "txn_01hw0000000000000000000001",
     "txn_01hw0000000000000000000004",
     "Purchase 10000 usd 42 anna link_slug",
     "Subscription 3000 usd ctm_01hw0000000000000000000007 anna link_slug"},
    {"lemon_squeezy",
     "order",
     "order_refunded_partly",
     "order_refunded",
     {"order_of_subscription", "subscription_created", "payment_initial"},
     false,
     "ls_order_1",
     "ls_order_2",
     "Purchase 10000 usd 42 anna link_slug",
     "Purchase 3000 usd 42 anna link_slug"},
    {"polar",
     "order_paid",
     "order_refunded_partly",
     "order_refunded",
     {"subscription_created", "subscription_active", "order_paid_create"},
     true,
     "00000000-0000-4000-8000-000000000001",
     "00000000-0000-4000-8000-000000000002",
     "Purchase 10000 usd user_42 anna link_slug",
     "Subscription 3000 usd user_42 anna link_slug"},
    {"shopify",
     "order_paid",
     "refund_part",
     "refund_rest",
     {},
     false,
     "shopify_order_5000000000001",
     "",
     "Purchase 10000 usd 42 anna link_slug",
     ""},
};

class SmallProcessorsTest : public HookApiTest {
  protected:
    static std::string body_of(const Road& road, const std::string& file) {
        return ProcessorFixtures(road.provider).messages.at(file).body;
    }
    std::size_t quarantined(const std::string& processor) {
        return json_of(send("GET", "/payment-connections/" + connection(processor) + "/quarantine"))
            .as_array()
            .size();
    }
};

TEST_P(SmallProcessorsTest, APurchaseIsOneSaleForEver) {
    Texts owed;
    for (const auto& road : kRoads) {
        SCOPED_TRACE(road.provider);
        const auto before = conversions_counted(anna);
        told(road.provider, body_of(road, road.purchase));
        EXPECT_EQ(sale_of(road.name), road.expected);
        owed.emplace_back("sale 2000 processed");
        EXPECT_EQ(commissions(), owed);
        env.advance_ms(3'600'000);
        const auto again =
            deliver(road.provider, body_of(road, road.purchase), signing(road.provider));
        EXPECT_EQ(again.body, R"({"received":true,"duplicate":true})");
        work_off();
        EXPECT_EQ(commissions(), owed);
        EXPECT_EQ(conversions_counted(anna), before + 1);
        expect_clean_books();
    }
}

TEST_P(SmallProcessorsTest, WhatGoesBackTakesItsShareOfTheCommission) {
    Texts owed;
    for (const auto& road : kRoads) {
        SCOPED_TRACE(road.provider);
        told(road.provider, body_of(road, road.purchase));
        told(road.provider, body_of(road, road.part_refund));
        owed.emplace_back("sale 1000 processed");
        EXPECT_EQ(commissions(), owed);
        deliver(road.provider, body_of(road, road.part_refund), signing(road.provider));
        work_off();
        EXPECT_EQ(commissions(), owed);
        told(road.provider, body_of(road, road.rest_refund));
        owed.back() = "sale 0 refunded";
        EXPECT_EQ(commissions(), owed);
        expect_clean_books();
    }
}

TEST_P(SmallProcessorsTest, TheFirstPaymentOfASubscription) {
    for (const auto& road : kRoads) {
        if (road.subscription.empty()) continue;
        SCOPED_TRACE(road.provider);
        const auto before = conversions_counted(anna);
        for (const auto& file : road.subscription) told(road.provider, body_of(road, file));
        EXPECT_EQ(sale_of(road.subscription_name), road.expected_first);
        EXPECT_EQ(conversions_counted(anna), before + 1);
    }
    const auto mrr = json_of(send("GET", "/mrr"));
    EXPECT_EQ(mrr.at("current").at(0).at("amount"), 9'000) << boost::json::serialize(mrr);
    expect_clean_books();
}

TEST_P(SmallProcessorsTest, WhatNobodySignedIsNoMoney) {
    for (const auto& road : kRoads) {
        SCOPED_TRACE(road.provider);
        const auto body = body_of(road, road.purchase);
        auto wrong = signing(road.provider);
        wrong.secret += "x";
        auto answer = deliver(road.provider, body, wrong);
        EXPECT_EQ(answer.status, 400);
        EXPECT_EQ(answer.body, R"({"error":"signature_verification_failed","reason":"no_match"})");
        EXPECT_EQ(quarantined(road.provider), 1U);
        for (const auto& [age_ms, reason] : {std::pair{302'000, "timestamp_too_old"},
                                             std::pair{-302'000, "timestamp_in_future"}}) {
            if (!road.signs_time) continue;
            auto stale = signing(road.provider);
            stale.at_ms -= age_ms;
            answer = deliver(road.provider, body, stale);
            EXPECT_EQ(answer.status, 400);
            EXPECT_NE(answer.body.find(reason), answer.body.npos) << answer.body;
        }
        EXPECT_EQ(quarantined(road.provider), road.signs_time ? 3U : 1U);
        const auto changed = deliver(road.provider, body + " ", {.secret = "", .at_ms = 1});
        EXPECT_EQ(changed.status, 400);
        work_off();
        EXPECT_EQ(sale_of(road.name), "404");
    }
    EXPECT_EQ(commissions(), Texts{});
}

TEST_P(SmallProcessorsTest, ABodyHasAnEnd) {
    for (const auto& road : kRoads) {
        SCOPED_TRACE(road.provider);
        auto body = body_of(road, road.purchase);
        body.resize(limits::kBodyBytesMax, ' ');
        EXPECT_EQ(deliver(road.provider, body, signing(road.provider)).status, 200);
        body += ' ';
        EXPECT_EQ(deliver(road.provider, body, signing(road.provider)).status, 413);
        EXPECT_EQ(quarantined(road.provider), 0U);
    }
}

HW_ON_BOTH_ENGINES(SmallProcessorsTest);

}  // namespace
}  // namespace hw
