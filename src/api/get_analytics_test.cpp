// SPDX-License-Identifier: Apache-2.0
#include "api/get_analytics.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class AnalyticsApiTest : public TrackApiTest {
  protected:
    AnalyticsApiTest() {
        const auto click = make_click(link);
        make_click(link, 2);
        make_click(link, 3, true);
        lead({{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "ann"}});
        sale({{"customerExternalId", "ann"},
              {"amount", 4900},
              {"metadata", {{"plan", "pro"}}},
              {"invoiceId", "1"}});
    }

    std::string get(const std::string& target) { return outcome(send("GET", target)); }

    Link link = make_link("spring", "https://shop.example/spring?utm_source=news");
};

TEST_P(AnalyticsApiTest, Counts) {
    struct Row {
        const char* target;
        const char* answer;
    };
    const Row rows[] = {
        {"/analytics", R"(200 {"clicks":2,"leads":0,"sales":0,"saleAmount":0})"},
        {"/api/analytics?event=leads", R"(200 {"clicks":0,"leads":1,"sales":0,"saleAmount":0})"},
        {"/analytics?event=sales&interval=all",
         R"(200 {"clicks":0,"leads":0,"sales":1,"saleAmount":4900})"},
        {"/analytics?event=composite&interval=7d",
         R"(200 {"clicks":2,"leads":1,"sales":1,"saleAmount":4900})"},
        {"/analytics?event=sales&query=metadata['plan']:'free'",
         R"(200 {"clicks":0,"leads":0,"sales":0,"saleAmount":0})"},
        {"/analytics?event=composite&saleType=new",
         R"(200 {"clicks":0,"leads":0,"sales":1,"saleAmount":4900})"},
        {"/analytics?event=composite&country=DE",
         R"(200 {"clicks":0,"leads":0,"sales":0,"saleAmount":0})"},
        {"/analytics?groupBy=devices",
         R"(200 [{"device":"Desktop","clicks":2,"leads":0,"sales":0,"saleAmount":0}])"},
        {"/analytics?groupBy=utm_sources&event=leads",
         R"(200 [{"utm_source":"news","clicks":0,"leads":1,"sales":0,"saleAmount":0}])"},
        {"/analytics?groupBy=countries", "200 []"},
        {"/analytics/clicks", "200 2"},
        {"/analytics/sales/count", "200 1"},
        {"/analytics/composite/count", R"(200 {"clicks":2,"leads":1,"sales":1,"saleAmount":4900})"},
        {"/analytics/leads/triggers",
         R"(200 [{"trigger":"link","clicks":0,"leads":1,"sales":0,"saleAmount":0}])"},
    };
    for (const auto& row : rows) EXPECT_EQ(get(row.target), row.answer) << row.target;
}

TEST_P(AnalyticsApiTest, LinksAreNamedAndSeriesHaveEveryBucket) {
    const auto links = json_of(send("GET", "/analytics?groupBy=top_links")).as_array();
    ASSERT_EQ(links.size(), 1U);
    const auto& row = links[0].as_object();
    EXPECT_EQ(row.at("link").as_string(), link.link_id);
    EXPECT_EQ(row.at("shortLink").as_string(), "https://" + domain + "/spring");
    EXPECT_EQ(row.at("clicks"), 2);
    const auto series = json_of(send("GET", "/analytics?groupBy=timeseries")).as_array();
    ASSERT_EQ(series.size(), 24U);
    EXPECT_EQ(series[22].at("clicks"), 0);
    EXPECT_EQ(series[23].at("clicks"), 2);
    EXPECT_EQ(series[23].at("start"), "2026-09-21T14:00:00.000Z");
}

TEST_P(AnalyticsApiTest, RefusesWithTheKnownTexts) {
    struct Row {
        const char* target;
        const char* answer;
    };
    const Row rows[] = {
        {"/analytics?event=none",
         "422 invalid_value: event: Invalid option: expected one of "
         "\"clicks\"|\"leads\"|\"sales\"|\"composite\""},
        {"/analytics/none",
         "422 invalid_value: event: Invalid option: expected one of "
         "\"clicks\"|\"leads\"|\"sales\"|\"composite\""},
        {"/analytics?interval=2h",
         "422 invalid_value: interval: Invalid option: expected one of "
         "\"24h\"|\"7d\"|\"30d\"|\"90d\"|\"1y\"|\"mtd\"|\"qtd\"|\"ytd\"|\"all\""},
        {"/analytics?timezone=Mars",
         "422 invalid_value: timezone: Invalid time zone: give an IANA name such as "
         "Europe/Berlin"},
        {"/analytics?start=2026-02-02&end=2026-01-01",
         "422 custom: start: The start must be before the end."},
    };
    for (const auto& row : rows) EXPECT_EQ(get(row.target), row.answer) << row.target;
    EXPECT_EQ(send("GET", "/analytics?groupBy=none").status, 422);
    api_key = make_api_key("links.read");
    EXPECT_EQ(send("GET", "/analytics").status, 403);
}

HW_ON_BOTH_ENGINES(AnalyticsApiTest);

}  // namespace
}  // namespace hw
