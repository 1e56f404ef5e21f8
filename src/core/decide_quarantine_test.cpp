// SPDX-License-Identifier: Apache-2.0
#include "core/decide_quarantine.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "core/payment_connections.hpp"
#include "store/audit_log.hpp"
#include "store/inbox.hpp"
#include "store/job_list.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/fake_provider.hpp"

namespace hw {
namespace {

class DecideQuarantineTest : public EngineTest {
  protected:
    DecideQuarantineTest() : own_(own_database(GetParam())) {
        db = open({.url = own_.url});
        mine = connect(workspace_id, "stripe");
    }
    ~DecideQuarantineTest() override { db.reset(); }

    PaymentConnection connect(const std::string& workspace, const std::string& provider_name) {
        NewPaymentConnection input;
        input.provider = provider_name;
        const auto made =
            db->write_now<PaymentConnection>(workspace, [&](Tx& tx) -> Result<PaymentConnection> {
                if (!find_workspace(tx, workspace)) {
                    Workspace added;
                    added.workspace_id = added.slug = added.name = workspace;
                    HW_ASSERT(insert_workspace(tx, added));
                }
                return create_payment_connection(tx, input);
            });
        HW_ASSERT(made.has_value());
        return *made;
    }
    std::string set_aside(const std::string& body) {
        env.advance_ms(1);
        return *write([&](Tx& tx) -> Result<std::string> {
            return quarantine_delivery(tx, mine, {body, {}, tx.now_ms()}, {.reason = "no_match"});
        });
    }
    DecideQuarantine input(const std::string& id, const std::string& connection_id) {
        return {.quarantine_id = id,
                .connection_id = connection_id,
                .reason = "the secret was mistyped",
                .actor = "key_1"};
    }
    // "outcome" of a decision, or the reason of its refusal.
    static std::string told(const Result<QuarantineDecision>& decided) {
        if (!decided) return decided.error().reason;
        return decided->decision + (decided->duplicate ? " duplicate" : "");
    }
    Result<QuarantineDecision> assign(const DecideQuarantine& decision) {
        env.advance_ms(1);
        return write([&](Tx& tx) { return assign_quarantine(tx, {&provider}, decision); });
    }
    Result<QuarantineDecision> dismiss(const DecideQuarantine& decision) {
        env.advance_ms(1);
        return write([&](Tx& tx) { return dismiss_quarantine(tx, decision); });
    }
    // "delivery state accepted_by" of the rows of that connection.
    std::string inbox(const PaymentConnection& connection) {
        const auto rows = *db->read_now<std::vector<InboxRow>>(
            connection.workspace_id, [&](Tx& tx) -> Result<std::vector<InboxRow>> {
                return list_inbox(
                    tx, {.connection_id = connection.connection_id, .state = {}, .before = {}});
            });
        std::string text;
        for (const auto& row : rows) {
            text += fmt::format("{} {} {};", row.delivery_id, row.state, row.accepted_by);
        }
        return text;
    }
    std::size_t waiting() {
        return read([&](Tx& tx) -> Result<std::vector<QuarantineRow>> {
                   return list_whole_quarantine(tx, "", 100);
               })
            ->size();
    }

    FakeProvider provider;
    PaymentConnection mine;

