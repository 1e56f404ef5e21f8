// SPDX-License-Identifier: Apache-2.0
#include "api/explain_conversion.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ExplainApiTest : public TrackApiTest {
  protected:
    Response explain(const std::string& id) {
        return send("GET", "/conversions/" + id + "/explain");
    }
};

TEST_P(ExplainApiTest, TheWholeStoryOfASale) {
    const auto link = make_link("story");
    const auto click = make_click(link);
    lead({{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "user-1"}});
    sale({{"customerExternalId", "user-1"},
          {"amount", 1999},
          {"invoiceId", "in/1"},
          {"metadata", Object{{"order", 7}}}});
    const auto response = explain("in%2F1");
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.content_type, "application/json");
    const auto story = json_of(response);
    EXPECT_EQ(keys_of(story),
              (std::vector<std::string>{"conversion", "attribution", "history", "customer", "click",
                                        "link", "firstTouch", "lastTouch", "evidence", "text"}));
    EXPECT_EQ(keys_of(story.at("conversion")),
              (std::vector<std::string>{
                  "id", "kind", "eventName", "occurredAt", "customerExternalId", "amount",
                  "currency", "convertedAmount", "convertedCurrency", "fxRate", "fxDate",
                  "fxSource", "fxMissing", "paymentProcessor", "invoiceId", "metadata"}));
    EXPECT_EQ(story.at("conversion").at("convertedAmount").as_int64(), 1999);
    EXPECT_TRUE(story.at("conversion").at("fxRate").is_null());
    EXPECT_FALSE(story.at("conversion").at("fxMissing").as_bool());
    EXPECT_EQ(story.at("conversion").at("metadata").at("order").as_int64(), 7);
    EXPECT_EQ(story.at("attribution").at("rung").as_string(), "lead");
    EXPECT_EQ(story.at("attribution").at("clickId").as_string(), click);
    EXPECT_EQ(story.at("click").at("id").as_string(), click);
    EXPECT_EQ(story.at("link").at("id").as_string(), link.link_id);
    EXPECT_TRUE(story.at("attribution").at("inferredLinkId").is_null());
    EXPECT_EQ(story.at("customer").at("externalId").as_string(), "user-1");
    const auto& candidates = story.at("attribution").at("candidates").as_array();
    ASSERT_EQ(candidates.size(), 2U);
    EXPECT_EQ(candidates[0].at("verdict").as_string(), "taken");
    EXPECT_EQ(candidates[1].at("verdict").as_string(), "known_customer");
    // By its own id it is the same.
    EXPECT_EQ(explain(std::string(story.at("conversion").at("id").as_string())).body,
              response.body);
}

TEST_P(ExplainApiTest, AnOrphanAndItsMissingRate) {
    sale({{"customerExternalId", "u"},
          {"amount", 1234},
          {"currency", "kwd"},
          {"invoiceId", "in_1"},
          {"clickId", "nope"}});
    const auto story = json_of(explain("in_1"));
    EXPECT_TRUE(story.at("conversion").at("fxMissing").as_bool());
    EXPECT_TRUE(story.at("conversion").at("convertedAmount").is_null());
    EXPECT_EQ(story.at("attribution").at("reason").as_string(), "click_not_found");
    for (const auto* key : {"customer", "click", "link"}) EXPECT_TRUE(story.at(key).is_null());
    EXPECT_EQ(story.at("history").as_array().size(), 1U);
}

TEST_P(ExplainApiTest, WhatIsNotThereIsAProblem) {
    const auto response = explain("nothing");
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_EQ(response.body,
              R"({"type":"about:blank","title":"not_found","status":404,"detail":"No conversion )"
              R"(and no invoice has the id 'nothing' in this workspace.",)"
              R"("reason":"conversion_not_found"})");
    EXPECT_EQ(send("GET", "/conversions/nothing/explain", {}, {{"Authorization", ""}}).status, 401);
}

HW_ON_BOTH_ENGINES(ExplainApiTest);

}  // namespace
}  // namespace hw
