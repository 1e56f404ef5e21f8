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

TEST(LinkBody, RefusalsNameThePlace) {
    struct Row {
        std::string_view body;
        std::string_view message;  // empty: fine
    };
    const Row rows[] = {
        {R"({"proxy":true,"rewrite":false,"publicStats":true,"nobody_knows":1})", ""},
        {R"({"proxy":"yes"})",
         "invalid_type: proxy: Invalid input: expected boolean, received string"},
        {R"({"tagIds":[""],"tagNames":"x","tagId":null})", ""},
        {R"({"tagIds":7})", "invalid_union: tagIds: Invalid input"},
        {R"({"tagIds":["a",7]})",
         "invalid_type: tagIds[1]: Invalid input: expected string, received number"},
        {R"({"geo":{},"testVariants":null})", ""},
        {R"({"geo":null})", ""},
        {R"({"geo":[]})", "invalid_type: geo: Invalid input: expected record, received array"},
        {R"({"geo":{"de":"https://a.example"}})", "invalid_key: geo.de: Invalid key in record"},
        {R"({"geo":{"DEU":"https://a.example"}})", "invalid_key: geo.DEU: Invalid key in record"},
        {R"({"geo":{"DE":5}})",
         "invalid_type: geo.DE: Invalid input: expected string, received number"},
        {R"({"webhookIds":[]})", ""},
        {R"({"webhookIds":["wh_1"]})",
         "invalid_value: webhookIds: not supported by this server; leave it out or send null"},
        {R"({"testVariants":{}})",
         "invalid_type: testVariants: Invalid input: expected array, received object"},
        {R"({"testVariants":[{"url":"a","percentage":50}]})",
         "too_small: testVariants: Too small: expected array to have >=2 items"},
        {R"({"testVariants":[1,2,3,4,5]})",
         "too_big: testVariants: Too big: expected array to have <=4 items"},
        {R"({"testVariants":[1,2]})",
         "invalid_type: testVariants[0]: Invalid input: expected object, received number"},
        {R"({"testVariants":[{"url":"a","percentage":50},{"percentage":50}]})",
         "invalid_type: testVariants[1].url: Invalid input: expected string, received undefined"},
        {R"({"testVariants":[{"url":"a","percentage":9},{}]})",
         "too_small: testVariants[0].percentage: Too small: expected number to be >=10"},
        {R"({"testVariants":[{"url":"a","percentage":91},{}]})",
         "too_big: testVariants[0].percentage: Too big: expected number to be <=90"},
        {R"({"testVariants":[{"url":"a"},{}]})",
         "invalid_type: testVariants[0].percentage: Invalid input: expected number, received "
         "undefined"},
        {R"({"password":"p","ios":"a","android":null,"video":""})", ""},
        {R"({"ios":5})", "invalid_type: ios: Invalid input: expected string, received number"},
    };
    for (const auto& row : rows) {
        const auto fields = read(row.body);
        EXPECT_EQ(fields ? "" : fields.error().message, row.message) << row.body;
    }
}

TEST(LinkBody, TagsHaveThreeNames) {
    using Ids = std::optional<std::vector<std::string>>;
    struct Row {
        std::string_view body;
        Ids ids;
        Ids names;
    };
    const Row rows[] = {
        {"{}", {}, {}},
        {R"({"tagIds":"a"})", Ids({"a"}), {}},
        {R"({"tagIds":["a","","b"],"tagId":"c"})", Ids({"a", "b"}), {}},
        {R"({"tagNames":["x, y"]})", {}, Ids({"x, y"})},
        {R"({"tagId":"c"})", Ids({"c"}), {}},
        {R"({"tagId":null})", Ids(std::in_place), {}},
        {R"({"tagIds":[]})", Ids(std::in_place), {}},
    };
    for (const auto& row : rows) {
        const auto fields = read(row.body);
        ASSERT_TRUE(fields.has_value()) << row.body;
        EXPECT_EQ(fields->tag_ids, row.ids) << row.body;
        EXPECT_EQ(fields->tag_names, row.names) << row.body;
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
