// SPDX-License-Identifier: Apache-2.0
#include "core/compare_snapshots.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hw {
namespace {

PaymentFact told(std::string key, std::string kind, std::string status, std::int64_t mrr) {
    PaymentFact fact;
    fact.fact_key = std::move(key);
    fact.kind = std::move(kind);
    fact.status = std::move(status);
    fact.subscription_id = "sub_1";
    fact.at_ms = fact.fact_key.front() - '0';
    fact.mrr = mrr;
    fact.mrr_known = mrr != 0;
    return fact;
}

std::string text_of(std::span<const PaymentFact> facts) {
    std::string text;
    for (const auto& fact : compare_snapshots(facts)) {
        text += fact.fact_key + " " + fact.kind + " " + fact.status_before + ">" + fact.status +
                " " + std::to_string(fact.mrr_before) + ">" + std::to_string(fact.mrr) + "; ";
    }
    return text;
}

TEST(CompareSnapshotsTest, WhatItWasIsWhatWasToldBefore) {
    std::vector<PaymentFact> facts{told("1b", "subscription_state", "active", 10),
                                   told("1z", "subscription", "trialing", 10),
                                   told("3", "subscription_state", "active", 30),
                                   told("3", "subscription_state", "active", 30),
                                   told("4", "subscription_state", "paused", 0),
                                   told("5", "subscription_ended", "canceled", 99)};
    const std::string expected =
        "1z subscription >trialing 0>10; 1b subscription trialing>active 10>10; "
        "3 subscription active>active 10>30; 4 subscription active>paused 30>30; "
        "5 subscription_ended >canceled 0>30; ";
    EXPECT_EQ(text_of(facts), expected);
    std::ranges::reverse(facts);
    EXPECT_EQ(text_of(facts), expected);
    // One whose beginning nobody told changed nothing as far as anybody knows.
    EXPECT_EQ(text_of(std::vector{told("3", "subscription_state", "active", 30)}),
              "3 subscription active>active 30>30; ");
}

TEST(CompareSnapshotsTest, PricesOutOfTheFirstWholeInvoice) {
    auto made = told("1", "subscription", "active", 0);
    made.billed_months_365ths = 12 * 365;
    PaymentFact invoice = told("2", "invoice", "", 0);
    invoice.reason = "subscription_create";
    invoice.paid = true;
    invoice.gross = invoice.net = 1'000;
    EXPECT_EQ(text_of(std::vector{made, invoice}),
              "1 subscription >active 0>83; 2 invoice > 0>0; ");
    invoice.reason = "subscription_update";
    EXPECT_EQ(text_of(std::vector{made, invoice}), "1 subscription >active 0>0; 2 invoice > 0>0; ");
}

}  // namespace
}  // namespace hw
