// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/partner_api_test.hpp"

namespace hw {
namespace {

class PartnerApplicationsApiTest : public PartnerApiTest {
  protected:
    std::string apply(const std::string& name, const std::string& more = "") {
        env.advance_ms(1);
        const auto made = send("POST", "/partners/applications",
                               R"({"email":")" + name + R"(@mail.example")" + more + "}");
        EXPECT_EQ(made.status, 201) << made.body;
        return text(json_of(made).at("partner"), "id");
    }
    std::string waiting(const std::string& query = "") {
        std::string all;
        const auto answer = json_of(send("GET", "/partners/applications" + query));
        for (const auto& one : answer.as_array()) all += text(one.at("partner"), "email") + " ";
        return all;
    }
};

TEST_P(PartnerApplicationsApiTest, AreSubmittedListedAndDecided) {
    const auto gold = make("/groups", R"({"name":"Gold"})");
    const auto ann = apply("ann", R"(,"country":"DE","applicationFormData":)"
                                  R"([{"label":"Why","value":"So"},{"label":"How"}])");
    const auto bob = apply("bob", R"(,"groupId":")" + gold + "\"");
    EXPECT_EQ(outbox("partner.application_submitted"), 2);
    EXPECT_EQ(waiting(), "bob@mail.example ann@mail.example ");
    EXPECT_EQ(waiting("?country=DE"), "ann@mail.example ");
    EXPECT_EQ(waiting("?groupId=" + gold), "bob@mail.example ");
    EXPECT_EQ(waiting("?pageSize=1&page=2"), "ann@mail.example ");
    const auto listed = json_of(send("GET", "/partners/applications?country=DE")).at(0);
    EXPECT_EQ(boost::json::serialize(listed.at("applicationFormData")),
              R"([{"label":"Why","value":"So"},{"label":"How","value":null}])");
    EXPECT_EQ(text(listed.at("partner"), "status"), "pending");

    EXPECT_EQ(send("POST", "/partners/applications/approve",
                   R"({"partnerId":")" + ann + R"(","groupId":")" + gold + "\"}")
                  .body,
              R"({"partnerId":")" + ann + "\"}");
    EXPECT_EQ(text(partner(ann), "status"), "approved");
    EXPECT_EQ(text(partner(ann), "groupId"), gold);
    EXPECT_EQ(partner(ann).at("links").as_array().size(), 1U);
    EXPECT_EQ(outbox("partner.enrolled"), 1);

    EXPECT_EQ(send("POST", "/partners/applications/reject",
                   R"({"partnerId":")" + bob +
                       R"(","rejectionReason":"notTheRightFit","rejectionNote":"Sorry"})")
                  .status,
              200);
    EXPECT_EQ(text(partner(bob), "status"), "rejected");
    EXPECT_EQ(text(partner(bob).at("application"), "rejectionReason"), "notTheRightFit");
    EXPECT_EQ(text(partner(bob).at("application"), "rejectionNote"), "Sorry");
    EXPECT_EQ(waiting(), "");
    struct Row {
        std::string path;
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {"/approve", R"({"partnerId":")" + ann + "\"}",
         "400 The partner has no application that waits for a decision: they are approved."},
        {"/reject", R"({"partnerId":")" + bob + "\"}",
         "400 The partner has no application that waits for a decision: they are rejected."},
        {"/approve", R"({"partnerId":"pn_none"})",
         "404 The partner is not enrolled in this program."},
        {"/approve", "{}",
         "422 invalid_type: partnerId: Invalid input: expected string, received undefined"},
        {"/reject", R"({"partnerId":"x","rejectionNote":")" + std::string(501, 'a') + "\"}",
         "422 too_big: rejectionNote: Too big: expected string to have <=500 characters"},
        {"/reject", R"({"partnerId":"x","reapplicationTimeframe":"soon"})",
         R"(422 invalid_value: reapplicationTimeframe: Invalid option: expected one of "instant"|)"
         R"("standard"|"never")"},
        {"", R"({"email":"ann@mail.example"})",
         "409 This e-mail belongs to a partner already: they are approved."},
        {"", R"({"email":"bob@mail.example"})",
         "409 The last application was rejected: apply again from 2026-10-21."},
        {"", R"({"email":"x@mail.example","applicationFormData":[7]})",
         "422 invalid_type: applicationFormData[0]: Invalid input: expected object, received "
         "number"},
        {"", R"({"email":"x@mail.example","applicationFormData":"x"})",
         "422 invalid_type: applicationFormData: Invalid input: expected array, received string"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send("POST", "/partners/applications" + row.path, row.body)),
                  row.expected)
            << row.body;
    }
    std::string fields;
    for (int i = 0; i < 51; ++i) fields += R"({"label":"x"},)";
    fields.pop_back();
    EXPECT_EQ(outcome(send("POST", "/partners/applications",
                           R"({"email":"x@mail.example","applicationFormData":[)" + fields + "]}")),
              "422 too_big: applicationFormData: Too big: expected array to have <=50 items");
}

TEST_P(PartnerApplicationsApiTest, APageIsToldNothingOfWhoIsKnown) {
    const auto key = "dub_pk_" + random_text(24, env);
    ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
        set_publishable_key(tx, workspace_id, key, std::nullopt);
        return true;
    }));
    const Headers page{{"Authorization", "Bearer " + key}};
    const auto ann = make_partner("ann");
    for (const auto* name : {"ann", "new", "new"}) {
        const auto answer = send("POST", "/partners/applications/client",
                                 R"({"email":")" + std::string(name) +
                                     R"(@mail.example","tenantId":"t","via":")" + ann + "\"}",
                                 page);
        EXPECT_EQ(std::to_string(answer.status) + answer.body, R"(201{"received":true})");
    }
    EXPECT_EQ(waiting(), "new@mail.example ");
    const auto listed = json_of(send("GET", "/partners?status=pending")).at(0);
    EXPECT_EQ(text(listed, "tenantId"), "null");
    EXPECT_EQ(text(listed, "referredByPartnerId"), ann);
    EXPECT_EQ(send("POST", "/partners/applications/client", "{}", page).status, 422);
}

HW_ON_BOTH_ENGINES(PartnerApplicationsApiTest);

}  // namespace
}  // namespace hw
