// SPDX-License-Identifier: Apache-2.0
#include "core/attribution_policy.hpp"

#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "store/audit_log.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class AttributionPolicyTest : public EngineTest {
  protected:
    Result<AttributionPolicy> change(const AttributionPolicyChange& wanted) {
        return write([&](Tx& tx) { return update_attribution_policy(tx, wanted, "key_1"); });
    }
    AttributionPolicy stored() {
        return *read([&](Tx& tx) -> Result<AttributionPolicy> {
            return find_attribution_policy(tx, workspace_id);
        });
    }
    std::vector<AuditEntry> audit() {
        return *read([](Tx& tx) -> Result<std::vector<AuditEntry>> {
            return list_audit_entries(tx, "", 10);
        });
    }
};

TEST_P(AttributionPolicyTest, WhatIsNotNamedStays) {
    ASSERT_TRUE(change({.inferred = InferredMatch::Off}).has_value());
    ASSERT_TRUE(change({.first_touch = true, .rungs = {{"lead", {.window_days = 30}}}}));
    ASSERT_TRUE(change({.rungs = {{"lead", {.enabled = false}}}}));
    const auto policy = stored();
    EXPECT_EQ(policy.inferred, InferredMatch::Off);
    EXPECT_TRUE(policy.first_touch);
    EXPECT_FALSE(policy.inferred_for_api);
    EXPECT_EQ(policy.rungs.at("lead"), (RungSetting{.enabled = false, .window_ms = 30 * kDayMs}));
}

TEST_P(AttributionPolicyTest, ARungAsTheLadderSaysIsNotKept) {
    ASSERT_TRUE(change({.rungs = {{"link_slug", {.window_days = std::optional<std::int64_t>()}}}}));
    EXPECT_FALSE(stored().rungs.at("link_slug").window_ms);
    ASSERT_TRUE(change({.rungs = {{"link_slug", {.window_days = 60}}}}));
    EXPECT_TRUE(stored().rungs.empty());
    ASSERT_TRUE(change({.rungs = {{"code", {.enabled = false}}}}));
    ASSERT_TRUE(change({.rungs = {{"code", {.reset = true}}}}));
    EXPECT_TRUE(stored().rungs.empty());
}

TEST_P(AttributionPolicyTest, Refusals) {
    struct Case {
        std::string rung;
        RungChange change;
        std::string message;
    };
    const std::string names =
        "click_id, link_slug, lead, customer, code, identity_60d, identity_90d, workspace_60d, "
        "workspace_90d, workspace_any";
    const std::string range = ": a window has 1 to 3650 days; null stands for no window.";
    const Case cases[] = {
        {"clickid", {}, "rungs.clickid: the ladder has no such rung. Its rungs are " + names + "."},
        {"lead", {.window_days = 0}, "rungs.lead.windowDays is 0" + range},
        {"lead", {.window_days = -1}, "rungs.lead.windowDays is -1" + range},
        {"lead", {.window_days = 3'651}, "rungs.lead.windowDays is 3651" + range},
    };
    for (const auto& row : cases) {
        const auto refused = change({.rungs = {{row.rung, row.change}}});
        ASSERT_FALSE(refused.has_value()) << row.rung;
        EXPECT_EQ(refused.error().code, ErrorCode::UnprocessableEntity);
        EXPECT_EQ(refused.error().message, row.message);
    }
    EXPECT_EQ(stored(), AttributionPolicy{});
    for (const std::int64_t days : {1, 3'650}) {
        EXPECT_TRUE(change({.rungs = {{"lead", {.window_days = days}}}}).has_value()) << days;
    }
}

TEST_P(AttributionPolicyTest, EachChangeIsOnRecord) {
    change({.inferred = InferredMatch::Off});
    env.advance_ms(1);
    change({.inferred = InferredMatch::Off});
    change({.rungs = {{"lead", {.window_days = 30}}}});
    const auto entries = audit();
    ASSERT_EQ(entries.size(), 2U) << "what changes nothing is no change";
    EXPECT_EQ(entries[0].actor, "key_1");
    EXPECT_EQ(entries[0].action, "attribution_policy.updated");
    EXPECT_EQ(entries[0].detail,
              "inferred off, last touch -> inferred off, last touch, lead on 30 days");
    EXPECT_EQ(entries[1].detail, "inferred attribute, last touch -> inferred off, last touch");
}

TEST_P(AttributionPolicyTest, TheWholeLadderInOrder) {
    AttributionPolicy policy;
    policy.rungs["code"] = {.enabled = false, .window_ms = 5 * kDayMs};
    const auto rungs = effective_ladder(policy);
    ASSERT_EQ(rungs.size(), 10U);
    EXPECT_EQ(rungs[0].name, "click_id");
    EXPECT_TRUE(rungs[0].enabled);
    EXPECT_FALSE(rungs[0].window_ms);
    EXPECT_EQ(rungs[1].window_ms, 60 * kDayMs);
    EXPECT_EQ(rungs[4].name, "code");
    EXPECT_FALSE(rungs[4].enabled);
    EXPECT_EQ(rungs[4].window_ms, 5 * kDayMs);
    EXPECT_FALSE(rungs[4].default_window_ms);
    EXPECT_EQ(rungs[9].confidence, "inferred");
}

HW_ON_BOTH_ENGINES(AttributionPolicyTest);

}  // namespace
}  // namespace hw
