// SPDX-License-Identifier: Apache-2.0
#include "core/run_workflows.hpp"

#include "core/bounties.hpp"
#include "core/partner_applications.hpp"
#include "core/workflows.hpp"
#include "tests/fixture/with_program.hpp"

namespace hw {
namespace {

constexpr std::int64_t kDay = 86'400'000;

class RunWorkflowsTest : public WithProgram<SaleTest> {
  protected:
    RunWorkflowsTest() {
        put([&](Tx& tx) {
            make_group(tx, "grp_gold", "gold");
            bounty_id = create_bounty(tx, {.name = "Leads", .kind = "performance"})->bounty_id;
        });
        enroll("pn_1");
        link = partner_link("p1", "pn_1");
    }
    std::string workflow(const std::string& trigger, const WorkflowCondition& condition,
                         const std::string& action, const std::string& subject) {
        const auto made = write([&](Tx& tx) {
            return create_workflow(tx, {.name = action,
                                        .trigger = trigger,
                                        .conditions = std::vector{condition},
                                        .action = action,
                                        .subject_id = subject});
        });
        EXPECT_TRUE(made) << made.error().message;
        return made->workflow_id;
    }
    void lead_of(const std::string& name) { lead(name, make_click(link, ++visitor_)); }
    // "partner: detail" of its runs, newest first.
    Texts runs(const std::string& id) {
        return *read([&](Tx& tx) -> Result<Texts> {
            Texts texts;
            for (const auto& run : list_workflow_runs(tx, id, "", 10)) {
                texts.push_back(run.partner_id + ": " + run.detail);
            }
            return texts;
        });
    }
    std::string group_of(const std::string& partner_id) {
        return read([&](Tx& tx) -> Result<std::string> {
                   return find_enrollment(tx, workspace_id, "prog_1", partner_id)->group_id;
               })
            .value();
    }
    // "status count" of the bounty's submissions.
    Texts submissions() {
        return *read([&](Tx& tx) -> Result<Texts> {
            SubmissionFilter filter;
            filter.bounty_id = bounty_id;
            Texts texts;
            for (const auto& made : list_submissions(tx, filter)) {
                texts.push_back(fmt::format("{} {}", made.status, *made.performance_count));
            }
            return texts;
        });
    }
    int schedule(std::int64_t limit) {
        int rounds = 0;
        std::string after;
        do {
            after = *write([&](Tx& tx) -> Result<std::string> {
                return run_scheduled_workflows(tx, after, limit);
            });
            ++rounds;
        } while (!after.empty());
        return rounds;
    }

    std::string bounty_id;
    Link link;

