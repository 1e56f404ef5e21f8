// SPDX-License-Identifier: Apache-2.0
// Payments that Stripe tells by their intent or charge: alone, and beside the checkout or invoice
// that they pay, in every order, each delivery twice.
#include <gtest/gtest.h>

#include "store/attribution_policies.hpp"
#include "tests/fixture/stripe_roads_test.hpp"

namespace hw {
namespace {

class BarePaymentsTest : public StripeRoadsTest {
  protected:
    // Every order of the events of one customer after the other. `between` happens after each.
    template <class Make, class F>
    void in_every_order(Make make, const std::string& name, const std::string& expected,
                        F between) {
        auto sample = make(0);
        sort(sample);
        std::vector<std::size_t> order(sample.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        int customer = 0;
        do {
            ++customer;
            auto events = make(customer);
            sort(events);
            const auto before = conversions_counted(flexus);
            for (int twice = 0; twice < 2; ++twice) {
                for (const auto i : order) {
                    told_event(events[i]);
                    between();
                }
            }
            env.advance_ms(2 * kHour);
            work_off();
            const auto suffix = "x" + std::to_string(customer);
            ASSERT_EQ(sale_of(name + suffix),
                      std::regex_replace(expected, std::regex("#"), suffix));
            ASSERT_EQ(conversions_counted(flexus), before + 1) << customer;
        } while (std::ranges::next_permutation(order).found);
        ASSERT_EQ(counted_commissions(), customer);
        expect_clean_books();
    }
    std::int64_t counted_commissions() {
        std::int64_t owed = 0;
        for (const auto& each : commissions()) {
            if (!each.contains("canceled") && !each.contains(" 0 ")) ++owed;
        }
        return owed;
    }
};

TEST_P(BarePaymentsTest, ByThemselvesTheyAreSalesAfterAnHour) {
    struct Row {
        std::string what;
        bool intent;
        bool charge;
        std::string place;  // of the link's name
        std::string expected;
    };
    const Row cases[] = {
        {"intent", true, false, "object", "Purchase 8925 usd cus_HWada0000001# flexus1 link_slug"},
        {"charge", false, true, "object", "Purchase 8925 usd cus_HWada0000001# flexus1 link_slug"},
        {"both", true, true, "object", "Purchase 8925 usd cus_HWada0000001# flexus1 link_slug"},
        {"of a customer", true, true, "customer",
         "Purchase 8925 usd cus_HWada0000001# flexus1 link_slug"},
        {"of nobody", true, true, "", "Purchase 8925 usd cus_HWada0000001# - orphan"},
    };
    put([&](Tx& tx) {
        AttributionPolicy policy;
        policy.inferred = InferredMatch::Off;
        put_attribution_policy(tx, workspace_id, policy);
    });
    int number = 0;
    for (const auto& row : cases) {
        SCOPED_TRACE(row.what);
        begin_now();
        const auto suffix = "x" + std::to_string(++number);
        auto intent = event("payment_intent_succeeded_same_checkout", number);
        const Event metadata{{"link_slug", "flexus1"}};
        if (row.place == "object") object_of(intent)["metadata"] = metadata;
        if (row.place == "customer") {
            auto customer = event("customer_created", number);
            object_of(customer)["id"] = "cus_HWada0000001" + suffix;
            object_of(customer)["metadata"] = metadata;
            told_event(customer);
        }
        if (row.intent) told_event(intent);
        if (row.charge) told_event(charge_of(intent));
        EXPECT_EQ(sale_of("pi_1HWX2YpKhVCF2xwxWiLT1nuW" + suffix), "404");
        env.advance_ms(kHour);
        work_off();
        const auto expected = std::regex_replace(row.expected, std::regex("#"), suffix);
        EXPECT_EQ(sale_of("pi_1HWX2YpKhVCF2xwxWiLT1nuW" + suffix), expected);
        EXPECT_EQ(rows().sales, number);
    }
    expect_clean_books();
}

TEST_P(BarePaymentsTest, NothingWasTaken) {
    auto authorized = charge_of(event("payment_intent_succeeded_same_checkout", 1));
    object_of(authorized)["captured"] = false;
    object_of(authorized)["amount_captured"] = 0;
    auto failed = event("payment_intent_succeeded_same_checkout", 2);
    object_of(failed)["status"] = "requires_capture";
    auto refunded = charge_of(event("payment_intent_succeeded_same_checkout", 3));
    refunded["type"] = "charge.refunded";
    object_of(refunded)["amount_refunded"] = 100;
    for (const auto& each : {authorized, failed, refunded}) told_event(each);
    env.advance_ms(2 * kHour);
    work_off();
    EXPECT_EQ(rows().sales, 0);
}

TEST_P(BarePaymentsTest, ACheckoutAndWhatPaidIt) {
    const auto make = [this](int customer) {
        const auto intent = event("payment_intent_succeeded_same_checkout", customer);
        return std::vector{event("checkout_completed_payment_paid", customer), intent,
                           charge_of(intent)};
    };
    const std::string name = "cs_live_HWpay01";
    const std::string sale = "Purchase 7500 usd cus_HWada0000001# flexus1 link_slug";
    in_every_order(make, name, sale, [] {});
}

TEST_P(BarePaymentsTest, ACheckoutThatIsToldAnHourLate) {
    const auto make = [this](int customer) {
        const auto intent = event("payment_intent_succeeded_same_checkout", customer);
        return std::vector{event("checkout_completed_payment_paid", customer), intent,
                           charge_of(intent)};
    };
    in_every_order(make, "cs_live_HWpay01", "Purchase 7500 usd cus_HWada0000001# flexus1 link_slug",
                   [this] {
                       env.advance_ms(2 * kHour);
                       work_off();
                   });
}

// No event says which intent has paid the invoice.
TEST_P(BarePaymentsTest, AnInvoiceAndWhatPaidIt) {
    const auto make = [this](int customer) {
        const auto intent = event("payment_intent_succeeded_for_invoice", customer);
        return std::vector{event("invoice_paid_subscription_create", customer), intent,
                           charge_of(intent), event("checkout_completed_subscription", customer)};
    };
    const std::string name = "in_1HWlXKD8mRfm2exei6bzumJo";
    const std::string sale = "Subscription 2999 usd cus_HWada0000001# flexus1 link_slug";
    in_every_order(make, name, sale, [] {});
}

TEST_P(BarePaymentsTest, AnInvoiceThatIsToldAnHourLate) {
    const auto make = [this](int customer) {
        return std::vector{event("payment_intent_succeeded_for_invoice", customer),
                           event("invoice_paid_subscription_create", customer),
                           event("invoice_payment_paid", customer)};
    };
    in_every_order(make, "in_1HWlXKD8mRfm2exei6bzumJo",
                   "Subscription 2999 usd cus_HWada0000001# flexus1 link_slug", [this] {
                       env.advance_ms(2 * kHour);
                       work_off();
                   });
}

HW_ON_BOTH_ENGINES(BarePaymentsTest);

}  // namespace
}  // namespace hw
