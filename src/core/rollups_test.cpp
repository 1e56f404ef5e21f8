// SPDX-License-Identifier: Apache-2.0
#include "core/rollups.hpp"

#include "base/civil_time.hpp"
#include "tests/fixture/engine_test.hpp"
#include "tests/fixture/facts.hpp"

namespace hw {
namespace {

const Query kHours{"test_hours_of_all", R"sql(
select hour_ms, sum(clicks), sum(leads), sum(sales), cast(sum(sale_amount) as bigint)
from rollups_hour where workspace_id = $1 and dimension = 'all' group by hour_ms order by hour_ms
)sql"};

class RollupsTest : public EngineTest {
  protected:
    Touch touch_at(std::int64_t at_ms) {
        Touch touch;
        touch.workspace_id = workspace_id;
        touch.link_id = "link_1";
        touch.at_ms = at_ms;
        touch.country = "DE";
        touch.device = "Mobile";
        touch.browser = "Safari";
        touch.os = "iOS";
        touch.referer = "news.example";
        touch.trigger = "qr";
        return touch;
    }
    void count(const std::function<void(Tx&)>& how) {
        const auto done = write([&](Tx& tx) -> Result<bool> {
            how(tx);
            return true;
        });
        HW_ASSERT(done.has_value());
    }
    RollupCounts sum(std::string_view dimension, std::string_view value) {
        return *read(
            [&](Tx& tx) -> Result<RollupCounts> { return sum_rollups(tx, dimension, value); });
    }
    LinkCounts totals() {
        return *read(
            [&](Tx& tx) -> Result<LinkCounts> { return link_totals(tx, workspace_id, "link_1"); });
    }
};

TEST_P(RollupsTest, EachEventCountsOnceInEveryDimension) {
    const auto touch = touch_at(1'000);
    count([&](Tx& tx) { count_click(tx, touch); });
    count([&](Tx& tx) { count_lead(tx, &touch, "link_1", 2'000); });
    count([&](Tx& tx) {
        count_sale(tx, &touch,
                   {.link_id = "link_1", .at_ms = 3'000, .amount = 70, .first_conversion = true});
    });
    count([&](Tx& tx) {
        count_sale(tx, &touch,
                   {.link_id = "link_1", .at_ms = 2'500, .amount = 5, .first_conversion = false});
    });
    struct Row {
        std::string_view dimension;
        std::string_view value;
    };
    const Row rows[] = {{kDimensionAll, ""},
                        {kDimensionLink, "link_1"},
                        {kDimensionCountry, "DE"},
                        {kDimensionDevice, "Mobile"},
                        {kDimensionBrowser, "Safari"},
                        {kDimensionOs, "iOS"},
                        {kDimensionReferer, "news.example"},
                        {kDimensionTrigger, "qr"}};
    for (const auto& row : rows) {
        const auto counts = sum(row.dimension, row.value);
        EXPECT_EQ(counts.clicks, 1) << row.dimension;
        EXPECT_EQ(counts.leads, 1) << row.dimension;
        EXPECT_EQ(counts.sales, 2) << row.dimension;
        EXPECT_EQ(counts.sale_amount, 75) << row.dimension;
    }
    const auto link = totals();
    EXPECT_EQ(link.clicks, 1);
    EXPECT_EQ(link.leads, 1);
    EXPECT_EQ(link.sales, 2);
    EXPECT_EQ(link.sale_amount, 75);
    EXPECT_EQ(link.conversions, 1);
    EXPECT_EQ(link.last_click_at_ms, 1'000);
    EXPECT_EQ(link.last_lead_at_ms, 2'000);
    EXPECT_EQ(link.last_conversion_at_ms, 3'000);  // an older one later does not turn it back
}

TEST_P(RollupsTest, WithoutATouchOnlyLinkAndWorkspaceCount) {
    count([&](Tx& tx) {
        count_lead(tx, nullptr, "link_1", 1'000);
        count_sale(tx, nullptr,
                   {.link_id = "link_1", .at_ms = 1'000, .amount = 9, .first_conversion = false});
    });
    EXPECT_EQ(sum("all", "").leads, 1);
    EXPECT_EQ(sum("link", "link_1").sale_amount, 9);
    for (const auto dimension : {kDimensionCountry, kDimensionDevice, kDimensionBrowser,
                                 kDimensionOs, kDimensionReferer, kDimensionTrigger}) {
        EXPECT_EQ(sum(dimension, "Unknown").leads, 0) << dimension;
        EXPECT_EQ(sum(dimension, "").leads, 0) << dimension;
    }
}

TEST_P(RollupsTest, HoursBeginAtTheFullHourOfUtc) {
    for (const std::int64_t at_ms :
         {std::int64_t{0}, kHourMs - 1, kHourMs, 2 * kHourMs - 1, 25 * kHourMs}) {
        const auto touch = touch_at(at_ms);
        count([&](Tx& tx) { count_click(tx, touch); });
    }
    std::vector<std::pair<std::int64_t, std::int64_t>> hours;
    const auto read_hours = read([&](Tx& tx) -> Result<bool> {
        tx.each(
            kHours, [&](const Row& row) { hours.emplace_back(row.int64(0), row.int64(1)); },
            workspace_id);
        return true;
    });
    ASSERT_TRUE(read_hours.has_value());
    const std::vector<std::pair<std::int64_t, std::int64_t>> expected{
        {0, 2}, {kHourMs, 2}, {25 * kHourMs, 1}};
    EXPECT_EQ(hours, expected);
}

// What a use case counted goes with it when it is refused.
TEST_P(RollupsTest, ARefusedUseCaseCountsNothing) {
    const auto refused = write([&](Tx& tx) -> Result<bool> {
        count_lead(tx, nullptr, "link_1", 1'000);
        return fail(ErrorCode::NotFound, "no");
    });
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(totals().leads, 0);
    EXPECT_EQ(sum("all", "").leads, 0);
}

HW_ON_BOTH_ENGINES(RollupsTest);

}  // namespace
}  // namespace hw
