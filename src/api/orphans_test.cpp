// SPDX-License-Identifier: Apache-2.0
#include "api/orphans.hpp"

#include "base/limits.hpp"
#include "store/audit_log.hpp"
#include "tests/fixture/revenue_api_test.hpp"

namespace hw {
namespace {

class OrphansApiTest : public RevenueApiTest {
  protected:
    OrphansApiTest() { set_inferred("off"); }
    Response fix(const Object& body) { return post("/orphans/fix", body); }
};

TEST_P(OrphansApiTest, Listed) {
    const auto id = paid("in_1");
    set_inferred("suggest");
    const auto other = paid("in_2");
    const auto answer = send("GET", "/orphans");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto page = json_of(answer);
    ASSERT_EQ(page.at("orphans").as_array().size(), 2U);
    const auto& first = page.at("orphans").at(0);
    EXPECT_EQ(first.at("conversionId").as_string(), id);
    EXPECT_EQ(first.at("reason").as_string(), "lead_not_found");
    EXPECT_EQ(first.at("amount").as_int64(), 5'000);
    EXPECT_EQ(first.at("currency").as_string(), "usd");
    EXPECT_EQ(first.at("invoiceId").as_string(), "in_1");
    EXPECT_TRUE(first.at("suggestedLink").is_null());
    EXPECT_EQ(page.at("orphans").at(1).at("suggestedLink").at("id").as_string(), link.link_id);
    EXPECT_EQ(boost::json::serialize(page.at("counts")),
              R"([{"reason":"inferred_match_suggested","count":1},)"
              R"({"reason":"lead_not_found","count":1}])");
    EXPECT_TRUE(page.at("next").is_null());
    const auto next = json_of(send("GET", "/orphans?pageSize=1")).at("next");
    EXPECT_EQ(next.as_string(), id);
    const auto second = json_of(send("GET", "/orphans?startingAfter=" + id));
    EXPECT_EQ(second.at("orphans").at(0).at("conversionId").as_string(), other);
}

TEST_P(OrphansApiTest, APreviewIsTheDefaultAndChangesNothing) {
    const auto id = paid("in_1");
    const auto before = send("GET", "/orphans").body;
    const auto answer = fix({{"acceptInferred", true}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto preview = json_of(answer);
    EXPECT_TRUE(preview.at("dryRun").as_bool());
    EXPECT_TRUE(preview.at("repairId").is_null());
    const auto& changed = preview.at("conversions").at(0);
    EXPECT_EQ(changed.at("conversionId").as_string(), id);
    EXPECT_EQ(changed.at("before").at("rung").as_string(), "orphan");
    EXPECT_EQ(changed.at("after").at("rung").as_string(), "workspace_60d");
    EXPECT_EQ(changed.at("after").at("confidence").as_string(), "accepted");
    EXPECT_EQ(changed.at("after").at("partnerId").as_string(), "pn_1");
    EXPECT_EQ(changed.at("earnings").as_int64(), 1'300) << "the sale and the lead it brings";
    EXPECT_EQ(boost::json::serialize(preview.at("partners")),
              R"([{"partnerId":"pn_1","earnings":1300}])");
    EXPECT_EQ(preview.at("ledger").as_array().size(), 2U);
    EXPECT_EQ(send("GET", "/orphans").body, before);
    EXPECT_EQ(send("POST", "/orphans/fix").status, 200) << "a body may be left out";
    EXPECT_EQ(send("GET", "/repairs").body, "[]");
    EXPECT_EQ(send("GET", "/ledger/transactions").body, "[]");
}

TEST_P(OrphansApiTest, AppliedAndUndone) {
    paid("in_1");
    const auto applied = fix({{"acceptInferred", true}, {"dryRun", false}});
    ASSERT_EQ(applied.status, 200) << applied.body;
    const auto repaired = json_of(applied);
    EXPECT_FALSE(repaired.at("dryRun").as_bool());
    const std::string id(repaired.at("repairId").as_string());
    EXPECT_TRUE(json_of(send("GET", "/orphans")).at("orphans").as_array().empty());
    EXPECT_EQ(totals(link).sales, 1);
    // Every transaction that was posted, and no other.
    const auto posted = json_of(send("GET", "/ledger/transactions"));
    EXPECT_EQ(posted.as_array().size(), repaired.at("ledger").as_array().size());
    env.advance_ms(1);
    const auto undone = send("POST", "/repairs/" + id + "/undo");
    ASSERT_EQ(undone.status, 200) << undone.body;
    EXPECT_EQ(json_of(undone).at("partners").at(0).at("earnings").as_int64(), -1'300);
    const auto all = json_of(send("GET", "/ledger/transactions")).as_array().size();
    EXPECT_EQ(json_of(undone).at("ledger").as_array().size(), all - posted.as_array().size());
    EXPECT_EQ(totals(link).sales, 0);
    expect_clean_books();
    const auto entries = *read(
        [](Tx& tx) -> Result<std::vector<AuditEntry>> { return list_audit_entries(tx, "", 2); });
    EXPECT_EQ(entries[0].action, "attribution.undo");
    EXPECT_EQ(entries[1].action, "attribution.fix");
    EXPECT_EQ(entries[1].subject_id, id);
    EXPECT_EQ(entries[1].detail,
              "1 conversions decided otherwise, earnings of partners changed by 1300");
}

TEST_P(OrphansApiTest, AppliedOnceUnderOneIdempotencyKey) {
    paid("in_1");
    const Headers key{{"Idempotency-Key", "fix-1"}};
    const Object body{{"acceptInferred", true}, {"dryRun", false}};
    const auto first = post("/orphans/fix", body, key);
    EXPECT_EQ(post("/orphans/fix", body, key).body, first.body);
    // A preview keeps nothing, also no answer.
    const Headers other{{"Idempotency-Key", "fix-2"}};
    EXPECT_EQ(post("/orphans/fix", {}, other).status, 200);
    EXPECT_EQ(post("/orphans/fix", {{"dryRun", true}}, other).status, 200);
}

TEST_P(OrphansApiTest, PageByPageAndSome) {
    const auto one = paid("in_1");
    const auto two = paid("in_2");
    const auto first = json_of(fix({{"acceptInferred", true}, {"pageSize", 1}}));
    EXPECT_EQ(first.at("next").as_string(), one);
    const auto next = json_of(fix({{"acceptInferred", true}, {"startingAfter", one}}));
    EXPECT_EQ(next.at("conversions").at(0).at("conversionId").as_string(), two);
    const auto some =
        json_of(fix({{"acceptInferred", true}, {"conversionIds", boost::json::array{two}}}));
    ASSERT_EQ(some.at("conversions").as_array().size(), 1U);
    EXPECT_EQ(some.at("conversions").at(0).at("conversionId").as_string(), two);
}

TEST_P(OrphansApiTest, Refusals) {
    struct Row {
        Object body;
        std::string expected;
    };
    const boost::json::array many(limits::kRepairedAtOnceMax + 1, "sale_x");
    const Row rows[] = {
        {{{"pageSize", 501}}, "422 too_big: pageSize: Too big: expected number to be <=500"},
        {{{"pageSize", 0}}, "422 too_small: pageSize: Too small: expected number to be >=1"},
        {{{"dryRun", "no"}},
         "422 invalid_type: dryRun: Invalid input: expected boolean, received string"},
        {{{"conversionIds", many}},
         "422 too_big: conversionIds: Too big: expected array to have <=500 items, got 501"},
        {{{"conversionIds", boost::json::array{"sale_x"}}}, "404 There is no conversion sale_x."},
    };
    for (const auto& row : rows) EXPECT_EQ(outcome(fix(row.body)), row.expected);
}

HW_ON_BOTH_ENGINES(OrphansApiTest);

}  // namespace
}  // namespace hw
