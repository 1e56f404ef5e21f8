// SPDX-License-Identifier: Apache-2.0
#include "store/delivery_attempts.hpp"
#include "store/outbox.hpp"
#include "store/partners.hpp"
#include "store/programs.hpp"
#include "store/rewards.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class PartnerEventDataTest : public TrackApiTest {
  protected:
    // A programme that pays 20 % of every sale at once, and an endpoint.
    void SetUp() override {
        const auto done = write([&](Tx& tx) -> Result<bool> {
            insert_program(tx, {.workspace_id = workspace_id,
                                .program_id = "prog_1",
                                .name = "Friends",
                                .slug = "friends",
                                .domain = domain,
                                .url = "https://shop.example",
                                .min_payout_amount = 0,
                                .created_at_ms = tx.now_ms()});
            PartnerGroup group;
            group.workspace_id = workspace_id;
            group.group_id = "grp_1";
            group.program_id = "prog_1";
            group.name = group.slug = "default";
            group.holding_period_days = 30;
            group.sale_reward_id = "rw_1";
            insert_group(tx, group);
            Reward reward;
            reward.workspace_id = workspace_id;
            reward.reward_id = "rw_1";
            reward.program_id = "prog_1";
            reward.event = "sale";
            reward.base = {true, 2'000, {}};
            insert_reward(tx, reward);
            Partner partner;
            partner.workspace_id = workspace_id;
            partner.partner_id = "pn_1";
            partner.name = "Ann";
            partner.country = "DE";
            insert_partner(tx, partner);
            Enrollment enrollment;
            enrollment.workspace_id = workspace_id;
            enrollment.program_id = "prog_1";
            enrollment.partner_id = "pn_1";
            enrollment.enrollment_id = "pge_1";
            enrollment.group_id = "grp_1";
            enrollment.status = "approved";
            return insert_enrollment(tx, enrollment);
        });
        ASSERT_TRUE(done.has_value());
        const auto made =
            post("/webhooks", {{"url", "https://hooks.example/"},
                               {"events", {"commission.created", "lead.created", "sale.created"}}});
        webhook_id = std::string(json_of(made).at("id").as_string());
    }
    Json data(std::string_view event) {
        return read([&](Tx& tx) -> Result<Json> {
                   for (const auto& delivery :
                        list_deliveries(tx, {.webhook_id = webhook_id, .limit = 100})) {
                       if (delivery.event != event) continue;
                       const auto stored = find_outbox_event(tx, delivery.event_id);
                       return boost::json::parse(stored->payload.value()).at("data");
                   }
                   return Json(Object{});
               })
            .value();
    }

    std::string webhook_id;
};

TEST_P(PartnerEventDataTest, CountsWhatTheSaleEarned) {
    auto link = make_link("p");
    change(link, [](Link& each) {
        each.program_id = "prog_1";
        each.partner_id = "pn_1";
    });
    const auto click = make_click(link);
    env.advance_ms(1);
    lead({{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "c"}});
    const auto partner_of_lead = data("lead.created").at("partner");
    EXPECT_EQ(partner_of_lead.at("id").as_string(), "pn_1");
    EXPECT_EQ(partner_of_lead.at("groupId").as_string(), "grp_1");
    EXPECT_EQ(partner_of_lead.at("totalClicks"), 1);
    EXPECT_EQ(partner_of_lead.at("totalLeads"), 1) << "this one";
    EXPECT_EQ(partner_of_lead.at("totalCommissions"), 0);
    env.advance_ms(1);
    sale({{"customerExternalId", "c"}, {"amount", 5'000}, {"invoiceId", "in_1"}});
    const auto partner = data("sale.created").at("partner");
    EXPECT_EQ(partner.at("totalSales"), 1);
    EXPECT_EQ(partner.at("totalSaleAmount"), 5'000);
    EXPECT_EQ(partner.at("totalCommissions"), 1'000);
    const auto commission = data("commission.created");
    EXPECT_EQ(commission.at("type").as_string(), "sale");
    EXPECT_EQ(commission.at("amount"), 5'000);
    EXPECT_EQ(commission.at("earnings"), 1'000);
    EXPECT_EQ(commission.at("status").as_string(), "pending");
    EXPECT_EQ(commission.at("invoiceId").as_string(), "in_1");
    EXPECT_EQ(commission.at("partner"), partner);
    EXPECT_EQ(commission.at("customer").at("externalId").as_string(), "c");
    EXPECT_EQ(commission.at("link").at("id").as_string(), link.link_id);
}

TEST_P(PartnerEventDataTest, SaysNothingOfAPartnerThatNobodyKnows) {
    auto link = make_link("p");
    change(link, [](Link& each) {
        each.program_id = "prog_x";
        each.partner_id = "pn_x";
    });
    lead({{"clickId", make_click(link)}, {"eventName", "x"}, {"customerExternalId", "c"}});
    EXPECT_FALSE(data("lead.created").as_object().contains("partner"));
}

HW_ON_BOTH_ENGINES(PartnerEventDataTest);

}  // namespace
}  // namespace hw
