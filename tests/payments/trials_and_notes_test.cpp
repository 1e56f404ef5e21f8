// SPDX-License-Identifier: Apache-2.0
// Trials and credit notes of Stripe over HTTP: a lead and then a sale; money that goes back once.
#include <gtest/gtest.h>

#include "tests/fixture/stripe_roads_test.hpp"

namespace hw {
namespace {

class TrialsAndNotesTest : public StripeRoadsTest {
  protected:
    Event note(Event invoice, const std::string& type, const Event& rest) {
        env.advance_ms(1);
        auto& object = object_of(invoice);
        Event credit{{"id", "cn_1"},
                     {"object", "credit_note"},
                     {"invoice", object.at("id")},
                     {"customer", object.at("customer")},
                     {"currency", object.at("currency")},
                     {"created", env.now_ms() / 1'000},
                     {"status", "issued"},
                     {"type", "post_payment"}};
        for (const auto& member : rest) credit[member.key()] = member.value();
        invoice["id"] = "evt_note_" + std::to_string(env.now_ms());
        invoice["type"] = "credit_note." + type;
        object = std::move(credit);
        return invoice;
    }
};

TEST_P(TrialsAndNotesTest, ATrialIsALeadAndItsFirstPaymentASale) {
    const auto leads = [this] { return rows().leads; };
    for (int twice = 0; twice < 2; ++twice) {
        told_event(event("customer_subscription_created_trialing", 1));
        told_event(event("invoice_paid_trial_zero", 1));
        EXPECT_EQ(leads(), 1);
        EXPECT_EQ(rows().sales, 0);
    }
    EXPECT_EQ(totals(flexus).leads, 1);
    EXPECT_EQ(outbox("lead.created"), 1);
    env.advance_ms(15LL * 24 * kHour);
    told_event(event("customer_subscription_updated_trial_to_active", 1));
    EXPECT_EQ(rows().sales, 0);
    told_event(event("invoice_paid_first_after_trial", 1));
    EXPECT_EQ(sale_of("in_1HW6eROrPR1SBLA0qH8bh0WJx1"),
              "Subscription 2999 usd cus_HWbo00000002x1 flexus1 link_slug");
    EXPECT_EQ(leads(), 1);
    EXPECT_EQ(totals(flexus).sales, 1);
    EXPECT_EQ(commissions(), (Texts{"sale 600 processed"}));
    expect_clean_books();
}

TEST_P(TrialsAndNotesTest, WhatANoteGivesBackIsGivenBackOnce) {
    const auto invoice = event("invoice_paid_manual_from_checkout", 1);
    told_event(event("checkout_completed_payment_with_invoice", 1));
    told_event(invoice);
    EXPECT_EQ(commissions(), (Texts{"sale 1000 processed"}));
    told_event(note(invoice, "created", {{"customer_balance_transaction", "cbtxn_1"}}));
    EXPECT_EQ(commissions(), (Texts{"sale 1000 processed"}));
    const std::string intent = "pi_1HWvgjNSXLEHdsgLss61Ybirx1";
    auto refund = event("refund_created_partial_1", 1);
    auto charge = event("charge_refunded_partial_1", 1);
    for (auto* each : {&refund, &charge}) object_of(*each)["payment_intent"] = intent;
    const Event line{{"amount_refunded", object_of(refund).at("amount")},
                     {"refund", object_of(refund).at("id")},
                     {"type", "refund"}};
    told_event(note(invoice, "created", {{"refunds", boost::json::array{line}}}));
    const Texts once{"sale 800 processed"};
    EXPECT_EQ(commissions(), once);
    told_event(refund);
    told_event(charge);
    EXPECT_EQ(commissions(), once);
    told_event(note(invoice, "created", {{"id", "cn_2"}, {"out_of_band_amount", 3'999}}));
    EXPECT_EQ(commissions(), (Texts{"sale 0 refunded"}));
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(TrialsAndNotesTest);

}  // namespace
}  // namespace hw
