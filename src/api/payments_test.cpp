// SPDX-License-Identifier: Apache-2.0
#include "api/payments.hpp"

#include "store/conversions.hpp"
#include "tests/fixture/program_api_test.hpp"

namespace hw {
namespace {

class PaymentsApiTest : public ProgramApiTest {};

TEST_P(PaymentsApiTest, RefundsAndDisputes) {
    const auto id = sell("inv-1");
    struct Row {
        std::string path;
        Object body;
        std::string answer;
        std::string commission;  // afterwards
    };
    const Row rows[] = {
        {"/refunds",
         {{"invoiceId", "inv-1"}, {"refundId", "r1"}, {"amount", 2'500}, {"currency", "USD"}},
         R"(200 {"refundId":"r1","amount":2500,"currency":"usd","conversionId":")" + id +
             R"(","repeated":false})",
         "1500 pending"},
        {"/refunds",
         {{"conversionId", id}, {"refundId", "r2"}, {"amount", 2'500}},
         R"(200 {"refundId":"r2","amount":2500,"currency":"","conversionId":")" + id +
             R"(","repeated":false})",
         "1000 pending"},
        {"/refunds",
         {{"invoiceId", "later"}, {"refundId", "r3"}, {"amount", 1}},
         R"(200 {"refundId":"r3","amount":1,"currency":"","conversionId":null,"repeated":false})",
         "1000 pending"},
        {"/refunds",
         {{"invoiceId", "inv-1"}, {"refundId", "r1"}, {"amount", 99}, {"currency", "usd"}},
         "409 Refund r1 was told before with 2500 usd, now with 99 usd.",
         "1000 pending"},
        {"/refunds",
         {{"refundId", "r1"}, {"amount", 99}},
         "422 custom: invoiceId: Either `invoiceId` or `conversionId` must be provided, and not "
         "both.",
         "1000 pending"},
        {"/refunds",
         {{"invoiceId", "inv-1"}, {"refundId", "r4"}, {"amount", 0}},
         "422 too_small: amount: Too small: expected number to be >=1",
         "1000 pending"},
        {"/refunds",
         {{"invoiceId", "inv-1"}, {"refundId", ""}, {"amount", 1}},
         "422 too_small: refundId: Too small: expected string to have >=1 characters",
         "1000 pending"},
        {"/disputes",
         {{"invoiceId", "inv-1"}, {"disputeId", "d1"}},
         R"(200 {"disputeId":"d1","state":"open","conversionId":")" + id + R"(","repeated":false})",
         "1000 hold"},
        {"/disputes",
         {{"invoiceId", "inv-1"}, {"disputeId", "d1"}, {"state", "won"}},
         R"(200 {"disputeId":"d1","state":"won","conversionId":")" + id + R"(","repeated":false})",
         "1000 pending"},
        {"/disputes",
         {{"invoiceId", "inv-1"}, {"disputeId", "d1"}, {"state", "draw"}},
         "422 invalid_value: state: Invalid option: expected one of "
         "\"open\"|\"won\"|\"lost\"",
         "1000 pending"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(post(row.path, row.body)), row.answer);
        EXPECT_EQ(listed("/commissions?type=sale", "earnings") + " " +
                      listed("/commissions?type=sale", "status"),
                  row.commission);
    }
}

TEST_P(PaymentsApiTest, ToAnotherLink) {
    const auto id = sell("inv-1");
    const auto plain = make_link("plain");
    const auto target = "/conversions/" + id + "/attribution";
    EXPECT_EQ(outcome(post(target, {{"linkId", plain.link_id}, {"reason", "told by phone"}})),
              R"(200 {"conversionId":")" + id + R"(","linkId":")" + plain.link_id +
                  R"(","partnerId":null,"seq":2,"changed":true,"commissionId":null})");
    EXPECT_EQ(listed("/commissions?status=canceled", "type"), "sale");
    EXPECT_EQ(outcome(post(target, {{"linkId", plain.link_id}, {"reason", ""}})),
              "422 too_small: reason: Too small: expected string to have >=1 characters");
    EXPECT_EQ(outcome(post("/conversions/x/attribution", {{"linkId", "l"}, {"reason", "r"}})),
              "404 There is no conversion x.");
    const auto explained = send("GET", "/conversions/" + id + "/explain").body;
    EXPECT_NE(explained.find("told by phone"), std::string::npos) << explained;
}

HW_ON_BOTH_ENGINES(PaymentsApiTest);

}  // namespace
}  // namespace hw
