// SPDX-License-Identifier: Apache-2.0
// A sale of every processor from its signed delivery to the books.
#include <gtest/gtest.h>

#include <memory>

#include "connectors/lemon_squeezy/lemon_squeezy_provider.hpp"
#include "connectors/paddle/paddle_provider.hpp"
#include "connectors/polar/polar_provider.hpp"
#include "connectors/shopify/shopify_provider.hpp"
#include "core/payment_connections.hpp"
#include "core/process_inbox.hpp"
#include "core/receive_delivery.hpp"
#include "store/conversions.hpp"
#include "store/inbox.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/processor_fixtures.hpp"

namespace hw {
namespace {

class SettleProcessorsTest : public EngineTest {
  protected:
    SettleProcessorsTest() { db = open({.url = url}); }

    // As the server does it: verified, kept, and then processed by its job. The state of the
    // delivery by then.
    std::string deliver(const PaymentProvider& provider, const PaymentConnection& connection,
                        const InboundMessage& message) {
        env.advance_ms(1);
        const auto head = provider.read_head(message);
        const auto facts = provider.read_facts(message);
        return *write([&](Tx& tx) -> Result<std::string> {
            if (receive_delivery(tx, connection, message, *head).duplicate) return "duplicate";
            const InboxFilter all{
                .connection_id = connection.connection_id, .state = {}, .before = {}};
            const auto row = list_inbox(tx, all).front();
            if (row.state == "ignored") return row.reason;
            const auto done = process_inbox(tx, provider.name(), row.inbox_id, *facts);
            return done ? list_inbox(tx, all).front().state : done.error().message;
        });
    }

    PaymentConnection connect(const PaymentProvider& provider, const std::string& mode) {
        NewPaymentConnection input;
        input.provider = provider.name();
        input.mode = mode;
        return *write([&](Tx& tx) { return create_payment_connection(tx, input); });
    }

    bool is_booked(const std::string& name) {
        return *read([&](Tx& tx) -> Result<bool> {
            return find_payment_alias(tx, workspace_id, "invoice:" + name).has_value();
        });
    }
};

TEST_P(SettleProcessorsTest, OneSaleEach) {
    struct Row {
        std::shared_ptr<PaymentProvider> provider;
        std::string file;
        std::string name;
        std::string in_test_mode;
    };
    const Row rows[] = {
        {std::make_shared<LemonSqueezyProvider>(), "order", "ls_order_1", "mode_mismatch"},
        {std::make_shared<PaddleProvider>(), "one_off", "txn_01hw0000000000000000000001",
         "processed"},
        {std::make_shared<PolarProvider>(), "order_paid", "00000000-0000-4000-8000-000000000001",
         "processed"},
        {std::make_shared<ShopifyProvider>(), "order_paid", "shopify_order_5000000000001",
         "mode_mismatch"},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.file);
        const auto& provider = *row.provider;
        const ProcessorFixtures fixtures{std::string(provider.name())};
        const auto& message = fixtures.messages.at(row.file);
        const auto connection = connect(provider, "live");
        EXPECT_FALSE(is_booked(row.name));
        EXPECT_EQ(deliver(provider, connection, message), "processed");
        EXPECT_TRUE(is_booked(row.name));
        EXPECT_EQ(deliver(provider, connection, message), "duplicate");
        // A sandbox that says nothing of itself is told by the mode of the connection.
        EXPECT_EQ(deliver(provider, connect(provider, "test"), message), row.in_test_mode);
    }
}

HW_ON_BOTH_ENGINES(SettleProcessorsTest);

}  // namespace
}  // namespace hw
