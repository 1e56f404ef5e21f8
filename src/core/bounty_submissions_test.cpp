// SPDX-License-Identifier: Apache-2.0
#include "core/bounty_submissions.hpp"

#include "core/bounties.hpp"
#include "tests/fixture/with_program.hpp"

namespace hw {
namespace {

class BountySubmissionsTest : public WithProgram<SaleTest> {
  protected:
    BountySubmissionsTest() {
        enroll("pn_1");
        bounty = make({.name = "Video", .reward_amount = std::optional<std::int64_t>(500)});
    }
    std::string make(const BountyFields& fields) {
        return write([&](Tx& tx) { return create_bounty(tx, fields); })->bounty_id;
    }
    Result<BountySubmission> submit(const std::string& bounty_id, const std::string& partner_id,
                                    bool is_draft = false) {
        SubmitBounty input;
        input.bounty_id = bounty_id;
        input.partner_id = partner_id;
        input.urls = {"https://video.example/1"};
        input.files = {{"https://files.example/a.png", "a.png", 7}};
        input.is_draft = is_draft;
        auto made = write([&](Tx& tx) { return submit_bounty(tx, input); });
        env.advance_ms(1);
        return made;
    }
    // "status", or the refusal.
    static std::string told(const Result<BountySubmission>& made) {
        return made ? made->status : made.error().message;
    }
    std::string approve(const std::string& id, std::optional<std::int64_t> reward = {}) {
        return told(write([&](Tx& tx) { return approve_submission(tx, {bounty, id}, reward); }));
    }
    std::string reject(const std::string& id, const Rejection& why = {}) {
        return told(write([&](Tx& tx) { return reject_submission(tx, {bounty, id}, why); }));
    }

