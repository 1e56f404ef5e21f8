// SPDX-License-Identifier: Apache-2.0
#include "api/quarantine.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class QuarantineApiTest : public TrackApiTest {
  protected:
    QuarantineApiTest() { id = connect(); }

    std::string connect() {
        env.advance_ms(1);
        const auto made =
            post("/payment-connections",
                 {{"provider", "stripe"}, {"secret", "whsec_of_somebody_" + random_text(16, env)}});
        EXPECT_EQ(made.status, 201) << made.body;
        return std::string(json_of(made).at("id").as_string());
    }
    // Gives the id that it has in quarantine.
    std::string set_aside(const std::string& body) {
        env.advance_ms(1);
        const auto answer = send("POST", "/hooks/stripe/" + id, body,
                                 {{"Authorization", ""}, {"Fake-Signature", "forged"}});
        EXPECT_EQ(answer.status, 400) << answer.body;
        const auto rows = json_of(send("GET", "/admin/quarantine"));
        return std::string(rows.at(0).at("id").as_string());
    }
    Response assign(const std::string& row, const std::string& connection,
                    const std::string& reason = "the secret was mistyped") {
        return post("/admin/quarantine/" + row + "/assign",
                    {{"connectionId", connection}, {"reason", reason}});
    }
    // From now on the test calls as another workspace.
    void be_another() {
        workspace_id = "ws_other_" + workspace_id;
        const auto made = write([&](Tx& tx) -> Result<bool> {
            Workspace workspace;
            workspace.workspace_id = workspace.slug = workspace.name = tx.workspace_id();
            return insert_workspace(tx, workspace);
        });
        HW_ASSERT(made && *made);
        api_key = make_api_key("apis.all");
    }

    std::string id;
};

TEST_P(QuarantineApiTest, APersonDecides) {
    const auto row = set_aside(R"({"id":"evt_1","type":"invoice.paid","email":"a@gmail.com"})");
    const auto listed = json_of(send("GET", "/admin/quarantine")).as_array();
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0].at("connectionId").as_string(), id);
    EXPECT_EQ(listed[0].at("deliveryId"), "evt_1");
    EXPECT_EQ(listed[0].at("event"), "invoice.paid");
    EXPECT_EQ(listed[0].at("reason"), "no_match");
    EXPECT_EQ(boost::json::serialize(listed[0].at("candidates").at(0)),
              R"({"rung":"connection","workspaceId":")" + workspace_id + "\"}");
    EXPECT_EQ(json_of(send("GET", "/payment-connections/" + id + "/quarantine")).at(0), listed[0]);

    const auto decided = assign(row, id);
    ASSERT_EQ(decided.status, 200) << decided.body;
    const auto decision = json_of(decided);
    EXPECT_EQ(decision.at("decision"), "assigned");
    EXPECT_EQ(decision.at("connectionId").as_string(), id);
    EXPECT_EQ(decision.at("duplicate"), false);
    EXPECT_TRUE(decision.at("decidedBy").as_string().starts_with("key_"));
    EXPECT_EQ(assign(row, id).body, decided.body);
    EXPECT_EQ(json_of(send("GET", "/admin/quarantine")).as_array().size(), 0U);
    const auto deliveries = json_of(send("GET", "/payment-connections/" + id + "/deliveries"));
    ASSERT_EQ(deliveries.as_array().size(), 1U);
    EXPECT_EQ(deliveries.at(0).at("acceptedBy"), decision.at("decidedBy"));
    EXPECT_EQ(deliveries.at(0).at("id"), decision.at("inboxId"));
    EXPECT_EQ(json_of(send("GET", "/admin/quarantine/decisions")).at(0), decision);
}

TEST_P(QuarantineApiTest, TheFirstDecisionStands) {
    const auto row = set_aside(R"({"id":"evt_1"})");
    const auto dismissed =
        post("/admin/quarantine/" + row + "/dismiss", {{"reason", "a test of ours"}});
    ASSERT_EQ(dismissed.status, 200) << dismissed.body;
    EXPECT_TRUE(json_of(dismissed).at("inboxId").is_null());
    const auto refused = assign(row, id);
    EXPECT_EQ(refused.status, 409);
    EXPECT_TRUE(outcome(refused).contains(row + " was dismissed by key_")) << refused.body;
    EXPECT_TRUE(outcome(refused).contains("a test of ours"));
}

TEST_P(QuarantineApiTest, WhatIsRefused) {
    const auto row = set_aside(R"({"id":"evt_1"})");
    const auto broken = set_aside("no event");
    struct Case {
        std::string row;
        Object body;
        std::string expected;
    };
    const Case cases[] = {
        {row, {}, "422 invalid_type: reason"},
        {row, {{"reason", " "}, {"connectionId", id}}, "422 too_small: reason: Say why"},
        {row, {{"reason", std::string(501, 'a')}, {"connectionId", id}}, "422 too_big: reason"},
        {row, {{"reason", "x"}}, "422 invalid_type: connectionId"},
        {row, {{"reason", "x"}, {"connectionId", "none"}}, "404 Payment connection not found."},
        {"qrt_x", {{"reason", "x"}, {"connectionId", id}}, "404 Quarantined delivery not found."},
        {broken, {{"reason", "x"}, {"connectionId", id}}, "422 id: " + broken + " is no event of"},
    };
    for (const auto& c : cases) {
        const auto seen = outcome(post("/admin/quarantine/" + c.row + "/assign", c.body));
        EXPECT_TRUE(seen.starts_with(c.expected)) << seen << " instead of " << c.expected;
    }
    const auto reader = "Bearer " + make_api_key("webhooks.read webhooks.write");
    EXPECT_EQ(send("GET", "/admin/quarantine", {}, {{"Authorization", reader}}).status, 200);
    EXPECT_EQ(
        send("POST", "/admin/quarantine/" + row + "/assign", "{}", {{"Authorization", reader}})
            .status,
        403);
}

TEST_P(QuarantineApiTest, OfOthersNothingIsSeen) {
    const auto stranger = id;
    const auto row = set_aside(R"({"id":"evt_1","email":"ada@)" + domain + R"("})");
    const auto decided = set_aside(R"({"id":"evt_2"})");
    ASSERT_EQ(assign(decided, id).status, 200);
    be_another();
    id = connect();
    for (const auto* path : {"/admin/quarantine", "/admin/quarantine/decisions"}) {
        EXPECT_EQ(send("GET", path).body, "[]") << path;
    }
    EXPECT_EQ(assign(row, id).status, 404);
    EXPECT_EQ(assign(decided, id).status, 404);
    const auto mine = set_aside(R"({"id":"evt_3","email":"ada@)" + domain + R"("})");
    EXPECT_EQ(assign(mine, stranger).status, 404);
    const auto listed = send("GET", "/admin/quarantine");
    const auto rows = json_of(listed);
    for (const auto& each : rows.at(0).at("candidates").as_array()) {
        EXPECT_EQ(each.at("workspaceId").as_string(), workspace_id) << "nobody learns who is here";
    }
}

HW_ON_BOTH_ENGINES(QuarantineApiTest);

}  // namespace
}  // namespace hw
