// SPDX-License-Identifier: Apache-2.0
#include "api/list_events.hpp"

#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class EventsApiTest : public TrackApiTest {
  protected:
    EventsApiTest() {
        for (int visitor = 1; visitor <= 3; ++visitor) {
            clicks.push_back(make_click(link, visitor));
            env.advance_ms(1'000);
        }
        make_click(link, 9, true);
        lead({{"clickId", clicks[0]}, {"eventName", "Sign up"}, {"customerExternalId", "ann"}});
        for (const int amount : {100, 200, 300}) {
            env.advance_ms(1'000);
            sale({{"customerExternalId", "ann"}, {"amount", amount}});
        }
    }

    boost::json::array get(const std::string& target) {
        const auto response = send("GET", target);
        EXPECT_EQ(response.status, 200) << response.body;
        return json_of(response).as_array();
    }

    Link link = make_link("spring");
    std::vector<std::string> clicks;
};

TEST_P(EventsApiTest, AreListedByTimeAndPaged) {
    const auto ids = [&](const std::string& target) {
        std::string text;
        for (const auto& event : get(target)) {
            const auto& at = event.as_object();
            text += at.contains("sale") ? std::to_string(at.at("saleAmount").as_int64()) + " "
                                        : std::string(at.at("click_id").as_string()) + " ";
        }
        return text;
    };
    EXPECT_EQ(ids("/events"), clicks[2] + " " + clicks[1] + " " + clicks[0] + " ");
    EXPECT_EQ(ids("/events?sortOrder=asc&limit=1"), clicks[0] + " ");
    EXPECT_EQ(ids("/events?page=2&limit=2"), clicks[0] + " ");
    EXPECT_EQ(ids("/events?event=sales"), "300 200 100 ");
    EXPECT_EQ(ids("/events?event=sales&order=asc&page=2&limit=2"), "300 ");
    EXPECT_EQ(ids("/events?event=sales&saleType=new"), "100 ");
    EXPECT_EQ(ids("/events?linkId=none"), "");
    EXPECT_EQ(ids("/events?device=Mobile"), "");
    EXPECT_EQ(ids("/events?customerId=cus_1"), "");
}

TEST_P(EventsApiTest, TellWhatTheyAreAbout) {
    const auto leads = get("/events?event=leads");
    ASSERT_EQ(leads.size(), 1U);
    const auto& event = leads[0].as_object();
    EXPECT_EQ(event.at("event"), "lead");
    EXPECT_EQ(event.at("eventName"), "Sign up");
    EXPECT_EQ(event.at("click").at("id").as_string(), clicks[0]);
    EXPECT_EQ(event.at("link").at("id").as_string(), link.link_id);
    EXPECT_EQ(event.at("customer").at("sales"), 3);
    EXPECT_EQ(send("DELETE", "/customers/ext_ann").status, 200);
    remove(link);
    const auto sales = get("/events?event=sales");
    ASSERT_EQ(sales.size(), 3U);
    EXPECT_EQ(sales[0].at("customer").at("name"), "Deleted Customer");
    EXPECT_EQ(sales[0].at("customer").at("externalId"), "ann");
    EXPECT_EQ(sales[0].at("link").at("id").as_string(), link.link_id);
}

TEST_P(EventsApiTest, RefusesWithTheKnownTexts) {
    struct Row {
        const char* target;
        const char* answer;
    };
    const Row rows[] = {
        {"/events?limit=0", "422 too_small: limit: Limit must be greater than 0."},
        {"/events?limit=1001", "422 too_big: limit: Max limit is 1000."},
        {"/events?page=0", "422 too_small: page: Page must be greater than 0."},
        {"/events?page=x", "422 invalid_type: page: Page must be a number."},
        {"/events?sortBy=amount",
         "422 invalid_value: sortBy: Invalid input: expected "
         "\"timestamp\""},
        {"/events?sortOrder=up",
         "422 invalid_value: sortOrder: Invalid option: expected one of "
         "\"asc\"|\"desc\""},
        {"/events?event=composite",
         "422 invalid_value: event: Invalid option: expected one of "
         "\"clicks\"|\"leads\"|\"sales\""},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send("GET", row.target)), row.answer) << row.target;
    }
}

HW_ON_BOTH_ENGINES(EventsApiTest);

}  // namespace
}  // namespace hw
