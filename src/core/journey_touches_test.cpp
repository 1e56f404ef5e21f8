// SPDX-License-Identifier: Apache-2.0
#include "core/journey_touches.hpp"

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "core/read_journeys.hpp"
#include "store/partners.hpp"
#include "tests/fixture/sale_test.hpp"

namespace hw {
namespace {

class JourneyTouchesTest : public SaleTest {
  protected:
    Journey journey_of(const std::string& conversion_id) {
        return *read([&](Tx& tx) -> Result<Journey> {
            return find_journey(tx, conversion_id).value_or(Journey{});
        });
    }
};
HW_ON_BOTH_ENGINES(JourneyTouchesTest);

TEST_P(JourneyTouchesTest, AreTheClicksBehindAllThatTheCustomerDid) {
    const auto spring = make_link("spring", "https://shop.example/?utm_source=News");
    const auto autumn = make_link("autumn");
    const auto winter = make_link("winter");
    const auto first = make_click(spring);
    env.advance_ms(kHourMs);
    lead("ann", first);
    const auto second = make_click(autumn);
    env.advance_ms(kHourMs);
    lead("ann", second, "Trial");
    const auto sale = sold(sale_of("ann", 700));
    env.advance_ms(kHourMs);
    const auto late = make_click(winter);
    env.advance_ms(1);
    lead("ann", late, "Upgrade");
    const auto journey = journey_of(sale);
    ASSERT_EQ(journey.touches.size(), 2U) << "none after the sale";
    EXPECT_EQ(journey.touches[0].touch_id, first);
    EXPECT_EQ(journey.touches[1].touch_id, second);
    EXPECT_EQ(journey.value_minor, 700);
    const auto other = make_click(spring, 2);
    EXPECT_EQ(journey_of(sold(direct_sale("bob", other))).touches.size(), 1U);
}

TEST_P(JourneyTouchesTest, SayWhereTheVisitorCameFrom) {
    const struct {
        std::string url;
        bool of_partner;
        std::string trigger;
        std::string referer;
        std::string expected;  // channel source campaign
    } rows[] = {
        {"https://a.example/", false, "link", "(direct)", "direct direct "},
        {"https://a.example/", false, "qr", "(direct)", "qr direct "},
        {"https://a.example/", false, "link", "Blog.example", "referral blog.example "},
        {"https://a.example/", true, "link", "(direct)", "affiliate direct "},
        {"https://a.example/?utm_source=Google", false, "link", "(direct)", "campaign google "},
        {"https://a.example/?utm_source=Google&utm_medium=CPC&utm_campaign=Spring%20Sale", false,
         "link", "blog.example", "cpc google spring sale"},
    };
    int number = 0;
    for (const auto& row : rows) {
        auto link = make_link("from" + std::to_string(++number), row.url);
        if (row.of_partner) {
            link = change(link, [](Link& changed) { changed.partner_id = "pn_1"; });
        }
        Touch click;
        click.link_id = link.link_id;
        click.url = row.url;
        click.trigger = row.trigger;
        click.referer = row.referer;
        const auto touches = *read([&](Tx& tx) -> Result<std::vector<JourneyTouch>> {
            return touches_of_clicks(tx, std::span(&click, 1));
        });
        ASSERT_EQ(touches.size(), 1U);
        EXPECT_EQ(touches[0].channel + " " + touches[0].source + " " + touches[0].campaign,
                  row.expected);
        EXPECT_EQ(touches[0].partner_id, row.of_partner ? "pn_1" : "");
    }
}

TEST_P(JourneyTouchesTest, TheNewestOfTooManyStay) {
    const auto link = make_link("many");
    std::string last;
    for (std::size_t i = 0; i <= limits::kJourneyTouchesMax; ++i) {
        last = make_click(link, static_cast<std::int64_t>(i + 1));
        lead("ann", last, "Event " + std::to_string(i));
    }
    const auto touches = journey_of(sold(sale_of("ann"))).touches;
    EXPECT_EQ(touches.size(), limits::kJourneyTouchesMax);
    EXPECT_EQ(touches.back().touch_id, last);
}

}  // namespace
}  // namespace hw
