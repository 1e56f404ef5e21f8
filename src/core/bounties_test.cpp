// SPDX-License-Identifier: Apache-2.0
#include "core/bounties.hpp"

#include "core/bounty_submissions.hpp"
#include "core/workflows.hpp"
#include "tests/fixture/with_program.hpp"

namespace hw {
namespace {

class BountiesTest : public WithProgram<SaleTest> {
  protected:
    Result<Bounty> create(const BountyFields& fields) {
        return write([&](Tx& tx) { return create_bounty(tx, fields); });
    }
    Result<Bounty> change(const std::string& id, const BountyFields& fields) {
        return write([&](Tx& tx) { return change_bounty(tx, id, fields); });
    }
    Result<std::string> remove(const std::string& id) {
        return write([&](Tx& tx) { return remove_bounty(tx, id); });
    }
};

TEST_P(BountiesTest, MadeAndChanged) {
    const auto made = create({.name = "Video", .reward_amount = std::optional<std::int64_t>(500)});
    ASSERT_TRUE(made);
    EXPECT_EQ(made->program_id, "prog_1");
    EXPECT_EQ(made->kind, "submission");
    EXPECT_EQ(made->starts_at_ms, env.now_ms());
    const auto changed = change(made->bounty_id, {.reward_amount = std::optional<std::int64_t>{},
                                                  .group_ids = Texts{"grp_1"}});
    ASSERT_TRUE(changed);
    const auto kept = *read([&](Tx& tx) -> Result<std::optional<Bounty>> {
        return find_bounty(tx, workspace_id, made->bounty_id);
    });
    EXPECT_EQ(kept->name, "Video");
    EXPECT_EQ(kept->reward_amount, std::nullopt);
    EXPECT_EQ(kept->group_ids, Texts{"grp_1"});
    EXPECT_EQ(outbox("bounty.created"), 1);
    EXPECT_EQ(outbox("bounty.updated"), 1);
}

TEST_P(BountiesTest, Refusals) {
    const auto made = create({.name = "Video"});
    const auto past = std::optional(env.now_ms() - 1);
    struct Row {
        Result<Bounty> told;
        std::string outcome;
    };
    const Row rows[] = {
        {create({.program_id = "prog_x", .name = "n"}), "Program not found"},
        {create({.name = "n", .group_ids = Texts{"grp_x"}}),
         "invalid_value: groupIds: there is no group grp_x in program prog_1"},
        {create({.name = "n", .starts_at_ms = env.now_ms(), .ends_at_ms = past}),
         "invalid_value: endsAt: 2026-09-21T14:13:19.999Z is not after startsAt, "
         "2026-09-21T14:13:20.000Z"},
        {change("bnty_x", {}), "Bounty not found."},
    };
    for (const auto& row : rows) {
        ASSERT_FALSE(row.told) << row.outcome;
        EXPECT_EQ(row.told.error().message, row.outcome);
    }
    EXPECT_EQ(remove(made->bounty_id).value(), made->bounty_id);
    EXPECT_EQ(remove(made->bounty_id).error().message, "Bounty not found.");
}

TEST_P(BountiesTest, NotRemovedWhileInUse) {
    enroll("pn_1");
    const auto told = create({.name = "Video"})->bounty_id;
    SubmitBounty input;
    input.bounty_id = told;
    input.partner_id = "pn_1";
    ASSERT_TRUE(write([&](Tx& tx) { return submit_bounty(tx, input); }));
    EXPECT_EQ(remove(told).error().message,
              "Bounty " + told + " has submissions: archive it instead.");
    const auto awarded = create({.name = "Leads", .kind = "performance"})->bounty_id;
    const auto workflow = write([&](Tx& tx) {
        return create_workflow(
            tx, {.name = "Award",
                 .trigger = "leadRecorded",
                 .conditions = std::vector<WorkflowCondition>{{"totalLeads", "gte", {1}, {}}},
                 .action = "awardBounty",
                 .subject_id = awarded});
    });
    EXPECT_EQ(remove(awarded).error().message, "Workflow " + workflow->workflow_id +
                                                   " (Award) awards bounty " + awarded +
                                                   ": delete it first.");
}

HW_ON_BOTH_ENGINES(BountiesTest);

}  // namespace
}  // namespace hw
