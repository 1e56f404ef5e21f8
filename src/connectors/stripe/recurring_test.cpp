// SPDX-License-Identifier: Apache-2.0
#include "connectors/stripe/recurring.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace hw::stripe {
namespace {

namespace json = boost::json;

TEST(RecurringTest, Items) {
    struct Row {
        std::string price;
        std::int64_t quantity;
        std::string currency;
        std::int64_t expected;  // -1: nobody can tell
    };
    const auto price = [](std::string_view amount, std::string_view interval, int count) {
        return R"({"id":"p","unit_amount_decimal":")" + std::string(amount) +
               R"(","recurring":{"interval":")" + std::string(interval) + R"(","interval_count":)" +
               std::to_string(count) + "}}";
    };
    const Row rows[] = {
        {price("2999", "month", 1), 1, "usd", 2999},
        {price("8100", "month", 3), 1, "usd", 2700},
        {price("12000", "year", 1), 3, "usd", 3000},
        {price("1000", "year", 1), 1, "usd", 83},
        {price("1006", "year", 1), 1, "usd", 84},  // 83.83…
        {price("6", "year", 1), 1, "usd", 1},      // half away from zero
        {price("84", "week", 1), 1, "usd", 365},
        {price("12", "day", 1), 1, "usd", 365},
        {price("0.5", "month", 1), 3, "usd", 2},  // rounded once, after the quantity
        {price("3000000", "month", 1), 1, "ugx", 30000},
        {price("30", "month", 1), 1, "mga", 3000},
        {price("10", "month", 1), 0, "usd", 0},
        {R"({"id":"p","unit_amount":500,"recurring":{"interval":"month"}})", 2, "usd", 1000},
        {R"({"id":"p","unit_amount":null,"recurring":{"interval":"month"}})", 2, "usd", -1},
        {R"({"id":"p","unit_amount":5,"transform_quantity":{"divide_by":2},)"
         R"("recurring":{"interval":"month"}})",
         2, "usd", -1},
        {R"({"id":"p","unit_amount":5,"recurring":{"interval":"month","usage_type":"metered"}})", 2,
         "usd", 0},
        {R"({"id":"p","unit_amount":5,"recurring":{"interval":"decade"}})", 1, "usd", -1},
        {price("999999999999", "day", 1), 1'000'000'000, "usd", -1},
        {price("1e5", "month", 1), 1, "usd", -1},
    };
    for (const auto& row : rows) {
        const auto items = json::array{
            json::object{{"price", json::parse(row.price)}, {"quantity", row.quantity}}};
        const auto seen = recurring_of_items(items, row.currency);
        EXPECT_EQ(seen.known ? seen.per_month : -1, row.expected) << row.price;
    }
    EXPECT_FALSE(recurring_of_items({}, "usd").known);
}

TEST(RecurringTest, Lines) {
    const auto line = [](std::int64_t amount, std::int64_t days, bool proration) {
        return json::object{{"amount", amount},
                            {"parent",
                             {{"type", "subscription_item_details"},
                              {"subscription_item_details", {{"proration", proration}}}}},
                            {"period", {{"start", 0}, {"end", days * 86'400}}}};
    };
    struct Row {
        json::array lines;
        std::int64_t expected;  // -1: nobody can tell
    };
    const Row rows[] = {
        {{line(2999, 31, false)}, 2999},
        {{line(2999, 28, false)}, 2999},
        {{line(8100, 92, false)}, 2700},
        {{line(12000, 365, false)}, 1000},
        {{line(12000, 366, false), line(500, 30, false)}, 1500},
        {{line(700, 7, false)}, 3042},  // 700 x 365 / 84
        {{line(2999, 30, true)}, -1},
        {{json::object{{"amount", 5000}, {"type", "invoiceitem"}}}, -1},
        {{}, -1},
    };
    for (const auto& row : rows) {
        const auto seen = recurring_of_lines(row.lines, "usd");
        EXPECT_EQ(seen.known ? seen.per_month : -1, row.expected) << row.lines;
    }
}

}  // namespace
}  // namespace hw::stripe
