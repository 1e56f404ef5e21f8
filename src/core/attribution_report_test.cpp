// SPDX-License-Identifier: Apache-2.0
#include "core/attribution_report.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "core/import_spend.hpp"
#include "tests/fixture/attribution_files.hpp"
#include "tests/fixture/sale_test.hpp"

namespace hw {
namespace {

class AttributionReportTest : public SaleTest {
  protected:
    AskAttributionReport ask(AttributionModel model, CreditBy by = CreditBy::Source) {
        AskAttributionReport asked;
        asked.settings.model = model;
        asked.settings.by = by;
        asked.from_day = date_text(env.now_ms() - kDayMs);
        asked.to_day = date_text(env.now_ms());
        return asked;
    }
    Result<AttributionReport> try_report(const AskAttributionReport& asked) {
        return read([&](Tx& tx) { return attribution_report(tx, asked); });
    }
    AttributionReport report(const AskAttributionReport& asked) {
        auto made = try_report(asked);
        EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().message);
        return made ? *made : AttributionReport{};
    }
    std::string make_workspace() {
        const auto id = new_id("ws_", env.now_ms(), env);
        const auto made = db->write_now<bool>(id, [&](Tx& tx) -> Result<bool> {
            Workspace workspace;
            workspace.workspace_id = workspace.slug = workspace.name = id;
            return insert_workspace(tx, workspace);
        });
        HW_ASSERT(made && *made);
        return id;
    }
    // "key conversions revenue spend" of each row.
    static std::vector<std::string> rows_of(const AttributionReport& made) {
        std::vector<std::string> rows;
        for (const auto& [key, sums] : made.rows) {
            rows.push_back(fmt::format("{} {} {} {}", key, sums.conversion_micros, sums.revenue,
                                       sums.spend ? std::to_string(*sums.spend) : "-"));
        }
        return rows;
    }
    void spend(const std::string& source, const std::string& campaign, const std::string& amount,
               const std::string& currency = "usd") {
        const auto rows = read_spend_file(
            fmt::format("date,source,campaign,amount,currency\n{},{},{},{},{}\n",
                        date_text(env.now_ms()), source, campaign, amount, currency));
        const auto done = write([&](Tx& tx) { return import_spend(tx, *rows, "key_1"); });
        ASSERT_TRUE(done && done->created == 1);
    }
    // Ann came by the newsletter and then by the blog, and bought twice; Bob by the blog; somebody
    // unknown bought as well, and Cleo never did.
    void shop() {
        lead("ann", make_click(news, 1));
        env.advance_ms(kHourMs);
        lead("ann", make_click(blog, 1), "Trial");
        sold(sale_of("ann", 1001));
        sold(sale_of("ann", 2000));
        lead("bob", make_click(blog, 2));
        sold(sale_of("bob", 500));
        tell(sale_of("nobody", 99));
        make_click(news, 3);
        env.advance_ms(1);
    }
    Link news = make_link("news", "https://a.example/?utm_source=news&utm_campaign=spring");
    Link blog = make_link("blog", "https://a.example/?utm_source=blog");
};
HW_ON_BOTH_ENGINES(AttributionReportTest);

TEST_P(AttributionReportTest, CreditsEachSourceByItsModel) {
    shop();
    using enum AttributionModel;
    const struct {
        AttributionModel model;
        std::vector<std::string> expected;
    } rows[] = {
        {First, {"news 2000000 3001 0", "blog 1000000 500 0"}},
        {Last, {"blog 3000000 3501 0"}},
        {Linear, {"blog 2000000 2001 0", "news 1000000 1500 0"}},
        {PositionBased, {"blog 2000000 2001 0", "news 1000000 1500 0"}},
        {Shapley, {"blog 2000000 2001 0", "news 1000000 1500 0"}},
    };
    for (const auto& row : rows) {
        const auto made = report(ask(row.model));
        EXPECT_EQ(rows_of(made), row.expected) << name_of(row.model);
        EXPECT_EQ(made.totals.revenue, 3600);
        EXPECT_EQ(made.unattributed.revenue, 99);
        EXPECT_EQ(made.unattributed.conversion_micros, kConversionMicros);
        EXPECT_EQ(made.journeys_converting, 3);
        EXPECT_EQ(made.journeys_other, 0) << "not asked for";
        EXPECT_EQ(made.currency, "usd");
    }
}

TEST_P(AttributionReportTest, EveryModelCreditsEverySaleExactlyOnce) {
    shop();
    for (const auto model : attribution_models()) {
        for (const auto by : {CreditBy::Channel, CreditBy::Source, CreditBy::Campaign,
                              CreditBy::Link, CreditBy::Partner}) {
            const auto made = report(ask(model, by));
            std::int64_t revenue = 0;
            std::int64_t micros = 0;
            for (const auto& row : made.rows) {
                revenue += row.sums.revenue;
                micros += row.sums.conversion_micros;
            }
            EXPECT_EQ(revenue, 3501) << name_of(model) << name_of(by);
            EXPECT_EQ(micros, 3 * kConversionMicros) << name_of(model) << name_of(by);
        }
    }
}

TEST_P(AttributionReportTest, LearnsFromJourneysWithoutConversion) {
    shop();
    const auto all = report(ask(AttributionModel::Markov));
    EXPECT_EQ(all.journeys_other, 1);
    // Nobody buys without the blog, and two of three come to it from elsewhere.
    EXPECT_EQ(rows_of(all),
              (std::vector<std::string>{"blog 1800000 2101 0", "news 1200000 1400 0"}));
    const auto converting = report(ask(AttributionModel::MarkovConverting));
    EXPECT_EQ(converting.journeys_other, 0);
    EXPECT_EQ(rows_of(converting), rows_of(all)) << "what is lost is lost either way";
}

TEST_P(AttributionReportTest, SetsSpendBesideRevenue) {
    import_rates();
    shop();
    spend("News", "spring", "5");
    spend("news", "", "2.50");
    spend("tv", "spring", "10");
    EXPECT_EQ(
        rows_of(report(ask(AttributionModel::First))),
        (std::vector<std::string>{"news 2000000 3001 750", "blog 1000000 500 0", "tv 0 0 1000"}));
    EXPECT_EQ(rows_of(report(ask(AttributionModel::First, CreditBy::Campaign))),
              (std::vector<std::string>{"spring 2000000 3001 1500", " 1000000 500 250"}));
    EXPECT_EQ(report(ask(AttributionModel::First)).totals.spend, 1750);
    EXPECT_EQ(report(ask(AttributionModel::First, CreditBy::Link)).totals.spend, std::nullopt);
    spend("euro", "", "100", "eur");
    const auto made = report(ask(AttributionModel::First));
    EXPECT_GT(made.totals.spend.value_or(0), 1750 + 10'000) << "an euro is more than a dollar";
    EXPECT_EQ(made.spend_fx_missing, 0);
}

TEST_P(AttributionReportTest, SpendWithoutARateIsToldAndNotGuessed) {
    spend("news", "", "5", "aed");
    const auto made = report(ask(AttributionModel::First));
    EXPECT_EQ(made.spend_fx_missing, 1);
    EXPECT_EQ(rows_of(made), (std::vector<std::string>{"news 0 0 0"}));
}

TEST_P(AttributionReportTest, HasNothingOfOthers) {
    shop();
    spend("news", "", "5");
    const auto ours = workspace_id;
    workspace_id = make_workspace();
    const auto theirs = report(ask(AttributionModel::Markov));
    EXPECT_EQ(theirs.rows_total, 0);
    EXPECT_EQ(theirs.totals.revenue, 0);
    EXPECT_EQ(theirs.totals.spend, 0);
    EXPECT_EQ(theirs.journeys_other, 0);
    workspace_id = ours;
}

TEST_P(AttributionReportTest, PagesAreOfOneOrder) {
    shop();
    auto asked = ask(AttributionModel::Linear);
    const auto all = rows_of(report(asked));
    asked.page_size = 1;
    for (std::size_t i = 0; i < all.size() + 1; ++i) {
        asked.page = static_cast<std::int64_t>(i + 1);
        const auto page = report(asked);
        EXPECT_EQ(page.rows_total, static_cast<std::int64_t>(all.size()));
        EXPECT_EQ(rows_of(page),
                  i < all.size() ? std::vector<std::string>{all[i]} : std::vector<std::string>{});
    }
}

TEST_P(AttributionReportTest, RefusesDaysThatAreNone) {
    const struct {
        std::string from;
        std::string to;
        std::string expected;
    } rows[] = {
        {"yesterday", "2026-09-01",
         "invalid_format: from: 'yesterday' is no day. Give one such as 2026-01-02."},
        {"2026-09-01", "2026-13-01",
         "invalid_format: to: '2026-13-01' is no day. Give one such as 2026-01-02."},
        {"2026-09-02", "2026-09-01",
         "invalid_value: to: 2026-09-01 lies before `from`, which is 2026-09-02."},
        {"2025-07-28", "2026-09-01",
         "too_big: to: From 2025-07-28 to 2026-09-01 are more than 400 days. Ask for fewer."},
        {"2025-07-29", "2026-09-01", ""},
        {"2026-09-01", "2026-09-01", ""},
    };
    for (const auto& row : rows) {
        auto asked = ask(AttributionModel::Last);
        asked.from_day = row.from;
        asked.to_day = row.to;
        const auto made = try_report(asked);
        EXPECT_EQ(made ? "" : made.error().message, row.expected);
    }
}

TEST(AttributionReportKeys, AMarkovChainTakesSoMany) {
    PathCounts counts;
    for (std::size_t i = 0; i < limits::kMarkovKeysMax; ++i) {
        counts[{std::to_string(i)}].converting = 1;
    }
    EXPECT_TRUE(check_keys(AttributionModel::Markov, counts).has_value());
    counts[{"more"}].converting = 1;
    const auto refused = check_keys(AttributionModel::Markov, counts);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().message,
              "too_big: by: The journeys come past 501 different ones, and a Markov model takes at "
              "most 500. Ask for fewer days, or by=source.");
    EXPECT_TRUE(check_keys(AttributionModel::Linear, counts).has_value());
}

}  // namespace
}  // namespace hw