    std::string bounty;
};

TEST_P(BountySubmissionsTest, ApprovalPaysOnce) {
    const auto id = submit(bounty, "pn_1")->submission_id;
    EXPECT_EQ(approve(id), "approved");
    EXPECT_EQ(approve(id), "approved");
    EXPECT_EQ(approve(id, 500), "approved");
    const auto commission = commission_ids().at(0);
    EXPECT_EQ(approve(id, 501), "Submission " + id +
                                    " is approved already with a reward of 500: change "
                                    "commission " +
                                    commission + " instead.");
    EXPECT_EQ(reject(id), "Submission " + id + " is approved already: cancel commission " +
                              commission + " instead.");
    EXPECT_EQ(commissions(), Texts{"custom 500 processed"}) << "at once, whatever is held";
    EXPECT_EQ(outbox("commission.created"), 1);
    expect_clean_books();
}

TEST_P(BountySubmissionsTest, RejectedAndThenApprovedAfterAll) {
    const auto id = submit(bounty, "pn_1")->submission_id;
    EXPECT_EQ(reject(id, {"other", "too dark"}), "rejected");
    EXPECT_EQ(reject(id, {"invalidProof", "another"}), "rejected");
    const auto kept = *read([&](Tx& tx) -> Result<std::optional<BountySubmission>> {
        return find_submission(tx, workspace_id, id);
    });
    EXPECT_EQ(kept->rejection_reason, "other");
    EXPECT_EQ(kept->rejection_note, "too dark");
    EXPECT_EQ(kept->files.at(0).file_name, "a.png");
    EXPECT_EQ(approve(id, 700), "approved");
    EXPECT_EQ(commissions(), Texts{"custom 700 processed"});
    expect_clean_books();
}

TEST_P(BountySubmissionsTest, WhatCannotBeSubmitted) {
    enroll("pn_2", {}, "banned");
    const auto other = make({.name = "Gold", .group_ids = Texts{}, .archived = true});
    const auto late = make({.name = "Late",
                            .starts_at_ms = env.now_ms() + 1'000,
                            .ends_at_ms = std::optional(env.now_ms() + 2'000)});
    put([&](Tx& tx) { make_group(tx, "grp_gold", "gold"); });
    const auto gold = make({.name = "Gold", .group_ids = Texts{"grp_gold"}});
    struct Row {
        std::string bounty, partner;
        std::string outcome;
    };
    const Row rows[] = {
        {bounty, "pn_1", "submitted"},
        {bounty, "pn_1",
         "Partner pn_1 has 1 submissions to bounty " + bounty + ", which takes at most 1."},
        {"bnty_x", "pn_1", "Bounty not found."},
        {bounty, "pn_x", "The partner is not enrolled in this program."},
        {bounty, "pn_2",
         "Partner pn_2 is banned in this program: only approved partners may "
         "submit."},
        {other, "pn_1", "Bounty " + other + " is archived."},
        {late, "pn_1", "Bounty " + late + " has not started yet."},
        {gold, "pn_1", "Bounty " + gold + " is not for partners of group grp_1."},
    };
    for (const auto& row : rows) EXPECT_EQ(told(submit(row.bounty, row.partner)), row.outcome);
    env.advance_ms(1'500);
    EXPECT_EQ(told(submit(late, "pn_1")), "submitted");
    env.advance_ms(1'500);
    EXPECT_EQ(told(submit(late, "pn_1")), "Bounty " + late + " has ended.");
}

TEST_P(BountySubmissionsTest, WhatCannotBeReviewed) {
    const auto draft = submit(bounty, "pn_1", true)->submission_id;
    EXPECT_EQ(approve(draft), "Submission " + draft + " is a draft: it must be submitted first.");
    EXPECT_EQ(reject(draft),
              "Submission " + draft + " is a draft: there is nothing to reject yet.");
    EXPECT_EQ(approve("bnty_sub_x"), "Bounty submission not found.");
    const auto free = make({.name = "Free", .submissions_max = 2});
    const auto one = submit(free, "pn_1")->submission_id;
    EXPECT_EQ(approve(one), "Bounty submission not found.") << "of another bounty";
    bounty = free;
    EXPECT_EQ(approve(one), "invalid_type: rewardAmount: Bounty " + free +
                                " has no reward of its own: say how much this submission earns, "
                                "in minor units");
    EXPECT_EQ(approve(one, 5), "approved");
    EXPECT_EQ(submit(free, "pn_1")->period_number, 2);
    bounty = "bnty_x";
    EXPECT_EQ(approve(one), "Bounty not found.");
    expect_clean_books();
}

TEST_P(BountySubmissionsTest, Lists) {
    const auto many = make({.name = "Many", .submissions_max = 5});
    enroll("pn_2");
    const auto a = submit(many, "pn_1")->submission_id;
    const auto b = submit(many, "pn_2")->submission_id;
    const auto c = submit(many, "pn_1", true)->submission_id;
    const auto list = [&](const std::function<void(SubmissionFilter&)>& how) {
        SubmissionFilter filter;
        filter.bounty_id = many;
        how(filter);
        const auto found =
            read([&](Tx& tx) { return list_bounty_submissions(tx, filter); }).value();
        Texts ids;
        for (const auto& each : found) ids.push_back(each.submission_id);
        return ids;
    };
    EXPECT_EQ(list([](auto&) {}), (Texts{c, a, b})) << "what is not completed comes first";
    EXPECT_EQ(list([](auto& f) { f.ascending = false; }), (Texts{b, a, c}));
    EXPECT_EQ(list([](auto& f) { f.status = "draft"; }), Texts{c});
    EXPECT_EQ(list([](auto& f) { f.partner_id = "pn_2"; }), Texts{b});
    EXPECT_EQ(list([](auto& f) { f.group_id = "grp_1"; }), (Texts{c, a, b}));
    EXPECT_EQ(list([](auto& f) { f.group_id = "grp_2"; }), Texts{});
    EXPECT_EQ(list([](auto& f) { f.order = SubmissionOrder::PerformanceCount; }), (Texts{a, b, c}));
    EXPECT_EQ(list([](auto& f) { f.limit = f.offset = 1; }), Texts{a});
}

HW_ON_BOTH_ENGINES(BountySubmissionsTest);

}  // namespace
}  // namespace hw
