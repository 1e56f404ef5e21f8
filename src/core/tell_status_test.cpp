// SPDX-License-Identifier: Apache-2.0
#include "core/tell_status.hpp"

#include "base/civil_time.hpp"
#include "store/status_alerts.hpp"
#include "tests/fixture/inbox_rows.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class TellStatusTest : public ProgramTest {
  protected:
    bool told() {
        env.advance_ms(1);
        const bool news = *read([](Tx& tx) -> Result<bool> { return has_new_status(tx); });
        const bool told = *write([](Tx& tx) -> Result<bool> { return tell_status(tx); });
        EXPECT_TRUE(news || !told);
        return told;
    }
    std::string last() {
        return *read([](Tx& tx) -> Result<std::string> {
            const auto alert = last_status_alert(tx);
            return alert ? alert->previous + ">" + alert->status + " " + alert->rule : "";
        });
    }
    void fail_delivery() {
        put([](Tx& tx) { receive(tx, tx.new_id("evt_"), "dead"); });
    }
    // What failed before counts no more.
    void let_a_day_pass() {
        env.advance_ms(kDayMs + 1);
        lead("customer-" + std::to_string(env.now_ms()), click);
    }
};

TEST_P(TellStatusTest, OnceForEachChange) {
    EXPECT_FALSE(told()) << "the first is known to nobody";
    EXPECT_EQ(last(), ">not_working no_conversion");
    EXPECT_FALSE(told());
    lead("ada", click);
    EXPECT_TRUE(told());
    EXPECT_EQ(last(), "not_working>working attributed");
    EXPECT_FALSE(told());
    EXPECT_EQ(outbox("alert.status_changed"), 1);
    env.advance_ms(kHourMs);
    fail_delivery();
    EXPECT_TRUE(told());
    EXPECT_EQ(last(), "working>issues webhooks_failing");
    EXPECT_EQ(outbox("alert.status_changed"), 2);
}

TEST_P(TellStatusTest, AtMostOnceAnHourAndThenTheLatest) {
    told();
    lead("ada", click);
    EXPECT_TRUE(told());
    const auto told_at_ms = env.now_ms();
    fail_delivery();
    EXPECT_FALSE(told());
    env.set_now_ms(told_at_ms + kHourMs - 2);
    EXPECT_FALSE(told());
    EXPECT_TRUE(told());
    EXPECT_EQ(last(), "working>issues webhooks_failing");
}

TEST_P(TellStatusTest, WhatCameAndWentIsToldToNobody) {
    told();
    lead("ada", click);
    EXPECT_TRUE(told());
    fail_delivery();
    EXPECT_FALSE(told());
    let_a_day_pass();
    EXPECT_FALSE(told()) << "it works, as was told";
    EXPECT_EQ(outbox("alert.status_changed"), 1);
}

HW_ON_BOTH_ENGINES(TellStatusTest);

}  // namespace
}  // namespace hw
