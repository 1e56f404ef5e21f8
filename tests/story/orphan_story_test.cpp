// SPDX-License-Identifier: Apache-2.0
// Sales that nobody could place at first: what becomes known later places them, and what a person
// repairs can be taken back without a trace in the books.
#include "tests/fixture/story_test.hpp"

namespace hw {
namespace {

class OrphanStory : public StoryTest {
  protected:
    OrphanStory() { set_policy({{"inferred", "suggest"}}); }

    std::string reasons() {
        std::string reasons;
        const auto told = get("/orphans");
        for (const auto& orphan : told.at("orphans").as_array()) {
            reasons += (reasons.empty() ? "" : ", ") + text(orphan, "reason");
        }
        return reasons;
    }
    // "rung verdict" of every candidate of the decision that stands.
    std::string verdicts(const std::string& conversion_id) {
        const auto told = get("/conversions/" + conversion_id + "/explain");
        std::string verdicts;
        for (const auto& candidate : told.at("attribution").at("candidates").as_array()) {
            verdicts += (verdicts.empty() ? "" : ", ") + text(candidate, "rung") + " " +
                        text(candidate, "verdict");
        }
        return verdicts;
    }
    Json fix(bool dry_run, bool accept_inferred = false) {
        return told("/orphans/fix", {{"dryRun", dry_run}, {"acceptInferred", accept_inferred}});
    }
};
HW_ON_BOTH_ENGINES(OrphanStory);

TEST_P(OrphanStory, TheLeadComesAfterTheSale) {
    const auto click = visit(link);
    const auto sale = checkout("ann", 10'000, {{"customerExternalId", "ann"}});
    EXPECT_EQ(reasons(), "inferred_match_suggested");
    EXPECT_EQ(verdicts(sale),
              "lead lead_not_found, customer customer_without_link, "
              "workspace_60d suggested");
    EXPECT_EQ(commissions(), Texts{});
    told("/track/lead",
         {{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "ann"}});
    EXPECT_EQ(reasons(), "");
    EXPECT_EQ(rungs(sale), "orphan (inferred_match_suggested), lead");
    EXPECT_EQ(commissions(), Texts{"sale 2000 processed"});
    EXPECT_EQ(totals(link).sales, 1);
    expect_clean_books();
}

// The page kept its word for a while: what it says happened before the sale.
TEST_P(OrphanStory, ThePageComesAfterTheSale) {
    const auto click = visit(link);
    const auto seen_ms = env.now_ms();
    const auto sale = checkout("bob", 10'000, {{"session_id", "s-bob"}});
    EXPECT_EQ(rungs(sale), "orphan (inferred_match_suggested)");
    page("pageview", {{"url", "https://shop.example/?dub_id=" + click},
                      {"session_id", "s-bob"},
                      {"occurred_at_ms", seen_ms}});
    EXPECT_EQ(rungs(sale), "orphan (inferred_match_suggested), identity_60d");
    EXPECT_EQ(commissions(), Texts{"sale 2000 processed"});
    expect_clean_books();
}

TEST_P(OrphanStory, SomebodyGetsAName) {
    const auto click = visit(link);
    page("pageview", {{"url", "https://shop.example/?dub_id=" + click}, {"session_id", "s-eve"}});
    const auto sale = checkout("eve", 10'000, {{"customerExternalId", "eve"}});
    EXPECT_EQ(rungs(sale), "orphan (inferred_match_suggested)");
    page("identify", {{"customer_id", "eve"}, {"session_id", "s-eve"}});
    EXPECT_EQ(rungs(sale), "orphan (inferred_match_suggested), identity_60d");
    EXPECT_EQ(commissions(), Texts{"sale 2000 processed"});
    expect_clean_books();
}

// A sale that its own server told, and that named nobody known.
TEST_P(OrphanStory, TheLeadComesAfterASaleByApi) {
    const auto click = visit(link);
    told("/track/sale", {{"customerExternalId", "kim"}, {"amount", 5'000}, {"invoiceId", "in_1"}});
    EXPECT_EQ(reasons(), "no_customer_and_no_click");
    told("/track/lead",
         {{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "kim"}});
    EXPECT_EQ(rungs("in_1"), "orphan (no_customer_and_no_click), lead");
    EXPECT_EQ(commissions(), Texts{"sale 1000 processed"});
    expect_clean_books();
}

TEST_P(OrphanStory, RepairedAndUndoneTheBooksAreAsBefore) {
    visit(link);
    checkout("zoe", 7'000, {{"link_slug", "p1"}});
    const auto by_key = checkout("ann", 10'000, {{"link_slug", "late"}});
    const auto by_nothing = checkout("bob", 4'000, {});
    EXPECT_EQ(reasons(), "inferred_match_suggested, inferred_match_suggested");
    enroll("pn_2");
    const auto late = partner_link("late", "pn_2");
    const auto before = digest();

    const auto preview = fix(true);
    const auto& proposals = preview.at("conversions").as_array();
    ASSERT_EQ(proposals.size(), 1U);
    EXPECT_EQ(text(proposals.at(0), "conversionId"), by_key);
    EXPECT_EQ(text(proposals.at(0).at("after"), "rung"), "link_slug");
    EXPECT_EQ(text(proposals.at(0).at("after"), "confidence"), "certain");
    EXPECT_EQ(text(proposals.at(0).at("after"), "linkId"), late.link_id);
    EXPECT_EQ(proposals.at(0).at("earnings").as_int64(), 2'000);
    EXPECT_EQ(boost::json::serialize(preview.at("partners")),
              R"([{"partnerId":"pn_2","earnings":2000}])");
    EXPECT_EQ(digest(), before);

    // Once by what is certain, once with the word of a person for what is not.
    for (const bool accept_inferred : {false, true}) {
        const auto applied = fix(false, accept_inferred);
        EXPECT_EQ(applied.at("conversions").as_array().size(), accept_inferred ? 2U : 1U);
        EXPECT_NE(digest(), before);
        EXPECT_EQ(reasons(), accept_inferred ? "" : "inferred_match_suggested");
        expect_clean_books();
        told("/repairs/" + text(applied, "repairId") + "/undo", {});
        EXPECT_EQ(digest(), before);
        expect_clean_books();
    }
    EXPECT_EQ(rungs(by_nothing),
              "orphan (inferred_match_suggested), workspace_60d, "
              "orphan (inferred_match_suggested)");
}

// A sale whose commission was paid became an orphan since: it is for a person to say what becomes
// of the money.
TEST_P(OrphanStory, APaidCommissionIsNotTouched) {
    const auto click = visit(link);
    const auto sale = checkout("ann", 10'000, {{"dub_click_id", click}});
    EXPECT_EQ(rungs(sale), "click_id");
    pay_partners();
    EXPECT_EQ(commissions(), Texts{"sale 2000 paid"});
    told("/attribution/replay",
         {{"from", "2026-01-01T00:00:00Z"},
          {"to", "2027-01-01T00:00:00Z"},
          {"rules", Object{{"rungs", Object{{"click_id", Object{{"enabled", false}}}}}}},
          {"dryRun", false}});
    EXPECT_EQ(rungs(sale), "click_id, orphan (inferred_match_suggested)");
    const auto before = digest();
    const auto ledger = ledger_ids();
    for (const bool accept_inferred : {false, true}) {
        const auto fixed = fix(false, accept_inferred);
        EXPECT_EQ(fixed.at("lookedAt").as_int64(), 1);
        EXPECT_TRUE(fixed.at("conversions").as_array().empty());
    }
    EXPECT_EQ(outcome(post("/orphans/fix", {{"conversionIds", boost::json::array{sale}}})),
              "409 Conversion " + sale +
                  " stays as it is: a commission of it was paid. Move that conversion by hand.");
    EXPECT_EQ(digest(), before);
    EXPECT_EQ(ledger_ids(), ledger);
    expect_clean_books();
}

}  // namespace
}  // namespace hw
