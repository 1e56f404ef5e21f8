// SPDX-License-Identifier: Apache-2.0
#include "core/read_journeys.hpp"

#include "base/civil_time.hpp"
#include "tests/fixture/sale_test.hpp"

namespace hw {
namespace {

class ReadJourneysTest : public SaleTest {
  protected:
    Result<Journeys> try_journeys(JourneyRange range) {
        return read([&](Tx& tx) { return read_journeys(tx, range); });
    }
    Journeys journeys(std::int64_t from_ms, std::int64_t to_ms) {
        auto found =
            try_journeys({.from_ms = from_ms, .to_ms = to_ms, .others = OtherJourneys::Read});
        EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().message);
        return found ? *found : Journeys{};
    }
    Link spring = make_link("spring", "https://shop.example/?utm_source=News&utm_campaign=Spring");
    Link autumn = make_link("autumn");
};
HW_ON_BOTH_ENGINES(ReadJourneysTest);

TEST_P(ReadJourneysTest, TellsThoseOfSalesFromTheOthers) {
    const auto begin_ms = env.now_ms();
    const auto first = make_click(spring, 1);
    env.advance_ms(kHourMs);
    const auto second = make_click(autumn, 1);
    lead("ann", second);
    make_click(spring, 2);
    env.advance_ms(2 * kHourMs);
    make_click(autumn, 2);
    make_click(autumn, 3, true);  // of a bot
    env.advance_ms(kMinuteMs);
    const auto sale = sold(sale_of("ann", 1000));
    env.advance_ms(kMinuteMs);
    tell(sale_of("nobody", 500));
    const auto found = journeys(begin_ms, env.now_ms() + 1);
    ASSERT_EQ(found.converting.size(), 2U);
    EXPECT_EQ(found.converting[0].conversion_id, sale);
    EXPECT_EQ(found.converting[0].value_minor, 1000);
    ASSERT_EQ(found.converting[0].touches.size(), 1U);
    EXPECT_EQ(found.converting[0].touches[0].touch_id, second);
    EXPECT_TRUE(found.converting[1].touches.empty());
    ASSERT_EQ(found.other.size(), 1U) << "the first click is of the buyer's browser";
    EXPECT_EQ(path_of(found.other[0], CreditBy::Link), (Path{spring.link_id, autumn.link_id}));
    const auto before = journeys(begin_ms - kDayMs, begin_ms);
    EXPECT_TRUE(before.converting.empty() && before.other.empty());
}

TEST_P(ReadJourneysTest, ManyPagesAreOneReport) {
    make_clicks(spring, limits::kScanRowsAtOnce + 10);
    const auto found = journeys(env.now_ms() - kDayMs, env.now_ms() + 1);
    std::size_t touches = 0;
    for (const auto& journey : found.other) touches += journey.touches.size();
    EXPECT_EQ(touches, static_cast<std::size_t>(limits::kScanRowsAtOnce + 10));
}

TEST_P(ReadJourneysTest, RefusesMoreThanItMayRead) {
    make_clicks(spring, 5);
    JourneyRange range{.from_ms = env.now_ms() - kDayMs,
                       .to_ms = env.now_ms() + 1,
                       .others = OtherJourneys::Read,
                       .facts_max = 5};
    EXPECT_TRUE(try_journeys(range).has_value());
    range.facts_max = 4;
    const auto many = try_journeys(range);
    ASSERT_FALSE(many.has_value());
    EXPECT_EQ(many.error().reason, "report_too_big");
    range.facts_max = 5;
    range.budget_ms = 0;
    const auto slow = try_journeys(range);
    ASSERT_FALSE(slow.has_value());
    EXPECT_EQ(slow.error().reason, "report_too_slow");
}

}  // namespace
}  // namespace hw
