// SPDX-License-Identifier: Apache-2.0
// Deliveries of Stripe all the way to the books: once, twice, in another order.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/digest.hpp"
#include "connectors/stripe/signature.hpp"
#include "connectors/stripe/stripe_provider.hpp"
#include "core/payment_connections.hpp"
#include "core/process_inbox.hpp"
#include "core/receive_delivery.hpp"
#include "core/settle_commission.hpp"
#include "store/conversions.hpp"
#include "store/inbox.hpp"
#include "store/mrr_movements.hpp"
#include "store/refunds.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/stripe_fixtures.hpp"

namespace hw {
namespace {

const Query kBooked{"test_booked_sales", R"sql(
select count(*), cast(coalesce(sum(c.amount), 0) as bigint) from conversions c
where c.workspace_id = $1 and c.kind = 'purchase'
    and exists (select 1 from payment_aliases a where a.workspace_id = c.workspace_id
        and a.conversion_id = c.conversion_id)
)sql"};

const Query kRefunded{"test_booked_refunds", R"sql(
select cast(coalesce(sum(amount), 0) as bigint) from refunds where workspace_id = $1
)sql"};

struct Books {
    std::int64_t sales = 0;
    std::int64_t amount = 0;
    std::int64_t refunded = 0;
    std::int64_t mrr = 0;
    bool operator==(const Books&) const = default;
    friend void PrintTo(const Books& books, std::ostream* out) {
        *out << books.sales << " sales of " << books.amount << ", refunded " << books.refunded
             << ", mrr " << books.mrr;
    }
};

class SettleFixturesTest : public EngineTest {
  protected:
    SettleFixturesTest() {
        db = open({.url = url});
        NewPaymentConnection input;
        input.provider = "stripe";
        input.secrets.push_back("whsec_of_workspace_" + workspace_id);
        const auto made = write([&](Tx& tx) { return create_payment_connection(tx, input); });
        EXPECT_TRUE(made) << made.error().message;
        connection = *made;
    }

    InboundMessage message_of(const std::string& file, const std::string& secret) {
        InboundMessage message;
        message.body = stripe::read_fixture(file);
        message.received_at_ms = env.now_ms();
        message.headers = {
            {"stripe-signature", stripe::sign(message.body, secret, env.now_ms() / 1000)}};
        return message;
    }

    // As the server does it: verified, kept, and then processed by its job.
    ReceivedDelivery deliver(const std::string& file) {
        env.advance_ms(1);
        const auto message = message_of(file, "whsec_of_workspace_" + workspace_id);
        const std::vector<std::string> secrets{"whsec_of_workspace_" + workspace_id};
        EXPECT_TRUE(provider.verify(message, secrets));
        const auto head = provider.read_head(message);
        const auto facts = provider.read_facts(message);
        EXPECT_TRUE(head && facts) << file;
        return *write([&](Tx& tx) -> Result<ReceivedDelivery> {
            const auto received = receive_delivery(tx, connection, message, *head);
            const auto rows = list_inbox(
                tx, {.connection_id = connection.connection_id, .state = {}, .before = {}});
            for (const auto& row : rows) {
                if (row.delivery_id != head->delivery_id || row.state == "ignored") continue;
                const auto done = process_inbox(tx, "stripe", row.inbox_id, *facts);
                EXPECT_TRUE(done) << done.error().message;
            }
            return received;
        });
    }

    Books books() {
        return *read([&](Tx& tx) -> Result<Books> {
            Books seen;
            tx.each(
                kBooked,
                [&](const Row& row) {
                    seen.sales = row.int64(0);
                    seen.amount = row.int64(1);
                },
                workspace_id);
            tx.each(kRefunded, [&](const Row& row) { seen.refunded = row.int64(0); }, workspace_id);
            each_mrr_movement(tx, [&](const MrrMovement& each) { seen.mrr += each.delta; });
            return seen;
        });
    }

    std::string state_of(const std::string& delivery_id) {
        return *read([&](Tx& tx) -> Result<std::string> {
            for (const auto& row : list_inbox(
                     tx, {.connection_id = connection.connection_id, .state = {}, .before = {}})) {
                if (row.delivery_id == delivery_id) return row.state + " " + row.reason;
            }
            return std::string();
        });
    }

