// SPDX-License-Identifier: Apache-2.0
#include "api/operations.hpp"

#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class OperationsTest : public ApiTest {};

TEST_P(OperationsTest, AnswerWithoutAKey) {
    const Headers nobody{{"Authorization", ""}};
    EXPECT_EQ(send("GET", "/livez", {}, nobody).body, "alive\n");
    EXPECT_EQ(send("GET", "/readyz", {}, nobody).status, 200);
    EXPECT_TRUE(send("GET", "/script.js", {}, nobody).body.contains("dub_id"));
    const auto document = json_of(send("GET", "/openapi.json", {}, nobody));
    EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
    EXPECT_TRUE(document.at("paths").as_object().contains("/track/sale"));
}

TEST_P(OperationsTest, TheScriptIsServedSmallUnderAllItsNames) {
    const auto script = send("GET", "/script.js");
    EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
    EXPECT_EQ(header_of(script, "Access-Control-Allow-Origin"), "*");
    EXPECT_FALSE(script.body.contains("\n "));
    EXPECT_FALSE(script.body.contains("SPDX"));
    EXPECT_TRUE(script.body.ends_with("})(window, document, location);\n"));
    for (const auto* path : {"/script.site-visit.js", "/analytics/script.js",
                             "/analytics/script.outbound-domains.conversion-tracking.js"}) {
        EXPECT_EQ(send("GET", path).body, script.body) << path;
    }
}

TEST_P(OperationsTest, DrainingIsNotReady) {
    api->drain();
    const auto answer = send("GET", "/readyz");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(header_of(answer, "Retry-After"), "1");
    EXPECT_EQ(send("GET", "/livez").status, 200);
}

TEST_P(OperationsTest, MetricsCountAnswers) {
    send("GET", "/livez");
    const auto text = send("GET", "/metrics").body;
    EXPECT_TRUE(text.contains("headwater_requests_total{operation=\"live\",status=\"200\"} 1"))
        << text;
}

HW_ON_BOTH_ENGINES(OperationsTest);

}  // namespace
}  // namespace hw
