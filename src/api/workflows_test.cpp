// SPDX-License-Identifier: Apache-2.0
#include "api/workflows.hpp"

#include "tests/fixture/track_api_test.hpp"
#include "tests/fixture/with_program.hpp"

namespace hw {
namespace {

class WorkflowsApiTest : public WithProgram<TrackApiTest> {
  protected:
    WorkflowsApiTest() {
        put([&](Tx& tx) { make_group(tx, "grp_gold", "gold"); });
    }
    // A workflow that moves partners with so many leads to the group "gold".
    static std::string move(const std::string& condition) {
        return R"({"name":"Gold","trigger":"leadRecorded","conditions":[)" + condition +
               R"(],"action":{"type":"moveGroup","groupId":"grp_gold"}})";
    }
    std::string create(const std::string& body) {
        env.advance_ms(1);
        const auto made = send("POST", "/workflows", body);
        EXPECT_EQ(made.status, 201) << made.body;
        return std::string(json_of(made).at("id").as_string());
    }
};

TEST_P(WorkflowsApiTest, ConditionsComeBackAsTheyWereSent) {
    const std::string rows[] = {
        R"({"attribute":"totalLeads","operator":"gte","value":10})",
        R"({"attribute":"totalLeads","operator":"between","value":{"min":1,"max":5}})",
        R"({"attribute":"totalSaleAmount","operator":"in","value":[1,2]})",
        R"({"attribute":"partnerGroup","operator":"eq","value":"grp_1"})",
        R"({"attribute":"partnerGroup","operator":"notIn","value":["grp_gold"]})",
        R"({"attribute":"partnerJoined","operator":"gte","value":"2026-01-31T00:00:00.000Z"})",
    };
    for (const auto& row : rows) {
        const auto id = create(move(row));
        const auto got = json_of(send("GET", "/workflows/" + id));
        EXPECT_EQ(boost::json::serialize(got.at("conditions").at(0)), row);
        EXPECT_EQ(boost::json::serialize(got.at("action")),
                  R"({"type":"moveGroup","groupId":"grp_gold"})");
        EXPECT_EQ(json_of(send("GET", "/workflows")).as_array().size(), 1);
        EXPECT_EQ(send("DELETE", "/workflows/" + id).body, R"({"id":")" + id + "\"}");
    }
}

TEST_P(WorkflowsApiTest, WhatIsRefused) {
    const auto id = create(move(R"({"attribute":"totalLeads","operator":"gte","value":10})"));
    const auto with = [](const std::string& value) {
        return move(R"({"attribute":"totalLeads","operator":"gte","value":)" + value + "}");
    };
    struct Row {
        std::string method, path, body;
        std::string outcome;
    };
    const std::string rule = "Invalid input: expected ";
    const Row rows[] = {
        {"POST", "", "{}",
         "422 invalid_type: name: Invalid input: it is required, received "
         "undefined"},
        {"POST", "", R"({"name":"x"})",
         "422 invalid_type: trigger: Invalid input: it is required, received undefined"},
        {"POST", "", R"({"name":"x","trigger":"leadRecorded"})",
         "422 invalid_type: action: Invalid input: it is required, received undefined"},
        {"POST", "", R"({"name":"x","trigger":"never"})",
         "422 invalid_value: trigger: Invalid option: expected one of "
         R"("partnerEnrolled"|"leadRecorded"|"saleRecorded"|"commissionRecorded"|"scheduled")"},
        {"POST", "", R"({"name":")" + std::string(191, 'x') + "\"}",
         "422 too_big: name: Too big: expected string to have <=190 characters"},
        {"POST", "", with("\"1\""),
         "422 invalid_type: conditions[0].value: " + rule +
             "a whole number from 0, received "
             "string"},
        {"POST", "", with("-1"),
         "422 invalid_type: conditions[0].value: " + rule +
             "a whole number from 0, received number"},
        {"POST", "", with("1.5"),
         "422 invalid_type: conditions[0].value: " + rule +
             "a whole number from 0, received number"},
        {"POST", "", move(R"({"attribute":"totalLeads","operator":"between","value":3})"),
         "422 invalid_type: conditions[0].value: " + rule + "{min, max}, received number"},
        {"POST", "", move(R"({"attribute":"totalLeads","operator":"in","value":3})"),
         "422 invalid_type: conditions[0].value: " + rule + "array, received number"},
        {"POST", "", move(R"({"attribute":"partnerGroup","operator":"eq","value":3})"),
         "422 invalid_type: conditions[0].value: " + rule + "a group id, received number"},
        {"POST", "", move(R"({"attribute":"partnerJoined","operator":"gte","value":"x"})"),
         "422 invalid_type: conditions[0].value: " + rule +
             "a date such as 2026-01-31, received string"},
        {"POST", "", move("3"),
         "422 invalid_type: conditions[0]: " + rule + "object, received number"},
        {"POST", "", with("11"),
         "422 invalid_value: conditions: 'Gold' (to group grp_gold) and workflow " + id +
             " 'Gold' (to group grp_gold) can both match one partner: make their conditions "
             "exclude each other"},
        {"PATCH", "/" + id, R"({"conditions":3})",
         "422 invalid_type: conditions: " + rule + "array, received number"},
        {"PATCH", "/" + id, R"({"action":3})",
         "422 invalid_type: action: " + rule + "object, received number"},
        {"PATCH", "/" + id, R"({"action":{"type":"awardBounty"}})",
         "422 invalid_type: bountyId: " + rule + "string, received undefined"},
        {"PATCH", "/wf_x", "{}", "404 Workflow not found."},
        {"DELETE", "/wf_x", "", "404 Workflow not found."},
        {"GET", "/wf_x", "", "404 Workflow not found."},
        {"GET", "/wf_x/runs", "", "404 Workflow not found."},
        {"GET", "/" + id + "/runs?startingAfter=wfr_x", "",
         "422 Invalid cursor: the provided ID does not exist."},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send(row.method, "/workflows" + row.path, row.body)), row.outcome)
            << row.body;
    }
}

TEST_P(WorkflowsApiTest, RunsAndStops) {
    enroll("pn_1");
    const auto id = create(R"({"name":"Hello","trigger":"leadRecorded",)"
                           R"("action":{"type":"sendCampaign","campaignId":"cmp_1"}})");
    const auto told = lead({{"clickId", make_click(partner_link("p1", "pn_1"))},
                            {"eventName", "Sign up"},
                            {"customerExternalId", "ada"}});
    ASSERT_EQ(told.status, 200);
    const auto runs = json_of(send("GET", "/workflows/" + id + "/runs"));
    ASSERT_EQ(runs.as_array().size(), 1);
    EXPECT_EQ(runs.at(0).at("partnerId"), "pn_1");
    EXPECT_EQ(runs.at(0).at("detail"), "campaign cmp_1 sent");
    const auto run_id = std::string(runs.at(0).at("id").as_string());
    EXPECT_EQ(send("GET", "/workflows/" + id + "/runs?startingAfter=" + run_id).body, "[]");
    const auto off = json_of(send("PATCH", "/workflows/" + id, R"({"disabled":true})"));
    EXPECT_TRUE(off.at("disabledAt").is_string());
    enroll("pn_2");
    lead({{"clickId", make_click(partner_link("p2", "pn_2"))},
          {"eventName", "Sign up"},
          {"customerExternalId", "bob"}});
    EXPECT_EQ(json_of(send("GET", "/workflows/" + id + "/runs")).as_array().size(), 1);
}

HW_ON_BOTH_ENGINES(WorkflowsApiTest);

}  // namespace
}  // namespace hw