    StripeProvider provider;
    PaymentConnection connection;
};

TEST_P(SettleFixturesTest, ScenariosForwardsAndBackwards) {
    struct Story {
        std::vector<std::string> files;
        Books expected;
    };
    const Story stories[] = {
        {{"checkout_completed_subscription.json", "invoice_paid_subscription_create.json",
          "customer_subscription_created_active.json", "payment_intent_succeeded_for_invoice.json",
          "invoice_payment_paid.json"},
         {1, 2999, 0, 2999}},
        {{"checkout_completed_payment_with_invoice.json", "invoice_paid_manual_from_checkout.json",
          "charge_refunded_partial_1.json", "refund_created_partial_1.json",
          "charge_refunded_partial_2_full.json"},
         {1, 4999, 4999, 0}},
        {{"customer_subscription_created_lifecycle.json", "invoice_paid_lifecycle_create.json",
          "customer_subscription_updated_upgrade.json",
          "invoice_paid_subscription_update_proration.json",
          "customer_subscription_updated_downgrade.json",
          "customer_subscription_updated_cancel_at_period_end.json",
          "customer_subscription_deleted.json"},
         {2, 3999, 0, 0}},
        {{"customer_subscription_created_trialing.json", "invoice_paid_trial_zero.json",
          "customer_subscription_updated_trial_to_active.json",
          "invoice_paid_first_after_trial.json"},
         {1, 2999, 0, 2999}},
    };
    for (const auto& story : stories) {
        const auto before = books();
        for (const auto& file : story.files) deliver(file);
        const auto once = books();
        EXPECT_EQ((Books{once.sales - before.sales, once.amount - before.amount,
                         once.refunded - before.refunded, once.mrr - before.mrr}),
                  story.expected)
            << story.files.front();
        for (const auto& file : story.files) EXPECT_TRUE(deliver(file).duplicate);
        EXPECT_EQ(books(), once);
    }
}

TEST_P(SettleFixturesTest, BackwardsTheSame) {
    const std::vector<std::string> files{"customer_subscription_deleted.json",
                                         "customer_subscription_updated_downgrade.json",
                                         "invoice_paid_subscription_update_proration.json",
                                         "customer_subscription_updated_upgrade.json",
                                         "invoice_paid_lifecycle_create.json",
                                         "customer_subscription_created_lifecycle.json",
                                         "charge_refunded_partial_2_full.json",
                                         "charge_refunded_partial_1.json",
                                         "checkout_completed_payment_with_invoice.json",
                                         "invoice_paid_manual_from_checkout.json",
                                         "invoice_payment_paid.json",
                                         "payment_intent_succeeded_for_invoice.json",
                                         "customer_subscription_created_active.json",
                                         "invoice_paid_subscription_create.json",
                                         "checkout_completed_subscription.json"};
    for (const auto& file : files) deliver(file);
    EXPECT_EQ(books(), (Books{4, 3999 + 4999 + 2999, 4999, 2999}));
}

TEST_P(SettleFixturesTest, IgnoreTheOtherModeAndThinEvents) {
    EXPECT_TRUE(deliver("thin_v1_invoice_paid.json").ignored);
    EXPECT_EQ(state_of("evt_thin_HW0000000001"), "ignored thin_event");
    const auto found =
        *read([&](Tx& tx) { return get_payment_connection(tx, connection.connection_id); });
    EXPECT_TRUE(found.thin_at_ms);
    connection.mode = "test";
    EXPECT_TRUE(deliver("invoice_paid_subscription_create.json").ignored);
    EXPECT_EQ(state_of("evt_1HW4JSJsV03LsJW7sEQ3PD6C"), "ignored mode_mismatch");
    EXPECT_EQ(books(), Books{});
}

TEST_P(SettleFixturesTest, QuarantineWaitsForTheSecret) {
    const auto secret = "whsec_another_of_" + workspace_id;
    const auto good = message_of("invoice_paid_subscription_create.json", secret);
    auto forged = message_of("invoice_paid_subscription_cycle.json", "whsec_of_nobody_at_all");
    const auto set_aside = *write([&](Tx& tx) -> Result<std::int64_t> {
        quarantine_delivery(tx, connection, good, {.reason = "no_match", .address = 7});
        quarantine_delivery(tx, connection, forged, {.reason = "no_match", .address = 7});
        return verify_quarantine(tx, provider, connection).accepted;
    });
    EXPECT_EQ(set_aside, 0);
    env.advance_ms(3'600'000);  // its age is judged when it came
    const auto verified = *write([&](Tx& tx) -> Result<VerifiedQuarantine> {
        HW_TRY(rotate_payment_secret(tx, connection.connection_id, secret, 1'000));
        return verify_quarantine(tx, provider, connection);
    });
    EXPECT_EQ(verified.accepted, 1);
    EXPECT_EQ(verified.left, 1);
    EXPECT_EQ(state_of("evt_1HW4JSJsV03LsJW7sEQ3PD6C"), "received ");
}

HW_ON_BOTH_ENGINES(SettleFixturesTest);

}  // namespace
}  // namespace hw
