// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/partner_api_test.hpp"

namespace hw {
namespace {

class DiscountCodesApiTest : public PartnerApiTest {
  protected:
    std::string body_of(const std::string& code, const std::string& partner_id,
                        const std::string& link_id) {
        const auto begin = code.empty() ? "{" : R"({"code":")" + code + "\",";
        return begin + R"("partnerId":")" + partner_id + R"(","linkId":")" + link_id + "\"}";
    }
    std::string codes(const std::string& query) {
        std::string all;
        const auto answer = json_of(send("GET", "/discount-codes" + query));
        for (const auto& code : answer.as_array()) all += text(code, "code") + " ";
        return all;
    }
};

TEST_P(DiscountCodesApiTest, CodesAreMadeListedAndDeleted) {
    const auto discount = make("/discounts", R"({"amount":20})");
    patch_group(R"({"discountId":")" + discount + "\"}");
    const auto ann = make_partner("ann");
    const auto bob = make_partner("bob");
    const auto link = link_of(ann).link_id;
    struct Row {
        std::string body;
        std::string expected;  // the code, or the refusal; "~" stands for four characters
    };
    const Row rows[] = {
        {body_of("Spring_1-x", ann, link), "Spring_1-x"},
        {body_of("SPRING_1-X", ann, link), "409 The code 'SPRING_1-X' is already in use."},
        {body_of("", ann, link), "ANN20"},
        {body_of("", ann, link), "ANN20-~"},
        {body_of("a b", ann, link),
         "422 custom: code: 'a b' is no code: give 1 to 100 letters, digits, dashes and "
         "underscores"},
        {body_of(std::string(101, 'a'), ann, link),
         "422 too_big: code: Too big: expected string to have <=100 characters"},
        {body_of("x", bob, link), "404 Link not found for this partner."},
        {body_of("x", ann, "link_none"), "404 Link not found for this partner."},
        {body_of("x", "pn_none", link), "404 The partner is not enrolled in this program."},
        {R"({"linkId":"x"})",
         "422 invalid_type: partnerId: Invalid input: expected string, received undefined"},
    };
    for (const auto& row : rows) {
        env.advance_ms(1);
        const auto made = send("POST", "/discount-codes", row.body);
        auto told = made.status == 200 ? text(json_of(made), "code") : outcome(made);
        if (row.expected.ends_with('~')) told.replace(told.size() - 4, 4, "~");
        EXPECT_EQ(told, row.expected) << row.body;
    }
    EXPECT_EQ(outbox("discount_code.created"), 3);
    EXPECT_TRUE(codes("").ends_with("ANN20 Spring_1-x ")) << codes("");
    EXPECT_EQ(codes("?pageSize=1&page=2"), "ANN20 ");
    EXPECT_EQ(codes("?partnerId=" + bob), "");
    EXPECT_EQ(codes("?discountId=" + discount + "&partnerId=" + ann), codes(""));
    EXPECT_EQ(codes("?discountId=disc_none"), "");
    EXPECT_EQ(send("DELETE", "/discount-codes/spring_1-X").status, 200);
    EXPECT_EQ(outcome(send("DELETE", "/discount-codes/Spring_1-x")),
              "404 Discount code not found.");
    EXPECT_EQ(outbox("discount_code.deleted"), 1);
    const auto again = json_of(send("POST", "/discount-codes", body_of("Spring_1-x", ann, link)));
    EXPECT_EQ(text(again, "discountId"), discount);
    EXPECT_EQ(send("DELETE", "/discount-codes/" + text(again, "id")).status, 200);
    EXPECT_FALSE(codes("").contains("Spring"));
}

// Somebody who never clicked, but typed the code.
TEST_P(DiscountCodesApiTest, ACodeLeadsToItsLink) {
    const auto lead_reward = make("/rewards", R"({"event":"lead","amountInCents":100})");
    const auto sale_reward = make("/rewards", R"({"event":"sale","amountInPercentage":10})");
    patch_group(R"({"leadRewardId":")" + lead_reward + R"(","saleRewardId":")" + sale_reward +
                "\"}");
    const auto ann = make_partner("ann");
    const auto link = link_of(ann);
    EXPECT_EQ(send("POST", "/discount-codes", body_of("ANN", ann, link.link_id)).status, 200);
    struct Row {
        std::string_view path;
        Object body;
        int status;
        std::string expected;  // the link of the answer or decision; "-" for none
    };
    const Row rows[] = {
        {"/track/sale",
         {{"amount", 1'000}, {"metadata", Object{{"discountCode", "ann"}}}},
         200,
         link.link_id},
        {"/track/sale", {{"amount", 1'000}, {"discountCode", " ANN "}}, 200, link.link_id},
        {"/track/sale", {{"amount", 1'000}, {"discountCode", "BOB"}}, 200, "-"},
        {"/track/sale",
         {{"amount", 1'000}, {"discountCode", "ANN"}, {"metadata", Object{{"discountCode", "X"}}}},
         200,
         link.link_id},
        {"/track/lead", {{"eventName", "Sign up"}, {"discountCode", "ANN"}}, 200, link.link_id},
        {"/track/lead", {{"eventName", "Sign up"}, {"discountCode", "BOB"}}, 404, "-"},
    };
    int number = 0;
    for (const auto& row : rows) {
        auto body = row.body;
        const auto invoice = "inv-" + std::to_string(++number);
        body["customerExternalId"] = "code-" + std::to_string(number);
        body["invoiceId"] = invoice;
        const auto answer = post(row.path, body);
        EXPECT_EQ(answer.status, row.status) << answer.body;
        if (row.path == "/track/lead") {
            if (answer.status == 200) {
                EXPECT_EQ(text(json_of(answer).at("link"), "id"), row.expected);
            }
            continue;
        }
        const auto story = json_of(send("GET", "/conversions/" + invoice + "/explain"));
        const auto decision = story.at("attribution");
        EXPECT_EQ(text(decision, "rung"), row.expected == "-" ? "orphan" : "code");
        if (row.expected != "-") {
            EXPECT_EQ(text(decision, "linkId"), row.expected);
            EXPECT_EQ(text(decision, "confidence"), "certain");
        }
    }
    // Three sales with the leads that they brought, and a lead.
    EXPECT_EQ(text(partner(ann), "totalSales"), "3");
    EXPECT_EQ(text(partner(ann), "totalLeads"), "4");
    EXPECT_EQ(text(partner(ann), "totalCommissions"), "700");
    EXPECT_EQ(send("DELETE", "/discount-codes/ANN").status, 200);
    EXPECT_TRUE(
        json_of(sale({{"customerExternalId", "late"}, {"amount", 5}, {"discountCode", "ANN"}}))
            .at("sale")
            .is_null());
}

HW_ON_BOTH_ENGINES(DiscountCodesApiTest);

}  // namespace
}  // namespace hw
