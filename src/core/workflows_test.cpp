// SPDX-License-Identifier: Apache-2.0
#include "core/workflows.hpp"

#include "core/bounties.hpp"
#include "tests/fixture/with_program.hpp"

namespace hw {
namespace {

class WorkflowsTest : public WithProgram<SaleTest> {
  protected:
    WorkflowsTest() {
        put([&](Tx& tx) {
            make_group(tx, "grp_gold", "gold");
            make_group(tx, "grp_silver", "silver");
            bounty_id = create_bounty(tx, {.name = "Ten leads", .kind = "performance"})->bounty_id;
        });
    }
    static WorkflowCondition leads(const char* comparison, std::vector<std::int64_t> values) {
        return {"totalLeads", comparison, std::move(values), {}};
    }
    static WorkflowFields move(const std::string& name, const std::string& group,
                               std::vector<WorkflowCondition> conditions) {
        return {.name = name,
                .trigger = "leadRecorded",
                .conditions = std::move(conditions),
                .action = "moveGroup",
                .subject_id = group};
    }
    // Empty, or the refusal.
    std::string create(const WorkflowFields& fields) {
        const auto made = write([&](Tx& tx) { return create_workflow(tx, fields); });
        if (made) last = made->workflow_id;
        return made ? "" : made.error().message;
    }
    std::string change(const std::string& id, const WorkflowFields& fields) {
        const auto made = write([&](Tx& tx) { return change_workflow(tx, id, fields); });
        return made ? "" : made.error().message;
    }

    std::string bounty_id;
    std::string last;
};

TEST_P(WorkflowsTest, WhatIsRefused) {
    const auto with = [&](const char* trigger, const char* action, const std::string& subject,
                          std::vector<WorkflowCondition> conditions) {
        return WorkflowFields{.name = "one",
                              .trigger = trigger,
                              .conditions = std::move(conditions),
                              .action = action,
                              .subject_id = subject};
    };
    struct Row {
        WorkflowFields fields;
        std::string outcome;
    };
    auto elsewhere = with("leadRecorded", "sendCampaign", "cmp_1", {});
    elsewhere.program_id = "prog_x";
    const Row rows[] = {
        {with("leadRecorded", "sendCampaign", "cmp_1", {}), ""},
        {with("leadRecorded", "awardBounty", bounty_id, {leads("gte", {10})}), ""},
        {with("scheduled", "sendCampaign", "cmp_1", {{"partnerEnrolledDays", "gte", {7}, {}}}), ""},
        {elsewhere, "Program not found"},
        {with("leadRecorded", "awardBounty", bounty_id, {}),
         "invalid_value: conditions: awardBounty takes exactly one condition, got 0"},
        {with("leadRecorded", "awardBounty", bounty_id, {leads("gte", {1}), leads("lte", {2})}),
         "invalid_value: conditions: awardBounty takes exactly one condition, got 2"},
        {with("leadRecorded", "awardBounty", "bnty_x", {leads("gte", {1})}),
         "invalid_value: action.bountyId: there is no bounty bnty_x in program prog_1"},
        {with("leadRecorded", "moveGroup", "grp_gold", {}),
         "too_small: conditions: moveGroup needs at least one condition"},
        {with("leadRecorded", "moveGroup", "grp_x", {leads("gte", {1})}),
         "invalid_value: groupId: there is no group grp_x in program prog_1"},
        {with("leadRecorded", "sendCampaign", "cmp_1", {{"partnerGroup", "eq", {}, {"grp_y"}}}),
         "invalid_value: groupId: there is no group grp_y in program prog_1"},
        {with("scheduled", "sendCampaign", "cmp_1", {leads("gte", {1})}),
         "invalid_value: conditions: the trigger scheduled needs a condition on "
         "partnerEnrolledDays"},
        {with("leadRecorded", "sendCampaign", "cmp_1", {leads("gte", {3}), leads("lte", {2})}),
         "invalid_value: conditions: no partner can ever meet all of them"},
        {with("leadRecorded", "sendCampaign", "cmp_1",
              std::vector<WorkflowCondition>(11, leads("gte", {3}))),
         "too_big: conditions: Too big: expected array to have <=10 items, got 11"},
        {with("leadRecorded", "sendCampaign", "cmp_1", {leads("above", {3})}),
         "invalid_value: conditions: Invalid operator 'above' of totalLeads: expected one of gte, "
         "lte, between, eq, ne, in, notIn"},
    };
    for (const auto& row : rows) EXPECT_EQ(create(row.fields), row.outcome);
}

TEST_P(WorkflowsTest, TwoMovesThatCanBothMatch) {
    EXPECT_EQ(create(move("silver", "grp_silver", {leads("between", {5, 9})})), "");
    const auto silver = last;
    const auto refusal = "invalid_value: conditions: 'gold' (to group grp_gold) and workflow " +
                         silver +
                         " 'silver' (to group grp_silver) can both match one partner: make their "
                         "conditions exclude each other";
    EXPECT_EQ(create(move("gold", "grp_gold", {leads("gte", {9})})), refusal);
    EXPECT_EQ(create(move("gold", "grp_gold", {leads("gte", {10})})), "");
    const auto gold = last;
    EXPECT_EQ(change(gold, move("gold", "grp_gold", {leads("gte", {9})})), refusal);
    EXPECT_EQ(change(gold, {.disabled = true}), "");
    EXPECT_EQ(change(gold, move("gold", "grp_gold", {leads("gte", {9})})), "");
    EXPECT_EQ(change(gold, {.disabled = false}), refusal);
    EXPECT_EQ(change("wf_x", {}), "Workflow not found.");
    ASSERT_TRUE(write([&](Tx& tx) { return remove_workflow(tx, silver); }));
    EXPECT_EQ(change(gold, {.disabled = false}), "");
    EXPECT_FALSE(read([&](Tx& tx) { return get_workflow(tx, silver); }));
}

TEST_P(WorkflowsTest, AHundredAtMost) {
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(create({.name = "n",
                          .trigger = "leadRecorded",
                          .conditions = std::vector<WorkflowCondition>{},
                          .action = "sendCampaign",
                          .subject_id = "cmp_1"}),
                  "");
    }
    EXPECT_EQ(create(move("gold", "grp_gold", {leads("gte", {9})})),
              "The workspace has 100 workflows, the most there can be: delete one first.");
}

HW_ON_BOTH_ENGINES(WorkflowsTest);

}  // namespace
}  // namespace hw
