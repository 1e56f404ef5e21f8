// SPDX-License-Identifier: Apache-2.0
#include "api/attribution_report.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class AttributionReportApiTest : public TrackApiTest {
  protected:
    std::string get(const std::string& query) {
        return outcome(send("GET", "/attribution/report" + query));
    }
    Response import(const std::string& csv) {
        return send("POST", "/spend/import", "date,source,campaign,amount,currency\n" + csv,
                    {{"Content-Type", "text/csv"}});
    }
    Link news = make_link("news", "https://a.example/?utm_source=news&utm_campaign=spring");
    Link plain = make_link("plain");
};
HW_ON_BOTH_ENGINES(AttributionReportApiTest);

TEST_P(AttributionReportApiTest, TellsRevenueSpendAndReturn) {
    const auto click = make_click(news);
    lead({{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "ann"}});
    env.advance_ms(1);
    const auto other = make_click(plain);
    lead({{"clickId", other}, {"eventName", "Trial"}, {"customerExternalId", "ann"}});
    env.advance_ms(1);
    sale({{"customerExternalId", "ann"}, {"amount", 1001}});
    EXPECT_EQ(import("2026-09-21,News,spring,3.34,usd\n").status, 200);
    EXPECT_EQ(get("?model=linear"),
              R"(200 {"model":"linear","by":"source","from":"2026-08-23","to":"2026-09-21",)"
              R"("halfLifeDays":7,"currency":"usd","rows":[)"
              R"({"key":"direct","conversions":0.5,"revenue":501,"spend":0,"roi":null},)"
              R"({"key":"news","conversions":0.5,"revenue":500,"spend":334,"roi":0.497006}],)"
              R"("rowsTotal":2,"page":1,"pageSize":100,)"
              R"("totals":{"conversions":1,"revenue":1001,"spend":334,"roi":1.997006},)"
              R"("unattributed":{"conversions":0,"revenue":0},)"
              R"("journeys":{"converting":1,"other":0},"fxMissing":0,"spendFxMissing":0})");
    EXPECT_EQ(get("?by=partner&from=2026-09-21&to=2026-09-21&pageSize=1&page=1"),
              R"(200 {"model":"last","by":"partner","from":"2026-09-21","to":"2026-09-21",)"
              R"("halfLifeDays":7,"currency":"usd","rows":[)"
              R"({"key":null,"conversions":1,"revenue":1001,"spend":null,"roi":null}],)"
              R"("rowsTotal":1,"page":1,"pageSize":1,)"
              R"("totals":{"conversions":1,"revenue":1001,"spend":null,"roi":null},)"
              R"("unattributed":{"conversions":0,"revenue":0},)"
              R"("journeys":{"converting":1,"other":0},"fxMissing":0,"spendFxMissing":0})");
    for (const auto* model : {"first", "last", "last_non_direct", "time_decay", "position_based",
                              "markov", "markov_converting", "shapley", "counterfactual"}) {
        const auto body = json_of(send("GET", std::string("/attribution/report?model=") + model));
        EXPECT_EQ(body.at("totals").at("revenue").as_int64(), 1001) << model;
    }
}

TEST_P(AttributionReportApiTest, RefusesWhatItCannotTell) {
    const struct {
        std::string query;
        std::string expected;  // how it begins
    } rows[] = {
        {"?model=best", "422 invalid_value: model: Invalid option: expected one of \"first\""},
        {"?by=weather", "422 invalid_value: by: Invalid option: expected one of \"channel\""},
        {"?from=monday", "422 invalid_format: from: 'monday' is no day."},
        {"?from=2026-09-02&to=2026-09-01", "422 invalid_value: to: 2026-09-01 lies before"},
        {"?from=2024-09-01&to=2026-09-01", "422 too_big: to: From 2024-09-01 to 2026-09-01"},
        {"?halfLifeDays=0", "422 "},
        {"?halfLifeDays=366", "422 "},
        {"?halfLifeDays=365", "200 "},
        {"?pageSize=101", "422 "},
    };
    for (const auto& row : rows) {
        const auto seen = get(row.query);
        EXPECT_TRUE(seen.starts_with(row.expected)) << row.query << ": " << seen;
    }
}

}  // namespace
}  // namespace hw
