// SPDX-License-Identifier: Apache-2.0
#include "api/commission_body.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

template <class T>
std::string refusal(const Result<T>& result) {
    return result ? "" : result.error().message;
}

TEST(CommissionBody, OldAndNewNames) {
    const auto body = [](const char* text) { return json::parse(text).as_object(); };
    const auto newer = read_new_commission(
        body(R"({"type":"sale","partnerId":"pn_1","customerId":"cus_1","date":"2026-01-02",
                 "sale":{"amount":500,"currency":"EUR","eventName":"Plan","invoiceId":"in_1",
                         "paymentProcessor":"paddle","metadata":{"plan":"pro"}}})"));
    ASSERT_TRUE(newer) << refusal(newer);
    const auto& sale = std::get<SaleCommission>(*newer);
    EXPECT_EQ(sale.sale.amount, 500);
    EXPECT_EQ(sale.sale.currency, "eur");
    EXPECT_EQ(sale.sale.event_name, "Plan");
    EXPECT_EQ(sale.sale.payment_processor, "paddle");
    EXPECT_EQ(sale.sale.metadata, R"({"plan":"pro"})");
    EXPECT_EQ(sale.whose.at_ms, 1'767'312'000'000);
    const auto older = read_new_commission(
        body(R"({"type":"sale","partnerId":"pn_1","customerId":"cus_1","saleAmount":500,
                 "saleEventDate":"2026-01-02T00:00:00Z","invoiceId":"in_1"})"));
    ASSERT_TRUE(older) << refusal(older);
    EXPECT_EQ(std::get<SaleCommission>(*older).whose.at_ms, sale.whose.at_ms);
    EXPECT_EQ(std::get<SaleCommission>(*older).sale.invoice_id, "in_1");
    const auto lead = read_new_commission(
        body(R"({"type":"lead","partnerId":"pn_1","customer":{"externalId":"ada"},
                 "lead":{"eventName":"Demo"}})"));
    ASSERT_TRUE(lead) << refusal(lead);
    EXPECT_EQ(std::get<LeadCommission>(*lead).event_name, "Demo");
}

TEST(CommissionBody, Refusals) {
    struct Row {
        const char* body;
        std::string message;
    };
    const Row rows[] = {
        {R"({"amount":5})",
         "invalid_type: partnerId: Invalid input: expected string, received undefined"},
        {R"({"partnerId":"p"})",
         "invalid_type: amount: Invalid input: expected number, received undefined"},
        {R"({"partnerId":"p","amount":100000000000})",
         "too_big: amount: Amount must not be above 99999999999."},
        {R"({"partnerId":"p","amount":-100000000000})",
         "too_small: amount: Amount must not be below -99999999999."},
        {R"({"partnerId":"p","amount":1.5})",
         "invalid_type: amount: Invalid input: expected int, received number"},
        {R"({"partnerId":"p","amount":5,"date":"soon"})",
         "invalid_string: date: 'soon' is no time: write for example 2026-01-02T03:04:05Z"},
        {R"({"type":"sale","partnerId":"p","customerId":"c","sale":5})",
         "invalid_type: sale: Invalid input: expected object, received number"},
        {R"({"type":"sale","partnerId":"p","customerId":"c","saleAmount":0})",
         "too_small: saleAmount: Amount must be greater than 0."},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(refusal(read_new_commission(json::parse(row.body).as_object())), row.message)
            << row.body;
    }
}

}  // namespace
}  // namespace hw
