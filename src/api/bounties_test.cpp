// SPDX-License-Identifier: Apache-2.0
#include "api/bounties.hpp"

#include "tests/fixture/track_api_test.hpp"
#include "tests/fixture/with_program.hpp"

namespace hw {
namespace {

class BountiesApiTest : public WithProgram<TrackApiTest> {
  protected:
    BountiesApiTest() { enroll("pn_1"); }
    std::string id_of(const Response& made) {
        EXPECT_EQ(made.status, 201) << made.body;
        env.advance_ms(1);
        return std::string(json_of(made).at("id").as_string());
    }
    std::string create(const std::string& body = R"({"name":"Video","rewardAmount":500})") {
        return id_of(send("POST", "/bounties", body));
    }
};

TEST_P(BountiesApiTest, MadeListedChangedRemoved) {
    const auto a = create();
    const auto b = create(R"({"name":"Leads","type":"performance","endsAt":"2027-01-01",)"
                          R"("groupIds":["grp_1"],"maxSubmissions":3,"description":"d"})");
    const auto all = json_of(send("GET", "/bounties")).as_array();
    ASSERT_EQ(all.size(), 2);
    EXPECT_EQ(all[0].at("id").as_string(), b);
    EXPECT_EQ(all[0].at("endsAt"), "2027-01-01T00:00:00.000Z");
    EXPECT_EQ(all[1].at("rewardAmount"), 500);
    EXPECT_EQ(json_of(send("GET", "/bounties?startingAfter=" + b)).as_array().size(), 1);
    const auto changed = json_of(
        send("PATCH", "/bounties/" + a, R"({"rewardAmount":null,"archived":true,"name":"V"})"));
    EXPECT_TRUE(changed.at("rewardAmount").is_null());
    EXPECT_TRUE(changed.at("archivedAt").is_string());
    EXPECT_EQ(changed.at("name"), "V");
    EXPECT_EQ(json_of(send("GET", "/bounties/" + a)), changed);
    EXPECT_EQ(send("DELETE", "/bounties/" + a).body, R"({"id":")" + a + "\"}");
    EXPECT_EQ(outcome(send("GET", "/bounties/" + a)), "404 Bounty not found.");
}

TEST_P(BountiesApiTest, WhatIsRefused) {
    const auto id = create();
    const auto submissions = "/bounties/" + id + "/submissions";
    const auto files = [](int count) {
        std::string text;
        for (int i = 0; i < count; ++i) text += R"({"url":"u","fileName":"f","size":1},)";
        if (!text.empty()) text.pop_back();
        return R"({"partnerId":"pn_1","files":[)" + text + "]}";
    };
    std::string urls;
    for (int i = 0; i < 21; ++i) urls += fmt::format("{}\"https://a.example/{}\"", i ? "," : "", i);
    struct Row {
        std::string method, path, body;
        std::string outcome;
    };
    const Row rows[] = {
        {"POST", "/bounties", "{}",
         "422 invalid_type: name: Invalid input: expected string, received undefined"},
        {"POST", "/bounties", R"({"name":""})",
         "422 too_small: name: Too small: expected string to have >=1 characters"},
        {"POST", "/bounties", R"({"name":")" + std::string(191, 'x') + "\"}",
         "422 too_big: name: Too big: expected string to have <=190 characters"},
        {"POST", "/bounties", R"({"description":")" + std::string(5'001, 'x') + "\"}",
         "422 too_big: description: Too big: expected string to have <=5000 characters"},
        {"POST", "/bounties", R"({"rewardAmount":0})",
         "422 too_small: rewardAmount: Too small: expected number to be >=1"},
        {"POST", "/bounties", R"({"rewardAmount":100000000})",
         "422 too_big: rewardAmount: Too big: expected number to be <=99999999"},
        {"POST", "/bounties", R"({"maxSubmissions":101})",
         "422 too_big: maxSubmissions: Too big: expected number to be <=100"},
        {"POST", "/bounties", R"({"endsAt":"soon"})",
         "422 invalid_format: endsAt: Invalid ISO datetime 'soon': expected for example "
         "2026-01-31T12:00:00Z"},
        {"POST", "/bounties", R"({"type":"luck"})",
         R"(422 invalid_value: type: Invalid option: expected one of "submission"|"performance")"},
        {"GET", "/bounties?startingAfter=bnty_x", "",
         "422 Invalid cursor: the provided ID does not exist."},
        {"POST", submissions, "{}", "400 Either `partnerId` or `tenantId` must be provided."},
        {"POST", submissions, files(21),
         "422 too_big: files: Too big: expected array to have <=20 items, got 21"},
        {"POST", submissions, R"({"partnerId":"pn_1","urls":[)" + urls + "]}",
         "422 too_big: urls: Too big: expected array to have <=20 items, got 21"},
        {"POST", submissions, R"({"partnerId":"pn_1","files":[3]})",
         "422 invalid_type: files[0]: Invalid input: expected object with url, fileName and size"},
        {"POST", submissions, R"({"tenantId":"nobody"})",
         "404 The partner is not enrolled in this program."},
        {"POST", "/bounties/bnty_x/submissions", R"({"partnerId":"pn_1"})",
         "404 Bounty not found."},
        {"GET", "/bounties/bnty_x/submissions", "", "404 Bounty not found."},
        {"GET", submissions + "?status=open", "",
         "422 invalid_value: status: Invalid option: expected one of "
         R"("draft"|"submitted"|"approved"|"rejected")"},
        {"POST", submissions + "/bnty_sub_x/approve", "", "404 Bounty submission not found."},
        {"POST", submissions + "/bnty_sub_x/reject", R"({"rejectionReason":"why"})",
         "422 invalid_value: rejectionReason: Invalid option: expected one of "
         R"("invalidProof"|"duplicateSubmission"|"outOfTimeWindow"|"didNotMeetCriteria"|"other")"},
        {"POST", submissions + "/bnty_sub_x/reject",
         R"({"rejectionNote":")" + std::string(5'001, 'x') + "\"}",
         "422 too_big: rejectionNote: Too big: expected string to have <=5000 characters"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send(row.method, row.path, row.body)), row.outcome) << row.body;
    }
}

