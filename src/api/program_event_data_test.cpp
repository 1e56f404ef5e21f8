// SPDX-License-Identifier: Apache-2.0
#include "api/program_event_data.hpp"

#include "core/webhook_events.hpp"
#include "store/delivery_attempts.hpp"
#include "store/outbox.hpp"
#include "tests/fixture/partner_api_test.hpp"

namespace hw {
namespace {

class ProgramEventDataTest : public PartnerApiTest {
  protected:
    void SetUp() override {
        PartnerApiTest::SetUp();
        boost::json::array events;
        for (const auto name : kWebhookEvents) events.emplace_back(name);
        const auto made =
            post("/webhooks", {{"url", "https://hooks.example/"}, {"events", std::move(events)}});
        webhook_id = text(json_of(made), "id");
    }
    // The data of the one event of that name.
    Json data(std::string_view event) {
        return read([&](Tx& tx) -> Result<Json> {
                   Json found = Object{};
                   for (const auto& delivery :
                        list_deliveries(tx, {.webhook_id = webhook_id, .limit = 100})) {
                       if (delivery.event != event) continue;
                       EXPECT_TRUE(found.as_object().empty()) << event << " twice";
                       const auto stored = find_outbox_event(tx, delivery.event_id);
                       found = boost::json::parse(stored->payload.value()).at("data");
                   }
                   EXPECT_FALSE(found.as_object().empty()) << "no " << event;
                   return found;
               })
            .value();
    }
    using Names = std::vector<std::string>;

    std::string webhook_id;
};

TEST_P(ProgramEventDataTest, WhoWasEnrolled) {
    const auto ann = make_partner("ann", R"(,"tenantId":"t-ann")");
    auto told = data("partner.enrolled");
    EXPECT_EQ(text(told, "id"), ann);
    EXPECT_EQ(text(told, "tenantId"), "t-ann");
    EXPECT_EQ(told.at("links").as_array().size(), 1U) << "with the default link";
    EXPECT_EQ(keys_of(told), keys_of(partner(ann)));
}

TEST_P(ProgramEventDataTest, RatesAreNumbers) {
    const auto discount = make("/discounts", R"({"amount":12.5,"provider":"stripe"})");
    patch_group(R"({"discountId":")" + discount + "\"}");
    const auto ann = make_partner("ann");
    const auto link = link_of(ann).link_id;
    env.advance_ms(1);
    const auto made =
        send("POST", "/discount-codes",
             R"({"code":"ANN","partnerId":")" + ann + R"(","linkId":")" + link + "\"}");
    ASSERT_EQ(made.status, 200) << made.body;
    const auto code = text(json_of(made), "id");
    const auto told = data("discount_code.created");
    EXPECT_EQ(boost::json::serialize(told),
              R"({"id":")" + code + R"(","code":"ANN","partnerId":")" + ann + R"(","linkId":")" +
                  link + R"(","disabledAt":null,"discount":{"id":")" + discount +
                  R"(","amount":1.25E1,"type":"percentage","maxDuration":null,)"
                  R"("provider":"stripe"}})");
    env.advance_ms(1);
    ASSERT_EQ(send("DELETE", "/discount-codes/" + code).status, 200);
    EXPECT_EQ(data("discount_code.deleted"), told);
}

TEST_P(ProgramEventDataTest, WhoApplied) {
    const auto sent = send("POST", "/partners/applications",
                           R"({"email":"eve@mail.example","name":"Eve","applicationFormData":)"
                           R"([{"label":"Why?","value":"Because"}]})");
    ASSERT_EQ(sent.status, 201) << sent.body;
    EXPECT_EQ(data("partner.application_submitted"), json_of(sent));
}

TEST_P(ProgramEventDataTest, APayoutThatWasConfirmed) {
    const auto reward = make("/rewards", R"({"event":"sale","amountInPercentage":10})");
    patch_group(R"({"saleRewardId":")" + reward + "\"}");
    const auto ann = make_partner("ann", R"(,"tenantId":"t-ann")");
    sell(ann, 10'000);
    const auto made = json_of(send("POST", "/payouts"));
    const auto id = text(made.at("payouts").at(0), "id");
    ASSERT_EQ(post("/payouts/" + id + "/confirm", {}).status, 200);
    const auto told = data("payout.confirmed");
    EXPECT_EQ(text(told, "id"), id);
    EXPECT_EQ(told.at("amount"), 1'000);
    EXPECT_FALSE(told.as_object().contains("failureReason"));
    EXPECT_EQ(boost::json::serialize(told.at("partner")),
              R"({"id":")" + ann +
                  R"(","name":"ann@mail.example","email":"ann@mail.example",)"
                  R"("image":null,"country":null,"tenantId":"t-ann","status":"approved"})");
}

TEST_P(ProgramEventDataTest, BountiesAndCampaigns) {
    const auto bounty = make("/bounties", R"({"name":"Video","type":"submission"})");
    const auto before = data("bounty.created");
    EXPECT_EQ(text(before, "id"), bounty);
    env.advance_ms(1);
    const auto changed = send("PATCH", "/bounties/" + bounty, R"({"name":"Film"})");
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(text(data("bounty.updated"), "name"), "Film");
    EXPECT_EQ(keys_of(data("bounty.updated")), keys_of(before));

    const auto workflow =
        make("/workflows", R"({"name":"Welcome","trigger":"partnerEnrolled","conditions":)"
                           R"([{"attribute":"totalLeads","operator":"gte","value":0}],)"
                           R"("action":{"type":"sendCampaign","campaignId":"cmp_1"}})");
    const auto ann = make_partner("ann");
    const auto told = data("campaign.triggered");
    EXPECT_EQ(text(told, "campaignId"), "cmp_1");
    EXPECT_EQ(text(told, "workflowId"), workflow);
    EXPECT_EQ(text(told, "trigger"), "partnerEnrolled");
    EXPECT_EQ(text(told.at("partner"), "id"), ann);
}

HW_ON_BOTH_ENGINES(ProgramEventDataTest);

}  // namespace
}  // namespace hw