  private:
    int visitor_ = 0;
};

TEST_P(RunWorkflowsTest, TheEventItselfCounts) {
    const auto id =
        workflow("leadRecorded", {"totalLeads", "gte", {2}, {}}, "awardBounty", bounty_id);
    lead_of("a");
    EXPECT_EQ(submissions(), Texts{});
    lead_of("b");
    EXPECT_EQ(submissions(), Texts{"submitted 2"});
    lead_of("c");
    EXPECT_EQ(submissions(), Texts{"submitted 2"}) << "once for ever";
    EXPECT_EQ(runs(id).size(), 1);
    expect_clean_books();
}

TEST_P(RunWorkflowsTest, TriggersAndWhatTheyCount) {
    struct Row {
        std::string trigger;
        WorkflowCondition condition;
        std::size_t outcome;  // runs after a lead, and a sale of 10.00 that pays 2.00
    };
    const Row rows[] = {
        {"leadRecorded", {"totalLeads", "eq", {1}, {}}, 1},
        {"leadRecorded", {"totalCommissions", "eq", {300}, {}}, 1},
        {"leadRecorded", {"totalConversions", "gte", {1}, {}}, 0},
        {"saleRecorded", {"totalConversions", "eq", {1}, {}}, 1},
        {"saleRecorded", {"totalSaleAmount", "between", {1'000, 1'001}, {}}, 1},
        {"saleRecorded", {"totalSaleAmount", "gte", {1'001}, {}}, 0},
        {"commissionRecorded", {"totalCommissions", "eq", {500}, {}}, 1},
        {"saleRecorded", {"partnerGroup", "eq", {}, {"grp_1"}}, 1},
        {"saleRecorded", {"partnerGroup", "notIn", {}, {"grp_1"}}, 0},
        {"saleRecorded", {"partnerEnrolledDays", "gte", {1}, {}}, 0},
        {"saleRecorded", {"partnerJoined", "lte", {env.now_ms()}, {}}, 1},
        {"partnerEnrolled", {"totalLeads", "gte", {0}, {}}, 0},
        {"scheduled", {"partnerEnrolledDays", "gte", {0}, {}}, 0},
    };
    std::vector<std::string> ids;
    for (const auto& row : rows) {
        ids.push_back(workflow(row.trigger, row.condition, "sendCampaign", "cmp_1"));
    }
    lead_of("a");
    sold(sale_of("a", 1'000));
    std::int64_t all = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        EXPECT_EQ(runs(ids[i]).size(), rows[i].outcome)
            << rows[i].trigger << " " << rows[i].condition.attribute;
        all += std::ssize(runs(ids[i]));
    }
    EXPECT_EQ(outbox("campaign.triggered"), all);
}

TEST_P(RunWorkflowsTest, MovesOnce) {
    const auto id =
        workflow("leadRecorded", {"totalLeads", "gte", {1}, {}}, "moveGroup", "grp_gold");
    lead_of("a");
    EXPECT_EQ(group_of("pn_1"), "grp_gold");
    EXPECT_EQ(runs(id), Texts{"pn_1: moved from group grp_1 to grp_gold"});
    enroll("pn_1");  // moved back by hand
    EXPECT_EQ(group_of("pn_1"), "grp_1");
    lead_of("b");
    EXPECT_EQ(group_of("pn_1"), "grp_1");
}

TEST_P(RunWorkflowsTest, WhoIsPassedOver) {
    const auto id =
        workflow("leadRecorded", {"totalLeads", "gte", {1}, {}}, "sendCampaign", "cmp_1");
    enroll("pn_1", {}, "archived");
    lead_of("a");
    put([&](Tx& tx) { EXPECT_EQ(run_workflows(tx, {"leadRecorded", "prog_1", "pn_x"}), 0); });
    put([&](Tx& tx) { EXPECT_EQ(run_workflows(tx, {"leadRecorded", "prog_x", "pn_1"}), 0); });
    lead("b", make_click(make_link("nobodys")));
    EXPECT_EQ(runs(id), Texts{});
    enroll("pn_1");
    put([&](Tx& tx) { EXPECT_EQ(run_workflows(tx, {"leadRecorded", "prog_1", "pn_1"}), 1); });
    put([&](Tx& tx) { EXPECT_EQ(run_workflows(tx, {"leadRecorded", "prog_1", "pn_1"}), 0); });
    EXPECT_EQ(runs(id), Texts{"pn_1: campaign cmp_1 sent"});
}

TEST_P(RunWorkflowsTest, ABountyThatIsNotOpen) {
    put([&](Tx& tx) { ASSERT_TRUE(change_bounty(tx, bounty_id, {.archived = true})); });
    workflow("leadRecorded", {"totalLeads", "gte", {1}, {}}, "awardBounty", bounty_id);
    lead_of("a");
    EXPECT_EQ(submissions(), Texts{});
    put([&](Tx& tx) { ASSERT_TRUE(change_bounty(tx, bounty_id, {.archived = false})); });
    lead_of("b");
    EXPECT_EQ(submissions(), Texts{"submitted 2"});
}

TEST_P(RunWorkflowsTest, AsDaysGoBy) {
    for (int i = 2; i <= 5; ++i) enroll(fmt::format("pn_{}", i));
    enroll("pn_6", {}, "pending");
    const auto week =
        workflow("scheduled", {"partnerEnrolledDays", "gte", {7}, {}}, "sendCampaign", "cmp_week");
    const auto month = workflow("scheduled", {"partnerEnrolledDays", "gte", {30}, {}},
                                "sendCampaign", "cmp_month");
    schedule(2);
    EXPECT_EQ(outbox("campaign.triggered"), 0);
    env.advance_ms(7 * kDay);
    EXPECT_GT(schedule(2), 3);
    EXPECT_EQ(runs(week).size(), 5);
    EXPECT_EQ(runs(month).size(), 0);
    schedule(2);
    EXPECT_EQ(outbox("campaign.triggered"), 5);
    env.advance_ms(23 * kDay);
    schedule(100);
    EXPECT_EQ(runs(month).size(), 5);
    EXPECT_EQ(outbox("campaign.triggered"), 10);
}

TEST_P(RunWorkflowsTest, WhoIsEnrolledIsMovedBeforeTheyEarn) {
    const auto id =
        workflow("partnerEnrolled", {"totalLeads", "gte", {0}, {}}, "moveGroup", "grp_gold");
    NewPartner ann;
    ann.email = "ann@mail.example";
    const auto approved = write([&](Tx& tx) { return enroll_partner(tx, ann); });
    ASSERT_TRUE(approved) << approved.error().message;
    EXPECT_EQ(approved->enrolled.enrollment.group_id, "grp_gold");
    NewPartner bob;
    bob.email = "bob@mail.example";
    bob.status = "pending";
    const auto pending = write([&](Tx& tx) { return enroll_partner(tx, bob); });
    ASSERT_TRUE(pending) << pending.error().message;
    EXPECT_EQ(pending->enrolled.enrollment.group_id, "grp_1");
    EXPECT_EQ(runs(id).size(), 1U);
    const auto bob_id = pending->enrolled.partner.partner_id;
    ASSERT_TRUE(write([&](Tx& tx) {
        return approve_application(tx, {.partner_id = bob_id, .group_id = {}, .links = {}});
    }));
    EXPECT_EQ(group_of(bob_id), "grp_gold");
    EXPECT_EQ(runs(id).size(), 2U);
}

HW_ON_BOTH_ENGINES(RunWorkflowsTest);

}  // namespace
}  // namespace hw