TEST_P(BountiesApiTest, SubmittedAndReviewed) {
    const auto path =
        "/bounties/" + create(R"({"name":"Video","maxSubmissions":2})") + "/submissions";
    const auto a =
        id_of(send("POST", path,
                   R"({"partnerId":"pn_1","description":"d","urls":["https://a.example"],)"
                   R"("files":[{"url":"u","fileName":"f","size":7}]})"));
    const auto b = id_of(send("POST", path, R"({"partnerId":"pn_1"})"));
    EXPECT_EQ(json_of(send("GET", path)).as_array().size(), 2);
    EXPECT_EQ(json_of(send("GET", path + "?sortOrder=desc&pageSize=1")).at(0).at("id").as_string(),
              b);
    EXPECT_EQ(send("POST", path + "/" + a + "/approve").status, 422) << "no reward";
    for (int i = 0; i < 2; ++i) {
        const auto done =
            json_of(send("POST", path + "/" + a + "/approve", R"({"rewardAmount":700})"));
        EXPECT_EQ(done.at("status"), "approved");
        EXPECT_TRUE(done.at("commissionId").is_string());
    }
    const auto no = json_of(send("POST", path + "/" + b + "/reject",
                                 R"({"rejectionReason":"invalidProof","rejectionNote":"n"})"));
    EXPECT_EQ(no.at("status"), "rejected");
    EXPECT_EQ(no.at("rejectionReason"), "invalidProof");
    EXPECT_EQ(send("POST", path + "/" + a + "/reject").status, 409);
    EXPECT_EQ(json_of(send("GET", path + "?status=rejected")).as_array().size(), 1);
    EXPECT_EQ(commissions(), Texts{"custom 700 processed"});
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(BountiesApiTest);

}  // namespace
}  // namespace hw
