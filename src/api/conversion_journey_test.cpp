// SPDX-License-Identifier: Apache-2.0
#include "api/conversion_journey.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ConversionJourneyApiTest : public TrackApiTest {
  protected:
    Link news = make_link("news", "https://a.example/?utm_source=news&utm_medium=email");
    Link blog = make_link("blog", "https://a.example/?utm_source=blog");
};
HW_ON_BOTH_ENGINES(ConversionJourneyApiTest);

TEST_P(ConversionJourneyApiTest, ShowsTouchesLeadsAndCredits) {
    const auto first = make_click(news);
    env.advance_ms(1000);
    lead({{"clickId", first}, {"eventName", "Sign up"}, {"customerExternalId", "ann"}});
    env.advance_ms(1000);
    const auto last = make_click(blog);
    lead({{"clickId", last}, {"eventName", "Trial"}, {"customerExternalId", "ann"}});
    env.advance_ms(1000);
    sale({{"customerExternalId", "ann"}, {"amount", 1001}, {"invoiceId", "in_1"}});
    const auto response = send("GET", "/conversions/in_1/journey");
    ASSERT_EQ(response.status, 200) << response.body;
    const auto body = json_of(response);
    std::vector<std::string> seen;
    for (const auto& touch : body.at("touches").as_array()) {
        const auto& source = touch.at("source");
        seen.push_back(std::string(touch.at("kind").as_string()) + " " +
                       (source.is_null() ? "-" : std::string(source.as_string())) +
                       (touch.at("first").as_bool() ? " first" : "") +
                       (touch.at("last").as_bool() ? " last" : ""));
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"click news first", "lead -", "click blog last",
                                              "lead -"}));
    const auto& models = body.at("models");
    EXPECT_EQ(boost::json::serialize(models.at("first")),
              R"([{"key":"news","share":1,"amount":1001}])");
    EXPECT_TRUE(response.body.contains(R"("linear":[{"key":"blog","share":0.5,"amount":501},)"
                                       R"({"key":"news","share":0.5,"amount":500}])"))
        << response.body;
    const auto by_channel = json_of(send("GET", "/conversions/in_1/journey?by=channel"));
    EXPECT_EQ(boost::json::serialize(by_channel.at("models").at("first").at(0).at("key")),
              R"("email")");
}

TEST_P(ConversionJourneyApiTest, RefusesWhatNobodyKnows) {
    EXPECT_EQ(send("GET", "/conversions/sale_none/journey").status, 404);
    EXPECT_EQ(send("GET", "/conversions/sale_none/journey?by=weather").status, 422);
}

}  // namespace
}  // namespace hw
