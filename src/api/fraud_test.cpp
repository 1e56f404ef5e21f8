// SPDX-License-Identifier: Apache-2.0
#include "api/fraud.hpp"

#include "tests/fixture/track_api_test.hpp"
#include "tests/fixture/with_program.hpp"

namespace hw {
namespace {

class FraudApiTest : public WithProgram<TrackApiTest> {
  protected:
    FraudApiTest() { enroll("pn_1", "pat@partner.example"); }

    void lead_of(const std::string& name, const std::string& email) {
        const auto click = make_click(partner_link(name, "pn_1"));
        const auto told = lead({{"clickId", click},
                                {"eventName", "Sign up"},
                                {"customerExternalId", name},
                                {"customerEmail", email}});
        ASSERT_EQ(told.status, 200) << told.body;
        env.advance_ms(1);
    }
    std::string group_id() {
        return std::string(json_of(send("GET", "/fraud/groups")).at(0).at("id").as_string());
    }
};

TEST_P(FraudApiTest, Rules) {
    const auto rules = json_of(send("GET", "/fraud/rules")).as_array();
    ASSERT_EQ(rules.size(), 8);
    EXPECT_EQ(boost::json::serialize(rules[2]),
              R"({"type":"paidTrafficDetected","enabled":true,"config":{"platforms":["google"]},)"
              R"("updatedAt":null})");
    struct Row {
        std::string rule, body;
        std::string outcome;  // status, and the refusal or a part of the answer
    };
    const Row rows[] = {
        {"paidTrafficDetected", R"({"enabled":false})", R"(200 "enabled":false)"},
        {"paidTrafficDetected", R"({"config":{"platforms":["bing","x"]}})",
         R"(200 "config":{"platforms":["bing","x"]})"},
        {"paidTrafficDetected", R"({"config":{"platforms":["abc"]}})",
         "422 invalid_value: config.platforms: Invalid option 'abc': expected some of "
         R"("google"|"facebook"|"x"|"bing"|"linkedin"|"reddit"|"tiktok")"},
        {"paidTrafficDetected", R"({"config":{"domains":[]}})",
         "422 unrecognized_keys: config: 'domains' is no setting of paidTrafficDetected"},
        {"paidTrafficDetected", R"({"config":3})",
         "422 invalid_type: config: Invalid input: expected object, received number"},
        {"referralSourceBanned", R"({"config":{"domains":["*.x.example"]}})",
         R"(200 "domains":["*.x.example"])"},
        {"referralSourceBanned", R"({"config":{"domains":[")" + std::string(191, 'a') + R"("]}})",
         "422 too_big: domains[0]: Too big: expected string to have <=190 characters"},
        {"clickFlooding", R"({"config":{"clicksPerLead":5}})", R"(200 "clicksPerLead":5)"},
        {"clickFlooding", R"({"config":{"clicksPerLead":-1}})",
         "422 too_small: clicksPerLead: Too small: expected number to be >=0 (0: no limit)"},
        {"clickFlooding", R"({"config":{"clicksMin":1000000001}})",
         "422 too_big: clicksMin: Too big: expected number to be <=1000000000"},
        {"selfReferral", R"({"enabled":3})",
         "422 invalid_type: enabled: Invalid input: expected boolean, received number"},
    };
    for (const auto& row : rows) {
        const auto answer = send("PATCH", "/fraud/rules/" + row.rule, row.body);
        const auto told = outcome(answer);
        if (answer.status == 200) {
            EXPECT_TRUE(told.contains(row.outcome.substr(4))) << told;
        } else {
            EXPECT_EQ(told, row.outcome) << row.body;
        }
    }
    EXPECT_EQ(send("PATCH", "/fraud/rules/luck", "{}").status, 404);
    std::string many;
    for (int i = 0; i <= 1'000; ++i) many += fmt::format("{}\"d{}\"", i == 0 ? "" : ",", i);
    EXPECT_EQ(
        outcome(send("PATCH", "/fraud/rules/referralSourceBanned",
                     R"({"config":{"domains":[)" + many + "]}}")),
        "422 too_big: config.domains: Too big: expected array to have <=1000 items, got 1001");
}

TEST_P(FraudApiTest, Groups) {
    lead_of("sue", "sue@partner.example");
    lead_of("ann", "ann@mailinator.com");
    const auto all = json_of(send("GET", "/fraud/groups")).as_array();
    ASSERT_EQ(all.size(), 2);
    EXPECT_EQ(all[0].at("type"), "customerEmailSuspiciousDomain");
    EXPECT_EQ(all[1].at("type"), "customerEmailMatch");
    EXPECT_EQ(all[1].at("partner").at("email"), "pat@partner.example");
    const auto first = std::string(all[0].at("id").as_string());
    struct Row {
        std::string query;
        std::string outcome;  // how many, or the refusal
    };
    const Row rows[] = {
        {"?status=pending", "2"},
        {"?status=resolved", "0"},
        {"?partnerId=pn_1", "2"},
        {"?partnerId=pn_2", "0"},
        {"?type=customerEmailMatch", "1"},
        {"?startingAfter=" + first, "1"},
        {"?pageSize=1", "1"},
        {"?startingAfter=frg_x", "422 Invalid cursor: the provided ID does not exist."},
        {"?status=open",
         R"(422 invalid_value: status: Invalid option: expected one of "pending"|"resolved")"},
    };
    for (const auto& row : rows) {
        const auto answer = send("GET", "/fraud/groups" + row.query);
        EXPECT_EQ(answer.status == 200 ? std::to_string(json_of(answer).as_array().size())
                                       : outcome(answer),
                  row.outcome)
            << row.query;
    }
    const auto one = json_of(send("GET", "/fraud/groups/" + first));
    EXPECT_EQ(one.at("eventCount"), 1);
    EXPECT_EQ(boost::json::serialize(one.at("events").at(0).at("evidence")),
              R"({"customerEmail":"ann@mailinator.com","domain":"mailinator.com"})");
    EXPECT_EQ(one.at("events").at(0).at("commissionId").as_string(), commission_ids().at(1));
    EXPECT_EQ(outcome(send("GET", "/fraud/groups/frg_x")), "404 Fraud group not found.");
}

TEST_P(FraudApiTest, ResolvesOnce) {
    lead_of("sue", "sue@partner.example");
    EXPECT_EQ(commissions(), Texts{"lead 300 hold"});
    struct Row {
        std::string body;
        std::string outcome;
    };
    const Row bad[] = {
        {"{}", "422 invalid_type: release: Invalid input: expected boolean, received undefined"},
        {R"({"release":false})",
         "422 custom: markFraud: release and markFraud are both false: give "
         R"({"release":true} or {"release":false,"markFraud":true})"},
        {R"({"release":true,"markFraud":true})",
         "422 custom: markFraud: release and markFraud are both true: give "
         R"({"release":true} or {"release":false,"markFraud":true})"},
    };
    const auto path = "/fraud/groups/" + group_id() + "/resolve";
    for (const auto& row : bad) EXPECT_EQ(outcome(send("POST", path, row.body)), row.outcome);
    for (int i = 0; i < 2; ++i) {
        const auto done = json_of(send("POST", path, R"({"release":true})"));
        EXPECT_EQ(done.at("resolution"), "released");
        EXPECT_EQ(std::string(done.at("resolvedBy").as_string()).substr(0, 4), "key_");
        EXPECT_EQ(commissions(), Texts{"lead 300 pending"});
    }
    EXPECT_EQ(send("POST", path, R"({"release":false,"markFraud":true})").status, 409);
    EXPECT_EQ(send("POST", "/fraud/groups/frg_x/resolve", R"({"release":true})").status, 404);
    expect_clean_books();
}

TEST_P(FraudApiTest, NeedsTheScope) {
    const Headers reader = {{"Authorization", "Bearer " + make_api_key("groups.read")}};
    EXPECT_EQ(send("GET", "/fraud/rules", "", reader).status, 200);
    EXPECT_EQ(send("PATCH", "/fraud/rules/selfReferral", "{}", reader).status, 403);
}

HW_ON_BOTH_ENGINES(FraudApiTest);

}  // namespace
}  // namespace hw
