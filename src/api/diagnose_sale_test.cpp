// SPDX-License-Identifier: Apache-2.0
#include "api/diagnose_sale.hpp"

#include "tests/fixture/revenue_api_test.hpp"

namespace hw {
namespace {

class DiagnoseSaleApiTest : public RevenueApiTest {
  protected:
    Response diagnose(const std::string& query) {
        return send("GET", "/admin/diagnose-sale?" + query);
    }
};

TEST_P(DiagnoseSaleApiTest, TheNextSaleOfALink) {
    const auto answer = diagnose("linkSlug=p1");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto diagnosis = json_of(answer);
    EXPECT_TRUE(diagnosis.at("conversionId").is_null());
    EXPECT_TRUE(diagnosis.at("standing").is_null());
    EXPECT_EQ(diagnosis.at("match").at("rung").as_string(), "link_slug");
    EXPECT_TRUE(diagnosis.at("match").at("counts").as_bool());
    EXPECT_EQ(diagnosis.at("match").at("link").at("id").as_string(), link.link_id);
    EXPECT_TRUE(diagnosis.at("findings").as_array().empty());
    const auto& rung = diagnosis.at("rungs").at(1);
    EXPECT_EQ(rung.at("name").as_string(), "link_slug");
    EXPECT_EQ(rung.at("outcome").as_string(), "taken");
    EXPECT_EQ(rung.at("windowDays").as_int64(), 60);
    EXPECT_EQ(rung.at("candidates").at(0).at("meaning").as_string(), "this one decides");
    EXPECT_TRUE(diagnosis.at("text").as_string().starts_with("decided now: rung link_slug"));
}

TEST_P(DiagnoseSaleApiTest, ASaleThatWasTold) {
    set_inferred("off");
    const auto id = paid("in_1");
    const auto answer = diagnose("invoiceId=in_1");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(diagnose("conversionId=" + id).body, answer.body);
    const auto diagnosis = json_of(answer);
    EXPECT_EQ(diagnosis.at("conversionId").as_string(), id);
    EXPECT_EQ(diagnosis.at("standing").at("rung").as_string(), "orphan");
    EXPECT_FALSE(diagnosis.at("match").at("counts").as_bool());
    EXPECT_EQ(diagnosis.at("match").at("reason").as_string(), "lead_not_found");
    const auto& finding = diagnosis.at("findings").at(0);
    EXPECT_EQ(finding.at("code").as_string(), "no_lead");
    EXPECT_EQ(finding.at("severity").as_string(), "problem");
}

TEST_P(DiagnoseSaleApiTest, Refusals) {
    EXPECT_EQ(outcome(diagnose("")),
              "422 Name one of linkSlug, invoiceId and conversionId; 0 were named.");
    EXPECT_EQ(diagnose("conversionId=sale_x").status, 404);
}

HW_ON_BOTH_ENGINES(DiagnoseSaleApiTest);

}  // namespace
}  // namespace hw
