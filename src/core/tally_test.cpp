// SPDX-License-Identifier: Apache-2.0
#include "core/tally.hpp"

#include "base/limits.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class TallyTest : public EngineTest {
  protected:
    TallyTest() { db = open({.url = url}); }
};

TEST_P(TallyTest, DropsTheUnknownAndPutsTheGreatestFirst) {
    const auto done = read([&](Tx& tx) -> Result<bool> {
        const EventFilter filter;
        const LinkBook links(tx);
        Tally tally({.counting = Counting::Clicks, .group = {Field::Country}, .filter = &filter},
                    links);
        Touch touch;
        for (const auto* country : {"DE", "US", "Unknown", "", "US", "FR"}) {
            touch.country = country;
            tally.add({"", &touch, 0, {.clicks = 1, .leads = 5}});
        }
        tally.add({"", nullptr, 0, {.clicks = 1}});
        const auto groups = tally.groups();
        EXPECT_EQ(groups.size(), 3U);
        EXPECT_EQ(groups[0].values.front(), "US");
        EXPECT_EQ(groups[0].counts, (RollupCounts{.clicks = 2}));
        EXPECT_EQ(groups[1].values.front(), "DE");
        return true;
    });
    EXPECT_TRUE(done);
}

TEST_P(TallyTest, KeepsSoManyGroups) {
    const auto done = read([&](Tx& tx) -> Result<bool> {
        const EventFilter filter;
        const LinkBook links(tx);
        Tally tally({.counting = Counting::Leads, .group = {Field::City}, .filter = &filter},
                    links);
        Touch touch;
        for (std::size_t i = 0; i < limits::kGroupsMax + 1; ++i) {
            touch.city = std::to_string(i);
            tally.add({"", &touch, 0, {.leads = static_cast<std::int64_t>(i + 1)}});
        }
        const auto groups = tally.groups();
        EXPECT_EQ(groups.size(), limits::kGroupsMax);
        EXPECT_EQ(groups.front().values.front(), std::to_string(limits::kGroupsMax));
        return true;
    });
    EXPECT_TRUE(done);
}

TEST_P(TallyTest, PutsTimesIntoTheirBucket) {
    const auto done = read([&](Tx& tx) -> Result<bool> {
        const EventFilter filter;
        const LinkBook links(tx);
        Tally tally({.counting = Counting::Composite, .starts = {10, 20}, .filter = &filter},
                    links);
        for (const std::int64_t at_ms : {9, 10, 19, 20, 99}) {
            tally.add({"", nullptr, at_ms, {.clicks = 1}});
        }
        EXPECT_EQ(tally.buckets()[0].clicks, 2);
        EXPECT_EQ(tally.buckets()[1].clicks, 2);
        return true;
    });
    EXPECT_TRUE(done);
}

HW_ON_BOTH_ENGINES(TallyTest);

}  // namespace
}  // namespace hw
