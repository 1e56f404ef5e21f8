// SPDX-License-Identifier: Apache-2.0
#include "api/attribution_policy.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class AttributionPolicyApiTest : public TrackApiTest {
  protected:
    Response patch(const std::string& body) { return send("PATCH", "/attribution/policy", body); }
    Json rung(std::string_view name) {
        const auto policy = json_of(send("GET", "/attribution/policy"));
        for (const auto& one : policy.at("rungs").as_array()) {
            if (one.at("name").as_string() == name) return one;
        }
        return nullptr;
    }
};

TEST_P(AttributionPolicyApiTest, TheDefaults) {
    const auto answer = send("GET", "/attribution/policy");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto policy = json_of(answer);
    EXPECT_EQ(policy.at("inferred").as_string(), "attribute");
    EXPECT_FALSE(policy.at("inferredForApi").as_bool());
    EXPECT_FALSE(policy.at("firstTouch").as_bool());
    ASSERT_EQ(policy.at("rungs").as_array().size(), 10U);
    EXPECT_EQ(boost::json::serialize(policy.at("rungs").at(1)),
              R"({"name":"link_slug","confidence":"certain","enabled":true,"windowDays":60,)"
              R"("defaultWindowDays":60})");
    EXPECT_TRUE(policy.at("rungs").at(0).at("windowDays").is_null());
}

TEST_P(AttributionPolicyApiTest, Changed) {
    const auto answer =
        patch(R"({"inferred":"attribute_and_pay","inferredForApi":true,"firstTouch":true,)"
              R"("rungs":{"lead":{"windowDays":30},"link_slug":{"windowDays":null},)"
              R"("code":{"enabled":false}}})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body, send("GET", "/attribution/policy").body);
    const auto policy = json_of(answer);
    EXPECT_EQ(policy.at("inferred").as_string(), "attribute_and_pay");
    EXPECT_TRUE(policy.at("inferredForApi").as_bool());
    EXPECT_TRUE(policy.at("firstTouch").as_bool());
    EXPECT_EQ(rung("lead").at("windowDays").as_int64(), 30);
    EXPECT_TRUE(rung("lead").at("defaultWindowDays").is_null());
    EXPECT_TRUE(rung("link_slug").at("windowDays").is_null());
    EXPECT_FALSE(rung("code").at("enabled").as_bool());
    ASSERT_EQ(patch(R"({"rungs":{"lead":null}})").status, 200);
    EXPECT_TRUE(rung("lead").at("windowDays").is_null());
}

TEST_P(AttributionPolicyApiTest, Refusals) {
    struct Row {
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {R"({"inferred":"maybe"})",
         "422 invalid_value: inferred: Invalid option: expected one of "
         "\"off\"|\"suggest\"|\"attribute\"|\"attribute_and_pay\""},
        {R"({"inferedForApi":true})",
         "422 unrecognized_keys: policy: Unrecognized key: 'inferedForApi'; known are inferred, "
         "inferredForApi, firstTouch, rungs"},
        {R"({"rungs":[]})",
         "422 invalid_type: rungs: Invalid input: expected object, received array"},
        {R"({"rungs":{"lead":5}})",
         "422 invalid_type: rungs.lead: Invalid input: expected object or null, received number"},
        {R"({"rungs":{"lead":{"windowdays":5}}})",
         "422 unrecognized_keys: rungs.lead: Unrecognized key: 'windowdays'; known are enabled, "
         "windowDays"},
        {R"({"rungs":{"lead":{"windowDays":1.5}}})",
         "422 invalid_type: rungs.lead.windowDays: Invalid input: expected whole number or null, "
         "received number"},
        {R"({"rungs":{"lead":{"enabled":1}}})",
         "422 invalid_type: rungs.lead.enabled: Invalid input: expected boolean, received number"},
        {R"({"rungs":{"lead":{"windowDays":3651}}})",
         "422 rungs.lead.windowDays is 3651: a window has 1 to 3650 days; null stands for no "
         "window."},
    };
    for (const auto& row : rows) EXPECT_EQ(outcome(patch(row.body)), row.expected) << row.body;
    EXPECT_TRUE(outcome(patch(R"({"rungs":{"last":{"enabled":true}}})"))
                    .starts_with("422 rungs.last: the ladder has no such rung."));
}

TEST_P(AttributionPolicyApiTest, ScopesOfTheirOwn) {
    api_key = make_api_key("workspaces.read");
    EXPECT_EQ(send("GET", "/attribution/policy").status, 200);
    EXPECT_EQ(patch("{}").status, 403);
}

HW_ON_BOTH_ENGINES(AttributionPolicyApiTest);

}  // namespace
}  // namespace hw