  private:
    OwnDatabase own_;
};

TEST_P(DecideQuarantineTest, APersonMovesTheBytesOnce) {
    const auto id = set_aside(R"({"id":"evt_1"})");
    const auto received_ms = env.now_ms();
    const auto decided = assign(input(id, mine.connection_id));
    ASSERT_TRUE(decided) << decided.error().message;
    EXPECT_EQ(decided->decision, "assigned");
    EXPECT_EQ(decided->actor, "key_1");
    EXPECT_EQ(decided->set_aside_for, "no_match");
    EXPECT_EQ(decided->received_at_ms, received_ms);
    EXPECT_EQ(decided->body_hash, sha256_hex(R"({"id":"evt_1"})"));
    EXPECT_EQ(inbox(mine), "evt_1 received key_1;");
    EXPECT_EQ(waiting(), 0U);
    const auto row = *read([&](Tx& tx) -> Result<std::optional<InboxRow>> {
        return find_inbox(tx, decided->inbox_id);
    });
    ASSERT_TRUE(row);
    EXPECT_EQ(row->body, R"({"id":"evt_1"})");
    EXPECT_EQ(row->received_at_ms, received_ms);
    const auto jobs = *read([&](Tx& tx) -> Result<std::vector<JobRecord>> {
        return list_jobs(tx, workspace_id, {}, "", 10);
    });
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs.front().subject_id, decided->inbox_id);
    // The same once more: the first answer.
    const auto again = assign(input(id, mine.connection_id));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->decided_at_ms, decided->decided_at_ms);
    EXPECT_EQ(inbox(mine), "evt_1 received key_1;");
    const auto audit = *read(
        [](Tx& tx) -> Result<std::vector<AuditEntry>> { return list_audit_entries(tx, "", 10); });
    ASSERT_EQ(audit.size(), 1U);
    EXPECT_EQ(audit.front().action, "quarantine.assigned");
}

TEST_P(DecideQuarantineTest, TheFirstDecisionStands) {
    const auto other = connect(workspace_id, "stripe");
    const auto id = set_aside(R"({"id":"evt_1"})");
    ASSERT_EQ(told(assign(input(id, mine.connection_id))), "assigned");
    for (const auto& refused : {assign(input(id, other.connection_id)), dismiss(input(id, ""))}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::Conflict);
        EXPECT_TRUE(refused.error().message.starts_with(id + " was assigned to the connection " +
                                                        mine.connection_id + " by key_1 on 2026"))
            << refused.error().message;
    }
    EXPECT_EQ(inbox(other), "");
    const auto gone = set_aside(R"({"id":"evt_2"})");
    EXPECT_EQ(told(dismiss(input(gone, ""))), "dismissed");
    EXPECT_EQ(told(dismiss(input(gone, ""))), "dismissed");
    EXPECT_EQ(told(assign(input(gone, mine.connection_id))), "decided_already");
    EXPECT_EQ(waiting(), 0U);
    EXPECT_EQ(inbox(mine), "evt_1 received key_1;");
}

TEST_P(DecideQuarantineTest, WhatTheInboxHasIsBookedOnce) {
    const auto first = set_aside(R"({"id":"evt_1"})");
    const auto second = set_aside(R"({"id":"evt_1"})");
    EXPECT_EQ(told(assign(input(first, mine.connection_id))), "assigned");
    const auto again = assign(input(second, mine.connection_id));
    EXPECT_EQ(told(again), "assigned duplicate");
    EXPECT_EQ(again->inbox_id, assign(input(first, mine.connection_id))->inbox_id);
    EXPECT_EQ(inbox(mine), "evt_1 received key_1;");
}

TEST_P(DecideQuarantineTest, TwoAtOnceDecideOnce) {
    const auto other = connect(workspace_id, "stripe");
    const auto id = set_aside(R"({"id":"evt_1"})");
    std::vector<std::future<Result<QuarantineDecision>>> all;
    for (int i = 0; i < 8; ++i) {
        const auto decision = input(id, (i % 2 == 0 ? mine : other).connection_id);
        all.push_back(
            later([&, decision](Tx& tx) { return assign_quarantine(tx, {&provider}, decision); }));
    }
    int assigned = 0;
    for (auto& each : all) assigned += each.get().has_value() ? 1 : 0;
    EXPECT_EQ(assigned, 4) << "those who said the same as the first";
    EXPECT_EQ((inbox(mine) + inbox(other)), "evt_1 received key_1;");
}

