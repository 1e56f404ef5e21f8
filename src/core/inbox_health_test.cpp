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

TEST_P(InboxHealthTest, ClockVersionRepeatsAndFailures) {
    const auto arrive = [&](const std::string& id, std::int64_t age_ms, const std::string& by) {
        put([&](Tx& tx) {
            InboxRow row;
            row.workspace_id = tx.workspace_id();
            row.inbox_id = tx.new_id("ibx_");
            row.connection_id = "connection";
            row.delivery_id = id;
            row.body = "{}";
            row.received_at_ms = tx.now_ms();
            row.state = "dead";
            row.reason = id + " is broken";
            row.accepted_by = by;
            if (by.empty()) row.signed_at_ms = tx.now_ms() - age_ms;
            row.api_version = id + "-version";
            insert_inbox(tx, row);
        });
    };
    arrive("evt_0", 0, "key_1");
    EXPECT_FALSE(health()->verified_at_ms) << "a person is no signature";
    EXPECT_FALSE(health()->clock_skew_ms);
    arrive("evt_1", 1'200, "");
    arrive("evt_1", 1'300, "");
    arrive("evt_1", 1'300, "");
    arrive("evt_2", -500, "");
    arrive("evt_3", 0, "key_1");
    EXPECT_EQ(health()->clock_skew_ms, -500);
    EXPECT_EQ(health()->api_version, "evt_2-version");
    EXPECT_EQ(health()->repeats.deliveries, 4);
    EXPECT_EQ(health()->repeats.duplicates, 2);
    EXPECT_EQ(health()->last_failure->reason, "evt_3 is broken");
    EXPECT_EQ(health()->dead, 4);
    put([](Tx& tx) { set_aside(tx); });
    EXPECT_EQ(health()->last_failure->reason, "no_match");
    EXPECT_EQ(health()->set_aside, 1);
    env.advance_ms(8 * kDayMs);
    EXPECT_FALSE(health()->clock_skew_ms) << "of the last 7 days";
    EXPECT_EQ(health()->repeats.deliveries, 0);
    EXPECT_EQ(health()->api_version, "");
}

TEST_P(InboxHealthTest, EventsThatNobodySelected) {
    std::string connection_id;
    put([&](Tx& tx) {
        NewPaymentConnection connection;
        connection.provider = "polar";
        connection_id = create_payment_connection(tx, connection)->connection_id;
    });
    const auto arrive = [&](const std::string& type) {
        put([&](Tx& tx) {
            InboxRow row;
            row.workspace_id = tx.workspace_id();
            row.inbox_id = row.delivery_id = tx.new_id("ibx_");
            row.connection_id = connection_id;
            row.event_type = type;
            row.body = "{}";
            row.received_at_ms = tx.now_ms();
            insert_inbox(tx, row);
        });
    };
    EXPECT_EQ(never_seen_text(*health()),
              "polar order.paid, polar order.refunded, polar subscription.created, polar "
              "subscription.updated, polar subscription.revoked");
    EXPECT_TRUE(health()->without_payments.empty()) << "nothing has arrived";
    arrive("order.refunded");
    EXPECT_EQ(health()->without_payments, std::vector<std::string>{"polar"});
    arrive("order.paid");
    EXPECT_TRUE(health()->without_payments.empty());
    EXPECT_EQ(health()->paid_by, std::vector<std::string>{"polar"});
    EXPECT_EQ(never_seen_text(*health()),
              "polar subscription.created, polar subscription.updated, polar subscription.revoked");
}

HW_ON_BOTH_ENGINES(InboxHealthTest);

}  // namespace
}  // namespace hw
