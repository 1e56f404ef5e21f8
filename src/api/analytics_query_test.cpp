// SPDX-License-Identifier: Apache-2.0
#include "api/analytics_query.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hw {
namespace {

TEST(AnalyticsQuery, ReadsEveryFilter) {
    struct Row {
        const char* query;
        Field field;
        const char* value;
        bool admitted;
    };
    const Row rows[] = {
        {"domain=go.example", Field::Domain, "go.example", true},
        {"key=a%2Fb", Field::Key, "a/b", true},
        {"linkId=link_1,link_2", Field::LinkId, "link_2", true},
        {"tagIds=t1", Field::TagId, "t1", true},
        {"utm_source=-news", Field::UtmSource, "news", false},
        {"country=-DE,US", Field::Country, "US", false},
        {"region=US-CA", Field::Region, "US-CA", true},
        {"refererUrl=https%3A%2F%2Fa.example", Field::RefererUrl, "https://a.example", true},
        {"root=true", Field::Key, "_root", true},
        {"root=false", Field::Key, "_root", false},
        {"qr=true", Field::Trigger, "qr", true},
        {"qr=false", Field::Trigger, "qr", false},
    };
    for (const auto& row : rows) {
        const auto filter = read_event_filter(row.query);
        ASSERT_TRUE(filter) << row.query;
        ASSERT_EQ(filter->fields.size(), 1U) << row.query;
        EXPECT_EQ(filter->fields.front().field, row.field) << row.query;
        EXPECT_EQ(filter->fields.front().filter.admits(row.value), row.admitted) << row.query;
    }
    EXPECT_TRUE(read_event_filter("saleType=new")->first_sale.value());
    EXPECT_FALSE(read_event_filter("saleType=recurring")->first_sale.value());
    EXPECT_TRUE(read_event_filter("customerId=cus_1")->customer_id->exact);
    EXPECT_TRUE(read_event_filter("query=metadata['a']:1")->metadata);
    EXPECT_FALSE(read_event_filter("")->of_conversions());
}

TEST(AnalyticsQuery, RefusesWithTheKnownTexts) {
    struct Row {
        std::string query;
        const char* message;
    };
    const Row rows[] = {
        {"root=1", "invalid_value: root: Invalid option: expected one of \"true\"|\"false\""},
        {"saleType=old",
         "invalid_value: saleType: Invalid option: expected one of "
         "\"new\"|\"recurring\""},
        {"query=plan",
         "custom: query: Invalid query: write conditions such as "
         "metadata['plan']:'pro', joined by and or or"},
        {"url=" + std::string(10'001, 'a'),
         "too_big: url: Too big: expected string to have <=10000 characters"},
        {"country=%FF", "invalid_format: country: Invalid input: no valid text"},
    };
    for (const auto& row : rows) {
        const auto filter = read_event_filter(row.query);
        ASSERT_FALSE(filter) << row.query;
        EXPECT_EQ(filter.error().message, row.message);
    }
    EXPECT_EQ(read_counting("event=none", Allow::Composite).error().message,
              "invalid_value: event: Invalid option: expected one of "
              "\"clicks\"|\"leads\"|\"sales\"|\"composite\"");
    EXPECT_EQ(read_counting("event=composite", Allow::OneKind).error().message,
              "invalid_value: event: Invalid option: expected one of "
              "\"clicks\"|\"leads\"|\"sales\"");
}

TEST(AnalyticsQuery, MarksWhatIsPartial) {
    Response whole;
    mark_partial(whole, std::nullopt);
    EXPECT_TRUE(whole.headers.empty());
    Response part;
    mark_partial(part, 1'000);
    ASSERT_EQ(part.headers.size(), 2U);
    EXPECT_EQ(part.headers[0].second, "true");
    EXPECT_EQ(part.headers[1].second, "1970-01-01T00:00:01.000Z");
}

}  // namespace
}  // namespace hw
