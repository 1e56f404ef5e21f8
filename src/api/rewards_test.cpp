// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class RewardsApiTest : public TrackApiTest {
  protected:
    std::string id_of(const Response& response) {
        HW_ASSERT(response.status == 201);
        return std::string(json_of(response).at("id").as_string());
    }
};

TEST_P(RewardsApiTest, RewardsAreMadeChangedAndDeleted) {
    EXPECT_EQ(outcome(send("GET", "/rewards")), "404 Program not found");
    EXPECT_EQ(outcome(send("POST", "/rewards", R"({"event":"sale","amountInCents":5})")),
              "404 Program not found");
    EXPECT_EQ(send("POST", "/programs", R"({"name":"Shop"})").status, 201);
    const auto made =
        send("POST", "/rewards", R"({"event":"sale","amountInPercentage":12.5,"maxDuration":12})");
    EXPECT_TRUE(made.body.contains(R"("amountInPercentage":12.5,)")) << made.body;
    const auto path = "/rewards/" + id_of(made);
    EXPECT_EQ(send("GET", path).body, made.body);
    EXPECT_EQ(send("GET", "/rewards").body, "[" + made.body + "]");
    struct Row {
        std::string_view body;
        std::string expected;
    };
    const Row rows[] = {
        {R"({"event":"lead"})",
         "422 custom: event: the reward is for a sale for good: make another one"},
        {R"({"amountInPercentage":101})",
         "422 custom: amountInPercentage: give a percentage from 0 to 100"},
        {R"({"programId":"prog_other"})", "422 custom: programId: the reward belongs to"},
        {R"([])", "422 invalid_type: : Invalid input: expected object, received array"},
        {R"({"amountInPercentage":20,"tooltip":"More"})", "200 {"},
    };
    for (const auto& row : rows) {
        const auto answer = outcome(send("PATCH", path, row.body));
        EXPECT_TRUE(answer.starts_with(row.expected)) << row.body << ": " << answer;
    }
    const auto changed = json_of(send("GET", path));
    EXPECT_EQ(changed.at("amountInPercentage").as_int64(), 20);
    EXPECT_EQ(changed.at("maxDuration").as_int64(), 12);
    EXPECT_EQ(send("DELETE", path).status, 200);
    EXPECT_EQ(outcome(send("DELETE", path)), "404 Reward not found.");
    EXPECT_EQ(outcome(send("PATCH", path, "{}")), "404 Reward not found.");
}

TEST_P(RewardsApiTest, DiscountsAreMadeChangedAndDeleted) {
    EXPECT_EQ(send("POST", "/programs", R"({"name":"Shop"})").status, 201);
    struct Row {
        std::string_view body;
        std::string expected;
    };
    const Row rows[] = {
        {R"({})", "422 invalid_type: amount: Invalid input: expected number, received undefined"},
        {R"({"amount":100.01})", "422 custom: amount: give a percentage from 0 to 100"},
        {R"({"amount":1,"type":"flat","maxDuration":601})",
         "422 custom: maxDuration: 601 is not from 0 to 600 months"},
        {R"({"amount":1,"provider":"till"})",
         "422 invalid_value: provider: Invalid option: expected one of "
         R"("stripe"|"shopify"|"custom")"},
        {R"({"amount":1,"programId":"prog_none"})", "404 Program not found"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send("POST", "/discounts", row.body)), row.expected) << row.body;
    }
    const auto made = send("POST", "/discounts", R"({"amount":7.25,"couponId":"SPRING"})");
    EXPECT_TRUE(made.body.contains(R"("amount":7.25,"type":"percentage")")) << made.body;
    const auto path = "/discounts/" + id_of(made);
    EXPECT_EQ(send("GET", "/discounts").body, "[" + made.body + "]");
    const auto changed = json_of(send("PATCH", path, R"({"type":"flat","amount":500})"));
    EXPECT_EQ(changed.at("amount").as_int64(), 500);
    EXPECT_EQ(changed.at("couponId").as_string(), "SPRING");
    EXPECT_EQ(send("GET", path).body, boost::json::serialize(changed));
    EXPECT_EQ(send("DELETE", path).status, 200);
    EXPECT_EQ(outcome(send("GET", path)), "404 Discount not found.");
}

HW_ON_BOTH_ENGINES(RewardsApiTest);

}  // namespace
}  // namespace hw
