// SPDX-License-Identifier: Apache-2.0
#include "api/event_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

Event some_event() {
    Event event;
    event.id = "0000000000000001";
    event.at_ms = 1'000;
    event.link.link.link_id = "link_1";
    event.link.link.domain = "go.example";
    event.link.link.key = "a";
    event.link.link.url = "https://shop.example/";
    Touch touch;
    touch.touch_id = "0000000000000001";
    touch.at_ms = 500;
    touch.trigger = "qr";
    touch.referer_url = "https://news.example/x?secret=1#y";
    event.touch = touch;
    return event;
}

TEST(EventJson, OfAClickHasTheFlatFieldsOfOlderClients) {
    const auto out = event_json(some_event(), "https://headwater.example");
    EXPECT_EQ(out.at("event"), "click");
    EXPECT_EQ(out.at("qr"), 1);
    EXPECT_EQ(out.at("url"), "https://shop.example/");
    EXPECT_EQ(out.at("click").at("qr"), true);
    EXPECT_EQ(out.at("click").at("refererUrl"), "https://news.example/x");
    EXPECT_EQ(out.at("click").at("timestamp"), "1970-01-01T00:00:00.500Z");
    EXPECT_FALSE(out.contains("customer"));
}

TEST(EventJson, OfASaleIsInTheCurrencyOfTheReportWhenARateIsKnown) {
    auto event = some_event();
    event.touch.reset();
    AttributedConversion sale;
    sale.conversion.kind = "purchase";
    sale.conversion.event_name = "Purchase";
    sale.conversion.amount = 1'650;
    sale.conversion.currency = "jpy";
    event.conversion = sale;
    const auto original = event_json(event, "");
    EXPECT_EQ(original.at("sale").at("amount"), 1'650);
    EXPECT_EQ(original.at("sale").at("currency"), "jpy");
    EXPECT_EQ(original.at("invoice_id"), "");
    EXPECT_EQ(original.at("customer").at("name"), "Deleted Customer");
    EXPECT_EQ(original.at("click").at("timestamp"), "1970-01-01T00:00:01.000Z");
    event.conversion->conversion.converted_amount = 1'100;
    event.conversion->conversion.converted_currency = "usd";
    const auto converted = event_json(event, "");
    EXPECT_EQ(converted.at("saleAmount"), 1'100);
    EXPECT_EQ(converted.at("sale").at("currency"), "usd");
}

}  // namespace
}  // namespace hw
