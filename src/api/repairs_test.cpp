// SPDX-License-Identifier: Apache-2.0
#include "api/repairs.hpp"

#include "base/civil_time.hpp"
#include "tests/fixture/revenue_api_test.hpp"

namespace hw {
namespace {

class RepairsApiTest : public RevenueApiTest {
  protected:
    Response replay(const Object& rules, bool dry_run = true) {
        return post("/attribution/replay", {{"from", "2026-01-01T00:00:00Z"},
                                            {"to", "2027-01-01T00:00:00Z"},
                                            {"rules", rules},
                                            {"dryRun", dry_run}});
    }
};

TEST_P(RepairsApiTest, ReplayedByTheRulesThatStandNothingChanges) {
    set_inferred("attribute");
    paid("in_1");
    paid("in_2", "p1");
    sell("in_3");
    const auto answer = post("/attribution/replay",
                             {{"from", "2026-01-01T00:00:00Z"}, {"to", "2027-01-01T00:00:00Z"}});
    EXPECT_EQ(outcome(answer),
              R"(200 {"dryRun":true,"repairId":null,"lookedAt":3,"conversions":[],"partners":[],)"
              R"("ledger":[],"next":null})");
}

TEST_P(RepairsApiTest, ReplayedByOtherRulesMoneyFollows) {
    set_inferred("attribute_and_pay");
    const auto id = paid("in_1");
    const auto preview = json_of(replay({{"inferred", "off"}}));
    ASSERT_EQ(preview.at("conversions").as_array().size(), 1U);
    EXPECT_EQ(totals(link).sales, 1);
    env.advance_ms(1);
    const auto answer = replay({{"inferred", "off"}}, false);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto replayed = json_of(answer);
    const auto& changed = replayed.at("conversions").at(0);
    EXPECT_EQ(changed.at("conversionId").as_string(), id);
    EXPECT_EQ(changed.at("before").at("linkId").as_string(), link.link_id);
    EXPECT_EQ(changed.at("after").at("rung").as_string(), "orphan");
    EXPECT_EQ(changed, preview.at("conversions").at(0));
    EXPECT_EQ(changed.at("earnings").as_int64(), -1'300);
    EXPECT_EQ(totals(link).sales, 0);
    // The policy that stands is another matter.
    EXPECT_EQ(json_of(send("GET", "/attribution/policy")).at("inferred").as_string(),
              "attribute_and_pay");
    const auto repairs = json_of(send("GET", "/repairs"));
    ASSERT_EQ(repairs.as_array().size(), 1U);
    EXPECT_EQ(repairs.at(0).at("id"), replayed.at("repairId"));
    EXPECT_EQ(repairs.at(0).at("kind").as_string(), "replay");
    EXPECT_EQ(repairs.at(0).at("conversions").as_int64(), 1);
    EXPECT_TRUE(repairs.at(0).at("undoneAt").is_null());
    env.advance_ms(1);
    const auto path = "/repairs/" + std::string(replayed.at("repairId").as_string()) + "/undo";
    EXPECT_EQ(send("POST", path).status, 200);
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_TRUE(outcome(send("POST", path)).starts_with("409 Repair rep_"));
    expect_clean_books();
}

TEST_P(RepairsApiTest, Pages) {
    set_inferred("off");
    for (const auto* id : {"in_1", "in_2"}) {
        paid(id);
        post("/orphans/fix", {{"acceptInferred", true}, {"dryRun", false}});
        env.advance_ms(1);
    }
    const auto newest = json_of(send("GET", "/repairs?pageSize=1"));
    ASSERT_EQ(newest.as_array().size(), 1U);
    const std::string id(newest.at(0).at("id").as_string());
    const auto older = json_of(send("GET", "/repairs?startingAfter=" + id));
    ASSERT_EQ(older.as_array().size(), 1U);
    EXPECT_NE(older.at(0).at("id").as_string(), id);
}

TEST_P(RepairsApiTest, Refusals) {
    struct Row {
        Object body;
        std::string expected;
    };
    const Row rows[] = {
        {{}, "422 invalid_type: from: Invalid input: expected string, received undefined"},
        {{{"from", "2026-01-01T00:00:00Z"}, {"to", "2026-01-01T00:00:00Z"}},
         "422 custom: to: `to` must be later than `from`, which is included."},
        {{{"from", "2026-01-01T00:00:00Z"}, {"to", "2026-02-01T00:00:00Z"}, {"rules", "strict"}},
         "422 invalid_type: rules: Invalid input: expected object, received string"},
        {{{"from", "2026-01-01T00:00:00Z"},
          {"to", "2026-02-01T00:00:00Z"},
          {"rules", Object{{"rungs", Object{{"lead", Object{{"windowDays", 0}}}}}}}},
         "422 rungs.lead.windowDays is 0: a window has 1 to 3650 days; null stands for no "
         "window."},
        {{{"from", "2026-01-01T00:00:00Z"}, {"to", "2026-02-01T00:00:00Z"}, {"pageSize", 501}},
         "422 too_big: pageSize: Too big: expected number to be <=500"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(post("/attribution/replay", row.body)), row.expected);
    }
    EXPECT_EQ(post("/attribution/replay", {{"from", "yesterday"}, {"to", "today"}}).status, 422);
    EXPECT_EQ(outcome(send("POST", "/repairs/rep_x/undo")), "404 There is no repair rep_x.");
}

HW_ON_BOTH_ENGINES(RepairsApiTest);

}  // namespace
}  // namespace hw
