// SPDX-License-Identifier: Apache-2.0
#include "api/export_events.hpp"

#include <algorithm>

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ExportEventsApiTest : public TrackApiTest {
  protected:
    ExportEventsApiTest() {
        env.advance_ms(1'000);
        click = make_click(link);
        lead({{"clickId", click}, {"eventName", "Sign up"}, {"customerExternalId", "ann"}});
        env.advance_ms(1'000);
        sale({{"customerExternalId", "ann"},
              {"amount", 1'999},
              {"invoiceId", "-1"},
              {"metadata", {{"price", boost::json::parse("19.99")}}}});
        env.advance_ms(1'000);
    }
    std::string exported(const std::string& query) {
        const auto answer = send("GET", "/events/export" + query);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.body;
    }

    Link link = make_link("spring");
    std::string click;
};

TEST_P(ExportEventsApiTest, TellsWhatTheListingTells) {
    for (const std::string event : {"clicks", "leads", "sales"}) {
        const auto listed = json_of(send("GET", "/events?event=" + event)).as_array();
        ASSERT_EQ(listed.size(), 1U) << event;
        const auto line = exported("?format=ndjson&event=" + event);
        EXPECT_EQ(boost::json::parse(line), listed.at(0));
        const auto answer = send("GET", "/events/export?event=" + event);
        EXPECT_EQ(header_of(answer, "Content-Disposition"),
                  "attachment; filename=\"" + event + "-2026-09-21.csv\"");
        EXPECT_EQ(std::ranges::count(answer.body, '\n'), 2);
        EXPECT_NE(answer.body.find("," + click + "," + link.link_id + ","), std::string::npos);
    }
    EXPECT_NE(exported("?event=sales&format=ndjson").find(R"("metadata":{"price":19.99})"),
              std::string::npos);
    EXPECT_NE(exported("?event=sales").find(",1999,usd,'-1,"), std::string::npos);
}

TEST_P(ExportEventsApiTest, ManyPagesAndFilters) {
    const auto many = 2 * limits::kExportRowsAtOnce;
    make_clicks(link, many);
    env.advance_ms(1'000);
    const struct {
        std::string query;
        std::int64_t expected;
    } rows[] = {
        {"", many + 1},
        {"?device=Mobile", many / 2},
        {"?linkId=" + link.link_id, many + 1},
        {"?linkId=none", 0},
        {"?customerId=cus_1", 0},
        {"?start=2026-09-22T00:00:00Z&end=2026-09-23T00:00:00Z", 0},
        {"?interval=all", many + 1},
        {"?event=leads", 1},
        {"?event=leads&device=Mobile", 0},
    };
    for (const auto& row : rows) {
        const auto body = exported(row.query);
        EXPECT_EQ(std::ranges::count(body, '\n'), row.expected + 1) << row.query;
    }
}

TEST_P(ExportEventsApiTest, RefusesAsTheListingDoes) {
    for (const std::string query :
         {"?event=composite", "?interval=2w", "?start=yesterday", "?saleType=old"}) {
        const auto refused = outcome(send("GET", "/events/export" + query));
        EXPECT_EQ(refused, outcome(send("GET", "/events" + query)));
        EXPECT_TRUE(refused.starts_with("422 ")) << refused;
    }
}

HW_ON_BOTH_ENGINES(ExportEventsApiTest);

}  // namespace
}  // namespace hw
