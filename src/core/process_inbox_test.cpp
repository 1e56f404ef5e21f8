// SPDX-License-Identifier: Apache-2.0
#include "core/process_inbox.hpp"

#include "store/inbox.hpp"
#include "tests/fixture/payment_test.hpp"

namespace hw {
namespace {

class ProcessInboxCoreTest : public PaymentTest {
  protected:
    std::string state_after(const std::vector<PaymentFact>& facts) {
        return *write([&](Tx& tx) -> Result<std::string> {
            InboxRow row;
            row.workspace_id = workspace_id;
            row.inbox_id = tx.new_id("ibx_");
            row.connection_id = "c";
            row.delivery_id = row.inbox_id;
            row.body = std::string("\0\xff", 2);
            row.received_at_ms = tx.now_ms();
            EXPECT_TRUE(insert_inbox(tx, row));
            EXPECT_TRUE(process_inbox(tx, "stripe", row.inbox_id, facts));
            const auto kept = find_inbox(tx, row.inbox_id);
            EXPECT_EQ(kept->body, row.body);
            return kept->state + " " + kept->reason;
        });
    }
};

TEST_P(ProcessInboxCoreTest, States) {
    EXPECT_EQ(state_after({}), "ignored event_of_no_interest");
    EXPECT_EQ(state_after({paid("e_cs", "session", "cs_1")}), "processed ");
    auto other = paid("e_in", "invoice", "in_1");
    other.checkout_id = "cs_1";
    other.net = 101;
    EXPECT_EQ(state_after({other}), "processed amount_told_otherwise");
}

TEST_P(ProcessInboxCoreTest, FactsAreKeptAsTheyWereToldFirst) {
    auto fact = paid("e_cs", "session", "cs_1");
    fact.evidence.link_slug = "ada";
    fact.metadata = R"({"via":"ada"})";
    tell({fact});
    auto other = fact;
    other.net = 1;
    tell({other});
    const auto kept = *read([&](Tx& tx) -> Result<std::vector<PaymentFact>> {
        return list_payment_facts(tx, "stripe",
                                  find_payment_aggregate(tx, "stripe", "cs_1").value_or(""));
    });
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept.front().net, 100);
    EXPECT_EQ(kept.front().evidence.link_slug, "ada");
    EXPECT_EQ(kept.front().metadata, fact.metadata);
    EXPECT_TRUE(kept.front().paid);
}

TEST_P(ProcessInboxCoreTest, WhatWaitsIsProcessedAgain) {
    auto bare = paid("e_pi", "intent", "pi_1");
    bare.checkout_id.clear();
    bare.intent_id = "pi_1";
    for (int twice = 0; twice < 2; ++twice) tell({bare});
    const auto waiting = [&] {
        return *read(
            [&](Tx& tx) -> Result<std::int64_t> { return count_jobs(tx, kProcessInboxJob); });
    };
    EXPECT_EQ(waiting(), 1);
    EXPECT_EQ(conversion("pi_1"), "");
    env.advance_ms(3'600'000);
    tell({bare});
    EXPECT_NE(conversion("pi_1"), "");
    EXPECT_EQ(waiting(), 1);
}

HW_ON_BOTH_ENGINES(ProcessInboxCoreTest);

}  // namespace
}  // namespace hw
