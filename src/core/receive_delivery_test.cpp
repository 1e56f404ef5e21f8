// SPDX-License-Identifier: Apache-2.0
#include "core/receive_delivery.hpp"

#include "base/limits.hpp"
#include "core/payment_connections.hpp"
#include "store/inbox.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/fake_provider.hpp"

namespace hw {
namespace {

class ReceiveDeliveryTest : public EngineTest {
  protected:
    ReceiveDeliveryTest() {
        db = open({.url = url});
        NewPaymentConnection input;
        input.provider = "stripe";
        input.secrets.push_back("whsec_of_somebody_" + workspace_id);
        const auto made = write([&](Tx& tx) { return create_payment_connection(tx, input); });
        HW_ASSERT(made);
        connection = *made;
    }
    void set_aside(const std::string& body) {
        env.advance_ms(1);
        const auto done = write([&](Tx& tx) -> Result<bool> {
            quarantine_delivery(tx, connection, {body, {}, tx.now_ms()},
                                {.reason = "no_match", .address = 7});
            return true;
        });
        HW_ASSERT(done);
    }
    QuarantineUse use() {
        return *read([&](Tx& tx) -> Result<QuarantineUse> {
            return quarantine_use(tx, connection.connection_id);
        });
    }
    PaymentConnection connection;
};

TEST_P(ReceiveDeliveryTest, QuarantineKeepsTheLastRows) {
    const auto filled = write([&](Tx& tx) -> Result<bool> {
        for (std::int64_t i = 0; i < limits::kQuarantineRowsMax; ++i) {
            quarantine_delivery(tx, connection, {"x", {}, tx.now_ms()},
                                {.reason = "no_match", .address = 7});
        }
        return true;
    });
    ASSERT_TRUE(filled);
    EXPECT_EQ(use().rows, limits::kQuarantineRowsMax);
    set_aside("one more");
    EXPECT_EQ(use().rows, limits::kQuarantineRowsMax);
    EXPECT_EQ(use().bytes, limits::kQuarantineRowsMax - 1 + 8);
}

TEST_P(ReceiveDeliveryTest, QuarantineKeepsTheLastBytes) {
    const std::string big(static_cast<std::size_t>(limits::kQuarantineBytesMax / 2), 'x');
    set_aside(big);
    set_aside(big);
    EXPECT_EQ(use().rows, 2);
    set_aside("x");
    EXPECT_EQ(use().rows, 2);
    EXPECT_EQ(use().bytes, limits::kQuarantineBytesMax / 2 + 1);
}

TEST_P(ReceiveDeliveryTest, QuarantineEnds) {
    set_aside("old");
    env.advance_ms(limits::kQuarantineMs);
    set_aside("new");
    const auto gone = write([](Tx& tx) -> Result<std::size_t> {
        return delete_old_quarantine(tx, tx.now_ms() - limits::kQuarantineMs, 100);
    });
    EXPECT_EQ(*gone, 1U);
    EXPECT_EQ(use().rows, 1);
}

HW_ON_BOTH_ENGINES(ReceiveDeliveryTest);

}  // namespace
}  // namespace hw
