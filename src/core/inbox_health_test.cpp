// SPDX-License-Identifier: Apache-2.0
#include "core/inbox_health.hpp"

#include <fmt/format.h>

#include <functional>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "core/payment_connections.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/inbox_rows.hpp"

namespace hw {
namespace {

class InboxHealthTest : public EngineTest {
  protected:
    void put(const std::function<void(Tx&)>& change) {
        const auto done = write([&](Tx& tx) -> Result<bool> {
            change(tx);
            return true;
        });
        HW_ASSERT(done.has_value());
        env.advance_ms(1);
    }
    std::optional<InboxHealth> health() {
        return *read([](Tx& tx) -> Result<std::optional<InboxHealth>> { return inbox_health(tx); });
    }
    // "failed waiting"
    std::string counts() {
        const auto now = health();
        return now ? fmt::format("{} {}", now->failed, now->waiting) : "nothing";
    }
};

TEST_P(InboxHealthTest, WhatArrivedAndWhatBecameOfIt) {
    EXPECT_EQ(counts(), "nothing");
    put([](Tx& tx) {
        NewPaymentConnection connection;
        connection.provider = "stripe";
        HW_ASSERT(create_payment_connection(tx, connection).has_value());
    });
    EXPECT_EQ(counts(), "0 0");
    EXPECT_FALSE(health()->verified_at_ms);
    const auto first_ms = env.now_ms();
    struct Case {
        std::function<void(Tx&)> arrives;
        std::string expected;
    };
    const Case cases[] = {
        {[](Tx& tx) { receive(tx, "evt_1", "processed"); }, "0 0"},
        {[](Tx& tx) { receive(tx, "evt_2", "received"); }, "0 1"},
        {[](Tx& tx) { receive(tx, "evt_3", "ignored"); }, "0 1"},
        {[](Tx& tx) { receive(tx, "evt_4", "dead"); }, "1 1"},
        {[](Tx& tx) { set_aside(tx); }, "2 1"},
    };
    for (const auto& c : cases) {
        put(c.arrives);
        EXPECT_EQ(counts(), c.expected);
    }
    EXPECT_EQ(health()->verified_at_ms, first_ms);
    EXPECT_EQ(health()->last_delivery_at_ms, first_ms + 3);
    env.advance_ms(kDayMs);
    EXPECT_EQ(counts(), "0 0") << "of the last 24 hours";
    EXPECT_EQ(health()->verified_at_ms, first_ms);
}

TEST_P(InboxHealthTest, WhatWasSetAsideAloneIsNoGoodSignature) {
    put([](Tx& tx) { set_aside(tx); });
    EXPECT_EQ(counts(), "1 0");
    EXPECT_FALSE(health()->verified_at_ms);
}

HW_ON_BOTH_ENGINES(InboxHealthTest);

}  // namespace
}  // namespace hw
