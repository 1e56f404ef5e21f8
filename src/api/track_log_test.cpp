// SPDX-License-Identifier: Apache-2.0
#include "api/track_log.hpp"

#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class TrackLogTest : public ApiTest {};

// A9: every request is there with its outcome, errors included.
TEST_P(TrackLogTest, EveryRequestWithItsOutcome) {
    const auto tell = [&](std::string_view path, std::string_view body) {
        env.advance_ms(1);
        return send("POST", path, body).status;
    };
    EXPECT_EQ(tell("/track/sale", R"({"customerExternalId":"x","amount":5})"), 200);
    EXPECT_EQ(tell("/track/sale", R"({"customerExternalId":"x","amount":-5})"), 422);
    EXPECT_EQ(tell("/track/lead", "{"), 400);
    EXPECT_EQ(
        tell("/api/track/lead", R"({"eventName":"e","customerExternalId":"x","clickId":"nope"})"),
        404);
    const auto entries = json_of(send("GET", "/track/log")).as_array();
    ASSERT_EQ(entries.size(), 4U);
    const std::vector<std::pair<int, std::string>> newest_first{{404, "click_not_found"},
                                                                {400, "invalid_json"},
                                                                {422, "invalid_field"},
                                                                {200, "no_customer_and_no_click"}};
    for (std::size_t i = 0; i < entries.size(); ++i) {
        EXPECT_EQ(entries[i].at("status").as_int64(), newest_first[i].first);
        EXPECT_EQ(entries[i].at("reason").as_string(), newest_first[i].second);
    }
    EXPECT_TRUE(entries[3].at("conversionId").is_string());
    EXPECT_EQ(json_of(send("GET", "/track/log?pageSize=1&page=2")).as_array().size(), 1U);
}

HW_ON_BOTH_ENGINES(TrackLogTest);

}  // namespace
}  // namespace hw
