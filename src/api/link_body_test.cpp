// SPDX-License-Identifier: Apache-2.0
#include "api/link_body.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

Result<LinkFields> read(std::string_view body) {
    return read_link_fields(json::parse(body).as_object());
}

TEST(LinkBody, TellsAbsentNullAndSetApart) {
    const auto fields = read(R"({"title":null,"comments":"c","utm_term":"","ref":"r"})");
    ASSERT_TRUE(fields.has_value());
    EXPECT_FALSE(fields->description.has_value());
    ASSERT_TRUE(fields->title.has_value());
    EXPECT_FALSE(fields->title->has_value());
    EXPECT_EQ(fields->comments, Patch<std::string>(std::optional<std::string>("c")));
    ASSERT_EQ(fields->url_parameters.size(), 2U);
    EXPECT_EQ(fields->url_parameters[0].name, "utm_term");
    EXPECT_FALSE(fields->url_parameters[0].value);
    EXPECT_EQ(fields->url_parameters[1].name, "ref");
    EXPECT_EQ(fields->url_parameters[1].value, "r");
}

TEST(LinkBody, ValuesThatWouldBeLostAreRefusedByName) {
    struct Row {
        std::string_view body;
        bool good;
    };
    const Row rows[] = {
        {R"({"proxy":false})", true},
        {R"({"proxy":true})", false},
        {R"({"tagIds":[]})", true},
        {R"({"tagIds":[""]})", true},
        {R"({"tagIds":"x"})", false},
        {R"({"geo":{}})", true},
        {R"({"geo":{"DE":"x"}})", false},
        {R"({"webhookIds":["wh_1"]})", false},
        {R"({"testVariants":[{"url":"https://a.example","percentage":50}]})", false},
        {R"({"nobody_knows":1})", true},
    };
    for (const auto& row : rows) {
        const auto fields = read(row.body);
        EXPECT_EQ(fields.has_value(), row.good) << row.body;
        if (!fields) {
            EXPECT_TRUE(fields.error().message.starts_with("invalid_value: "));
        }
    }
}

TEST(LinkBody, ReservedKeysAreThoseOfTheRoutesOnTheOwnHosts) {
    ApiOptions options;
    options.app_hosts = {"app.example"};
    const auto reserved = reserved_keys(options);
    struct Row {
        std::string_view host;
        std::string_view key;
        bool reserved;
    };
    const Row rows[] = {
        {"app.example", "links", true},        {"app.example", "track/x", true},
        {"app.example", "api", true},          {"app.example", "linksx", false},
        {"app.example", "x/links", false},     {"other.example", "links", false},
        {"app.example", "openapi.json", true},
    };
    for (const auto& row : rows) EXPECT_EQ(reserved(row.host, row.key), row.reserved) << row.key;
}

}  // namespace
}  // namespace hw
