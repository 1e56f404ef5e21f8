// SPDX-License-Identifier: Apache-2.0
#include "api/payouts.hpp"

#include "store/conversions.hpp"
#include "tests/fixture/program_api_test.hpp"

namespace hw {
namespace {

class PayoutsApiTest : public ProgramApiTest {
  protected:
    PayoutsApiTest() { pay_at_once(); }
    std::string create() {
        const auto made = json_of(send("POST", "/payouts"));
        return std::string(made.at("payouts").as_array().at(0).at("id").as_string());
    }
    std::string step(const std::string& id, const std::string& name, const Object& body = {}) {
        const auto response = post("/payouts/" + id + "/" + name, body);
        if (response.status != 200) return outcome(response);
        return std::string(json_of(response).at("status").as_string());
    }
};

TEST_P(PayoutsApiTest, FromSaleToPaid) {
    sell("inv-1");
    sell("inv-2");
    const auto id = create();
    EXPECT_EQ(boost::json::serialize(json_of(send("POST", "/payouts"))),
              R"({"payouts":[],"more":false})");
    EXPECT_EQ(listed("/payouts", "amount"), "4000");
    const auto one = json_of(send("GET", "/payouts/" + id));
    EXPECT_EQ(one.at("status"), "pending");
    EXPECT_EQ(one.at("items").as_array().size(), 2U);
    EXPECT_EQ(one.at("partner").at("tenantId"), "tenant-pn_1");
    EXPECT_EQ(step(id, "fail"), "409 Payout " + id + " is pending: it cannot become failed.");
    EXPECT_EQ(step(id, "confirm", {{"traceId", "bank-7"}}), "completed");
    EXPECT_EQ(step(id, "confirm"), "completed");
    EXPECT_EQ(step(id, "cancel"), "409 Payout " + id + " is completed: it cannot become canceled.");
    const auto paid = json_of(send("GET", "/payouts/" + id));
    EXPECT_EQ(paid.at("traceId"), "bank-7");
    EXPECT_NE(paid.at("paidAt"), nullptr);
    EXPECT_EQ(listed("/commissions?payoutId=" + id, "status"), "paid paid");
    EXPECT_EQ(step(id, "fail", {{"reason", "account closed"}}), "failed");
    EXPECT_EQ(json_of(send("GET", "/payouts/" + id)).at("failureReason"), "account closed");
    EXPECT_EQ(listed("/commissions?type=sale", "status"), "processed processed");
}

TEST_P(PayoutsApiTest, FiltersAndRefusals) {
    sell("inv-1");
    create();
    struct Row {
        std::string target;
        std::string amounts;  // or the refusal
    };
    const Row rows[] = {
        {"/payouts?status=pending", "2000"},
        {"/payouts?status=completed", ""},
        {"/payouts?partnerId=pn_1", "2000"},
        {"/payouts?partnerId=pn_2", ""},
        {"/payouts?tenantId=tenant-pn_1", "2000"},
        {"/payouts?tenantId=x", "404 Partner with tenantId x not found."},
        {"/payouts?groupId=grp_1&sortBy=paidAt", "2000"},
        {"/payouts?groupId=grp_2&sortBy=initiatedAt&sortOrder=asc", ""},
        {"/payouts?page=2", ""},
        {"/payouts/po_x", "404 There is no payout po_x."},
    };
    for (const auto& row : rows) EXPECT_EQ(listed(row.target, "amount"), row.amounts) << row.target;
    EXPECT_EQ(outcome(post("/payouts", {{"partnerId", "pn_x"}})), "404 There is no partner pn_x.");
}

TEST_P(PayoutsApiTest, AsCsv) {
    sell("inv-1");
    const auto id = create();
    const auto csv = send("GET", "/payouts/export?format=csv").body;
    EXPECT_EQ(csv.substr(0, csv.find("\r\n")),
              "payoutId,partnerId,tenantId,partnerName,partnerEmail,country,amount,currency,status,"
              "periodStart,periodEnd,createdAt,description");
    EXPECT_NE(csv.find(id + ",pn_1,tenant-pn_1,pn_1,pn_1@partners.example,DE,20.00,usd,pending,"),
              std::string::npos)
        << csv;
}

HW_ON_BOTH_ENGINES(PayoutsApiTest);

}  // namespace
}  // namespace hw
