// SPDX-License-Identifier: Apache-2.0
#include "core/track_sale.hpp"

#include "core/explain_conversion.hpp"
#include "core/track_lead.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class TrackSaleTest : public EngineTest {
  protected:
    TrackSale sale_of(const std::string& external_id, std::int64_t amount = 1999) {
        TrackSale sale;
        sale.customer.external_id = external_id;
        sale.amount = amount;
        return sale;
    }
    TrackedSale tell(const TrackSale& sale) {
        auto result = write([&](Tx& tx) { return track_sale(tx, sale); });
        EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
        return result ? *result : TrackedSale{};
    }
    void lead(const std::string& external_id, const std::string& click_id,
              const std::string& event = "Sign up") {
        TrackLead input;
        input.click_id = click_id;
        input.event_name = event;
        input.customer.external_id = external_id;
        const auto result = write([&](Tx& tx) { return track_lead(tx, input); });
        ASSERT_TRUE(result.has_value()) << result.error().message;
    }
    LinkCounts totals(const Link& link) {
        return *read([&](Tx& tx) -> Result<LinkCounts> {
            return link_totals(tx, workspace_id, link.link_id);
        });
    }
};

TEST_P(TrackSaleTest, KnownCustomerFollowsTheLead) {
    const auto link = make_link("a1");
    const auto click = make_click(link);
    lead("user-1", click);
    const auto tracked = tell(sale_of("user-1"));
    ASSERT_TRUE(tracked.sale && tracked.customer);
    EXPECT_EQ(tracked.customer->external_id, "user-1");

    const auto counts = totals(link);
    EXPECT_EQ(counts.clicks, 1);
    EXPECT_EQ(counts.leads, 1);
    EXPECT_EQ(counts.conversions, 1);
    EXPECT_EQ(counts.sales, 1);
    EXPECT_EQ(counts.sale_amount, 1999);

    const auto explained =
        read([&](Tx& tx) { return explain_conversion(tx, *tracked.conversion_id); });
    ASSERT_TRUE(explained.has_value());
    EXPECT_EQ(explained->decisions.back().rung, "lead");
    EXPECT_EQ(explained->touch->touch_id, click);
}

TEST_P(TrackSaleTest, UnknownCustomerWithClickBringsCustomerAndLead) {
    const auto link = make_link("a2");
    auto sale = sale_of("user-2");
    sale.click_id = make_click(link);
    const auto tracked = tell(sale);
    ASSERT_TRUE(tracked.sale && tracked.customer);
    EXPECT_EQ(totals(link).leads, 1);
    EXPECT_EQ(totals(link).sales, 1);
}

TEST_P(TrackSaleTest, NeitherCustomerNorClickIsAnOrphan) {
    const auto tracked = tell(sale_of("nobody"));
    EXPECT_FALSE(tracked.sale);
    EXPECT_FALSE(tracked.refusal);
    EXPECT_EQ(tracked.reason, "no_customer_and_no_click");
    ASSERT_TRUE(tracked.conversion_id);
}

TEST_P(TrackSaleTest, RefusedSaleIsCompletedByItsRetry) {
    const auto link = make_link("a3");
    lead("user-3", make_click(link));
    auto sale = sale_of("user-3");
    sale.lead_event_name = "Demo";
    const auto refused = tell(sale);
    ASSERT_TRUE(refused.refusal);
    EXPECT_EQ(refused.refusal->message,
              "Lead event not found for externalId: user-3 and leadEventName: Demo");
    EXPECT_EQ(totals(link).sales, 0);
    lead("user-3", make_click(link, 2), "Demo");
    const auto told_again = tell(sale);
    EXPECT_EQ(told_again.conversion_id, refused.conversion_id);
    EXPECT_EQ(totals(link).sales, 1);
}

HW_ON_BOTH_ENGINES(TrackSaleTest);

}  // namespace
}  // namespace hw
