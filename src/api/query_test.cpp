// SPDX-License-Identifier: Apache-2.0
#include "api/query.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(Query, Texts) {
    struct Row {
        std::string_view query;
        std::optional<std::string> text;
    };
    const Row rows[] = {
        {"a=1", "1"},       {"b=2&a=x+y%21", "x y!"}, {"a=", std::nullopt},
        {"", std::nullopt}, {"ab=1", std::nullopt},   {"a=1&a=2", "1"},
    };
    for (const auto& row : rows) EXPECT_EQ(query_text(row.query, "a").value(), row.text);
    for (const auto* bad : {"a=%FF", "a=%00"}) EXPECT_FALSE(query_text(bad, "a").has_value());
}

TEST(Query, Pages) {
    struct Row {
        std::string_view query;
        std::int64_t page;  // 0: refused
    };
    const Row rows[] = {
        {"page=1", 1},  {"page=1000", 1'000}, {"page=0", 0},  {"page=1.5", 0},
        {"page=+1", 0}, {"page=1x", 0},       {"page=-1", 0}, {"page=1e3", 0},
    };
    for (const auto& row : rows) {
        const auto page = query_page(row.query);
        EXPECT_EQ(page ? page->value() : 0, row.page) << row.query;
    }
    EXPECT_FALSE(query_page("").value().has_value());
    EXPECT_EQ(query_page_size("").value(), 100);
    EXPECT_EQ(query_page_size("pageSize=7").value(), 7);
    EXPECT_FALSE(query_page_size("pageSize=101").has_value());
}

TEST(Query, Booleans) {
    EXPECT_TRUE(query_bool("a=true", "a", false).value());
    EXPECT_FALSE(query_bool("a=false", "a", true).value());
    EXPECT_TRUE(query_bool("", "a", true).value());
    EXPECT_EQ(query_bool("a=1", "a", true).error().message,
              "invalid_value: a: Invalid option: expected one of \"true\"|\"false\"");
}

}  // namespace
}  // namespace hw
