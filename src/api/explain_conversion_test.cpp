// SPDX-License-Identifier: Apache-2.0
#include "api/explain_conversion.hpp"

#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

class ExplainConversionApiTest : public ApiTest {};

TEST_P(ExplainConversionApiTest, ByInvoiceOrId) {
    const auto click = make_click(make_link("why"));
    const auto told = send("POST", "/track/sale",
                           R"({"customerExternalId":"ann","amount":4900,"invoiceId":"inv-1",)"
                           R"("clickId":")" +
                               click + R"("})");
    ASSERT_EQ(told.status, 200) << told.body;
    const auto by_invoice = send("GET", "/conversions/inv-1/explain");
    ASSERT_EQ(by_invoice.status, 200) << by_invoice.body;
    const auto explained = json_of(by_invoice);
    const auto& decision = explained.at("attribution");
    EXPECT_EQ(decision.at("rung").as_string(), "click_id");
    EXPECT_EQ(decision.at("confidence").as_string(), "certain");
    EXPECT_EQ(decision.at("clickId").as_string(), click);
    EXPECT_EQ(decision.at("candidates").at(0).at("verdict").as_string(), "taken");
    EXPECT_TRUE(std::string(explained.at("text").as_string()).contains("rung click_id"));
    const auto id = std::string(explained.at("conversion").at("id").as_string());
    EXPECT_EQ(send("GET", "/api/conversions/" + id + "/explain").body, by_invoice.body);
}

TEST_P(ExplainConversionApiTest, UnknownIsAProblem) {
    const auto answer = send("GET", "/conversions/none/explain");
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.content_type, "application/problem+json");
    EXPECT_EQ(json_of(answer).at("reason").as_string(), "conversion_not_found");
}

HW_ON_BOTH_ENGINES(ExplainConversionApiTest);

}  // namespace
}  // namespace hw
