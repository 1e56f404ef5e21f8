// SPDX-License-Identifier: Apache-2.0
#include "core/conversion_journey.hpp"

#include "base/civil_time.hpp"
#include "tests/fixture/sale_test.hpp"

namespace hw {
namespace {

class ConversionJourneyTest : public SaleTest {
  protected:
    Result<ConversionJourney> journey(const std::string& id) {
        ModelSettings settings;
        settings.by = CreditBy::Link;
        return read([&](Tx& tx) { return conversion_journey(tx, id, settings); });
    }
};
HW_ON_BOTH_ENGINES(ConversionJourneyTest);

TEST_P(ConversionJourneyTest, ShowsTheWayAndWhatEachModelMakesOfIt) {
    const auto one = make_link("one");
    const auto two = make_link("two");
    lead("ann", make_click(one, 1));
    env.advance_ms(kHourMs);
    lead("ann", make_click(two, 1), "Trial");
    make_click(one, 2);
    auto told = sale_of("ann", 1001);
    told.invoice_id = "in_1";
    const auto sale = sold(told);
    env.advance_ms(kHourMs);
    lead("ann", make_click(one, 1), "Upgrade");
    const auto found = journey("in_1");
    ASSERT_TRUE(found.has_value()) << found.error().message;
    EXPECT_EQ(found->conversion.conversion_id, sale);
    EXPECT_EQ(path_of(found->journey, CreditBy::Link), (Path{one.link_id, two.link_id}));
    ASSERT_EQ(found->leads.size(), 2U);
    EXPECT_EQ(found->leads[1].event_name, "Trial");
    EXPECT_EQ(found->learned_converting, 1);
    EXPECT_EQ(found->learned_other, 1);
    ASSERT_EQ(found->models.size(), attribution_models().size());
    for (const auto& [model, credits] : found->models) {
        std::int64_t amount = 0;
        for (const auto& credit : credits) amount += credit.amount_minor;
        EXPECT_EQ(amount, 1001) << name_of(model);
        if (model == AttributionModel::First) {
            ASSERT_EQ(credits.size(), 1U);
            EXPECT_EQ(credits[0].key, one.link_id);
        }
    }
}

TEST_P(ConversionJourneyTest, WithoutTouchesNobodyIsCredited) {
    const auto told = tell(sale_of("nobody"));
    ASSERT_TRUE(told.conversion_id.has_value());
    const auto found = journey(*told.conversion_id);
    ASSERT_TRUE(found.has_value());
    EXPECT_TRUE(found->journey.touches.empty());
    for (const auto& [model, credits] : found->models) EXPECT_TRUE(credits.empty());
    const auto none = journey("sale_none");
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace hw
