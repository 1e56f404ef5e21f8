// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/partner_api_test.hpp"

namespace hw {
namespace {

class BanPartnerApiTest : public PartnerApiTest {};

TEST_P(BanPartnerApiTest, RefusesInTheKnownWords) {
    const auto ann = make_partner("ann");
    struct Row {
        std::string path;
        std::string body;
        std::string expected;
    };
    const std::string reasons =
        R"(422 invalid_value: reason: Invalid option: expected one of "tos_violation"|)"
        R"("inappropriate_content"|"fake_traffic"|"fraud"|"spam"|"brand_abuse")";
    const Row rows[] = {
        {"/partners/ban", R"({"partnerId":")" + ann + "\"}", reasons},
        {"/partners/ban", R"({"partnerId":")" + ann + R"(","reason":"mood"})", reasons},
        {"/partners/ban", R"({"reason":"spam"})",
         "400 Either `partnerId` or `tenantId` must be provided."},
        {"/partners/ban", R"({"partnerId":"pn_none","reason":"spam"})",
         "404 The partner is not enrolled in this program."},
        {"/partners/deactivate", "{}", "400 Either `partnerId` or `tenantId` must be provided."},
        {"/partners/deactivate", R"({"tenantId":"t-none"})",
         "404 The partner is not enrolled in this program."},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send("POST", row.path, row.body)), row.expected) << row.body;
    }
}

TEST_P(BanPartnerApiTest, ABannedPartnerHasNothingLeft) {
    const auto reward = make("/rewards", R"({"event":"sale","amountInPercentage":10})");
    patch_group(R"({"saleRewardId":")" + reward + "\"}");
    const auto ann = make_partner("ann");
    sell(ann, 5'000);
    EXPECT_EQ(text(partner(ann), "totalCommissions"), "500");
    const auto body = R"({"partnerId":")" + ann + R"(","reason":"fraud"})";
    EXPECT_EQ(send("POST", "/partners/ban", body).body, R"({"partnerId":")" + ann + "\"}");
    const auto after = partner(ann);
    EXPECT_EQ(text(after, "status"), "banned");
    EXPECT_EQ(text(after, "bannedReason"), "fraud");
    EXPECT_NE(text(after, "bannedAt"), "null");
    EXPECT_EQ(text(after, "saleRewardId"), "null");
    EXPECT_EQ(text(after, "totalCommissions"), "0");
    EXPECT_EQ(text(after, "totalSaleAmount"), "5000");
    const auto link = link_of(ann);
    EXPECT_TRUE(link.disabled_at_ms && link.expires_at_ms);
    EXPECT_EQ(send("POST", "/partners/ban", body).status, 200) << "again changes nothing";
    EXPECT_EQ(outcome(send("POST", "/partners/deactivate", R"({"partnerId":")" + ann + "\"}")),
              "400 Only approved and archived partners can be deactivated; this one is banned.");
}

TEST_P(BanPartnerApiTest, ADeactivatedPartnersLinksExpireAndNothingElse) {
    const auto reward = make("/rewards", R"({"event":"sale","amountInPercentage":10})");
    patch_group(R"({"saleRewardId":")" + reward + "\"}");
    const auto ann = make_partner("ann", R"(,"tenantId":"t")");
    sell(ann, 5'000);
    EXPECT_EQ(send("POST", "/partners/deactivate", R"({"tenantId":"t"})").status, 200);
    EXPECT_EQ(text(partner(ann), "status"), "deactivated");
    EXPECT_EQ(text(partner(ann), "totalCommissions"), "500");
    const auto link = link_of(ann);
    EXPECT_FALSE(link.disabled_at_ms);
    EXPECT_EQ(link.expires_at_ms, env.now_ms());
}

HW_ON_BOTH_ENGINES(BanPartnerApiTest);

}  // namespace
}  // namespace hw
