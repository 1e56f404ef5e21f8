// SPDX-License-Identifier: Apache-2.0
#include "api/commissions.hpp"

#include "store/conversions.hpp"
#include "tests/fixture/program_api_test.hpp"

namespace hw {
namespace {

class CommissionsApiTest : public ProgramApiTest {
  protected:
    std::string id_of(const std::string& type) {
        const auto rows = json_of(send("GET", "/commissions?type=" + type));
        return std::string(rows.as_array().at(0).at("id").as_string());
    }
    std::string patch(const std::string& target, const Object& body) {
        return outcome(send("PATCH", target, boost::json::serialize(body)));
    }
};

TEST_P(CommissionsApiTest, AreListedAndShown) {
    sell("inv-1");
    const auto rows = json_of(send("GET", "/commissions?type=sale"));
    ASSERT_EQ(rows.as_array().size(), 1U);
    const auto& row = rows.as_array()[0];
    EXPECT_EQ(keys_of(row), (std::vector<std::string>{
                                "id", "type", "amount", "earnings", "currency", "status",
                                "invoiceId", "description", "quantity", "userId", "metadata",
                                "createdAt", "updatedAt", "paidAt", "partner", "customer"}));
    EXPECT_EQ(row.at("amount"), 10'000);
    EXPECT_EQ(row.at("earnings"), 2'000);
    EXPECT_EQ(row.at("status"), "pending");
    EXPECT_EQ(row.at("partner").at("id"), "pn_1");
    EXPECT_EQ(row.at("partner").at("groupId"), "grp_1");
    EXPECT_EQ(row.at("customer").at("externalId"), "inv-1");
    const auto id = std::string(row.at("id").as_string());
    const auto one = json_of(send("GET", "/commissions/" + id));
    EXPECT_EQ(one.at("holdingPeriodDays"), 30);
    EXPECT_EQ(one.at("reward").at("id"), "rw_sale");
    EXPECT_EQ(one.at("payout"), nullptr);
    EXPECT_EQ(outcome(send("GET", "/commissions/cm_x")), "404 Commission cm_x not found.");
}

TEST_P(CommissionsApiTest, Filters) {
    sell("inv-1");
    sell("inv-2");
    post("/commissions", {{"partnerId", "pn_1"}, {"amount", 500}, {"description", "bonus"}});
    const auto lead_id = id_of("lead");
    patch("/commissions/" + lead_id, {{"status", "fraud"}});
    struct Row {
        std::string query;
        std::string types;  // in order of the list, or the refusal
    };
    const Row rows[] = {
        {"?sortOrder=asc&type=sale", "sale sale"},
        {"?type=-sale", "custom lead lead"},
        {"?type=sale,custom&sortBy=amount", "sale sale custom"},
        {"?status=fraud", "lead"},
        {"?invoiceId=inv-2&type=lead", "sale"},
        {"?partnerId=pn_1&type=custom", "custom"},
        {"?partnerId=-pn_1", ""},
        {"?tenantId=tenant-pn_1&type=custom", "custom"},
        {"?tenantId=nobody", ""},
        {"?groupId=grp_1&type=custom", "custom"},
        {"?groupId=-grp_1", ""},
        {"?customerId=cus_x", ""},
        {"?payoutId=po_x", ""},
        {"?interval=24h&type=custom", "custom"},
        {"?start=2020-01-01&end=2020-02-01", ""},
        {"?page=2&pageSize=1&type=sale", "sale"},
        {"?page=3&pageSize=1&type=sale", ""},
        {"?startingAfter=cm_x", "422 Invalid cursor: the provided ID does not exist."},
        {"?startingAfter=a&endingBefore=b",
         "422 You cannot use both startingAfter and endingBefore at the same time."},
        {"?sortBy=earnings",
         "422 invalid_value: sortBy: Invalid option: expected one of \"createdAt\"|\"amount\""},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(listed("/commissions" + row.query, "type"), row.types) << row.query;
    }
    // Without a filter the fraud is hidden.
    EXPECT_EQ(json_of(send("GET", "/commissions")).as_array().size(), 4U);
    const auto first = id_of("custom");
    EXPECT_EQ(listed("/commissions?type=sale&startingAfter=" + first, "type"), "sale sale");
}

TEST_P(CommissionsApiTest, ByHand) {
    struct Row {
        Object body;
        std::string answer;
    };
    const Object customer{{"externalId", "eve"}, {"country", "DE"}};
    const Row rows[] = {
        {{{"type", "custom"}, {"partnerId", "pn_1"}, {"amount", 500}},
         R"(202 {"success":true,"message":"Custom commission created."})"},
        {{{"partnerId", "pn_1"}, {"amount", 0}}, "422 custom: amount: Amount cannot be 0."},
        {{{"partnerId", "pn_1"}, {"amount", -5}},
         "422 custom: description: A description is required for a negative amount."},
        {{{"partnerId", "pn_x"}, {"amount", 5}},
         "404 Partner pn_x is not enrolled in this program."},
        {{{"type", "lead"}, {"partnerId", "pn_1"}, {"customer", customer}},
         R"(202 {"success":true,"message":"Lead commission created."})"},
        {{{"type", "lead"}, {"partnerId", "pn_1"}, {"customer", customer}},
         R"(202 {"success":true,"message":"Lead recorded before, or not worth a commission."})"},
        {{{"type", "lead"}, {"partnerId", "pn_1"}},
         "422 custom: customerId: Either `customerId` or `customer` must be provided, and not "
         "both."},
        {{{"type", "sale"},
          {"partnerId", "pn_1"},
          {"customer", customer},
          {"saleAmount", 5'000},
          {"invoiceId", "hand-1"}},
         R"(202 {"success":true,"message":"Sale commission created."})"},
        {{{"type", "sale"},
          {"partnerId", "pn_1"},
          {"customer", customer},
          {"saleAmount", 5'000},
          {"invoiceId", "hand-1"}},
         "409 There is already a commission for the invoice hand-1."},
        {{{"type", "sale"},
          {"partnerId", "pn_1"},
          {"customer", customer},
          {"sale", Object{{"amount", 2'000}, {"invoiceId", "hand-2"}}},
          {"date", "2026-01-05"}},
         R"(202 {"success":true,"message":"Sale commission created."})"},
        {{{"type", "sale"}, {"partnerId", "pn_1"}, {"customerId", "cus_x"}, {"saleAmount", 1}},
         "404 Customer cus_x not found."},
        {{{"type", "sale"},
          {"partnerId", "pn_1"},
          {"customer", customer},
          {"saleAmount", 1},
          {"linkId", "link_x"}},
         "404 Link link_x is not a link of partner pn_1."},
        {{{"type", "sale"},
          {"partnerId", "pn_1"},
          {"customer", customer},
          {"importStripeInvoices", true}},
         "422 custom: importStripeInvoices: Invoices cannot be imported from Stripe: send each "
         "sale with its `saleAmount`."},
        {{{"type", "gift"}},
         "422 invalid_value: type: Invalid option: expected one of "
         "\"custom\"|\"lead\"|\"sale\""},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(post("/commissions", row.body)), row.answer);
        env.advance_ms(1);
    }
    EXPECT_EQ(listed("/commissions?sortOrder=asc", "earnings"), "500 300 1000 400");
    EXPECT_EQ(totals(link).sales, 2);
    EXPECT_EQ(totals(link).leads, 1);
}

TEST_P(CommissionsApiTest, AreChanged) {
    sell("inv-1");
    const auto id = id_of("sale");
    const auto lead_id = id_of("lead");
    const auto at = "/commissions/" + id;
    const auto after = [&](const std::string& target, const Object& body) {
        const auto response = send("PATCH", target, boost::json::serialize(body));
        if (response.status != 200) return outcome(response);
        const auto row = json_of(response);
        return boost::json::serialize(row.at("amount")) + " " +
               boost::json::serialize(row.at("earnings")) + " " +
               std::string(row.at("status").as_string());
    };
    struct Row {
        std::string target;
        Object body;
        std::string outcome;
    };
    const Row rows[] = {
        {at, {{"saleAmount", 5'000}}, "5000 1000 pending"},
        {at, {{"modifySaleAmount", -1'000}}, "4000 800 pending"},
        {at, {{"earnings", 777}}, "4000 777 pending"},
        {at,
         {{"status", "pending"}},
         "400 Cannot update commission: Commission " + id + " is already pending."},
        {at, {{"status", "fraud"}}, "4000 0 fraud"},
        {at, {{"status", "pending"}}, "4000 777 pending"},
        {at, {{"saleAmount", 0}}, "0 0 refunded"},
        {at, {{"status", "pending"}, {"saleAmount", 10'000}}, "10000 2000 pending"},
        {at, {{"saleAmount", -1}}, "422 too_small: saleAmount: Amount must not be below 0."},
        {at,
         {{"saleAmount", 1}, {"modifySaleAmount", 1}},
         "422 custom: modifySaleAmount: `saleAmount` and `modifySaleAmount` cannot be used at the "
         "same time."},
        {"/commissions/" + lead_id,
         {{"saleAmount", 5}},
         "400 Cannot update commission: Commission " + lead_id + " is not a sale commission."},
        {"/commissions/cm_x", {{"status", "fraud"}}, "404 Commission cm_x not found."},
    };
    for (const auto& row : rows) EXPECT_EQ(after(row.target, row.body), row.outcome);
}

boost::json::array names(int count) {
    boost::json::array ids;
    for (int i = 0; i < count; ++i) ids.emplace_back("cm_" + std::to_string(i));
    return ids;
}

TEST_P(CommissionsApiTest, ManyAtOnce) {
    sell("inv-1");
    sell("inv-2");
    const auto rows = json_of(send("GET", "/commissions?type=sale"));
    boost::json::array ids{rows.as_array()[0].at("id"), rows.as_array()[1].at("id")};
    const auto first = std::string(ids[0].as_string());
    EXPECT_EQ(
        patch("/commissions/bulk", {{"commissionIds", ids}, {"status", "fraud"}}).substr(0, 4),
        "200 ");
    EXPECT_EQ(listed("/commissions?status=fraud", "type"), "sale sale");
    struct Row {
        Object body;
        std::string answer;
    };
    const Row cases[] = {
        {{{"commissionIds", ids}, {"status", "fraud"}},
         "400 Cannot update commission: Commission " + first + " is already fraud."},
        {{{"commissionIds", boost::json::array{"cm_x", "cm_y"}}, {"status", "fraud"}},
         "404 Commissions not found: cm_x, cm_y."},
        {{{"commissionIds", boost::json::array{"a", "a"}}, {"status", "fraud"}},
         "422 custom: commissionIds: Each commission may be named once."},
        {{{"commissionIds", boost::json::array{}}, {"status", "fraud"}},
         "422 too_small: commissionIds: Name 1 to 100 commissions."},
        {{{"commissionIds", names(101)}, {"status", "fraud"}},
         "422 too_big: commissionIds: Name 1 to 100 commissions."},
        {{{"commissionIds", names(100)}, {"status", "fraud"}}, "404 Commissions not found: cm_0, "},
        {{{"commissionIds", ids}},
         "422 invalid_type: status: Invalid input: expected string, received undefined"},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(patch("/commissions/bulk", c.body).substr(0, c.answer.size()), c.answer);
    }
}

HW_ON_BOTH_ENGINES(CommissionsApiTest);

}  // namespace
}  // namespace hw