TEST_P(DecideQuarantineTest, Refusals) {
    const auto theirs = connect("ws_other", "stripe");
    const auto paddle = connect(workspace_id, "paddle");
    const auto gone = connect(workspace_id, "stripe");
    ASSERT_TRUE(write([&](Tx& tx) { return delete_payment_connection(tx, gone.connection_id); }));
    const auto id = set_aside(R"({"id":"evt_1"})");
    const auto broken = set_aside("no event");
    auto silent = input(id, mine.connection_id);
    silent.reason = "";
    auto verbose = silent;
    verbose.reason = std::string(limits::kQuarantineReasonMax + 1, 'a');
    struct Case {
        DecideQuarantine decision;
        std::string expected;
    };
    const Case cases[] = {
        {input("qrt_none", mine.connection_id), "quarantine_not_found"},
        {input(id, "nobody"), "connection_not_found"},
        {input(id, theirs.connection_id), "connection_not_found"},
        {input(id, gone.connection_id), "connection_not_found"},
        {input(id, paddle.connection_id), "invalid_decision"},
        {input(broken, mine.connection_id), "invalid_decision"},
        {silent, "invalid_decision"},
        {verbose, "invalid_decision"},
    };
    for (const auto& row : cases) EXPECT_EQ(told(assign(row.decision)), row.expected);
    EXPECT_EQ(told(dismiss(input("qrt_none", ""))), "quarantine_not_found");
    EXPECT_EQ(inbox(mine) + inbox(theirs), "");
    EXPECT_EQ(waiting(), 2U);
}

TEST_P(DecideQuarantineTest, TheOperatorGivesToAnybody) {
    const auto theirs = connect("ws_other", "stripe");
    const auto id = set_aside(R"({"id":"evt_1"})");
    auto decision = input(id, theirs.connection_id);
    decision.any_workspace = true;
    const auto decided = db->write_now<QuarantineDecision>(std::string(kOperator), [&](Tx& whole) {
        Tx tx(whole, workspace_id);
        return assign_quarantine(tx, {&provider}, decision);
    });
    ASSERT_TRUE(decided) << decided.error().message;
    EXPECT_EQ(decided->to_workspace_id, "ws_other");
    EXPECT_EQ(inbox(theirs), "evt_1 received key_1;");
    EXPECT_EQ(waiting(), 0U);
    const auto refused = assign(input(id, mine.connection_id));
    EXPECT_EQ(told(refused), "decided_already");
    EXPECT_FALSE(refused.error().message.contains(theirs.connection_id));
}

TEST_P(DecideQuarantineTest, TheSettingIsForOneWorkspace) {
    const auto accept = [&](const std::string& body, const std::string& reason) {
        env.advance_ms(1);
        const auto accepted = db->write_now<std::optional<ReceivedDelivery>>(
            std::string(kOperator), [&](Tx& tx) -> Result<std::optional<ReceivedDelivery>> {
                return accept_unverified(tx, provider, mine, {body, {}, tx.now_ms()}, reason);
            });
        if (!*accepted) return std::string("no");
        return std::string((*accepted)->duplicate ? "duplicate" : "yes");
    };
    EXPECT_EQ(accept("no event", "no_match"), "no");
    EXPECT_EQ(accept(R"({"id":"evt_1"})", "timestamp_too_old"), "no");
    EXPECT_EQ(accept(R"({"id":"evt_1"})", "malformed"), "no");
    EXPECT_EQ(inbox(mine), "");
    EXPECT_EQ(accept(R"({"id":"evt_1"})", "no_match"), "yes");
    EXPECT_EQ(accept(R"({"id":"evt_1"})", "no_match"), "duplicate");
    EXPECT_EQ(accept(R"({"id":"evt_2"})", "missing_signature"), "yes");
    EXPECT_EQ(inbox(mine), "evt_2 received setting;evt_1 received setting;");
    const auto decisions = *read([](Tx& tx) -> Result<std::vector<QuarantineDecision>> {
        return list_quarantine_decisions(tx, "", 10);
    });
    ASSERT_EQ(decisions.size(), 2U);
    EXPECT_EQ(decisions.front().actor, "setting");
    connect("ws_other", "stripe");
    EXPECT_EQ(accept(R"({"id":"evt_3"})", "no_match"), "no");
    EXPECT_EQ(inbox(mine), "evt_2 received setting;evt_1 received setting;");
}

HW_ON_BOTH_ENGINES(DecideQuarantineTest);

}  // namespace
}  // namespace hw
