// SPDX-License-Identifier: Apache-2.0
#include "core/analytics_filter.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(ValueFilter, IsOneOfOrNoneOf) {
    struct Row {
        const char* text;
        const char* value;
        bool admitted;
    };
    const Row rows[] = {
        {"DE", "DE", true},     {"DE", "de", true},    {"DE", "US", false}, {"DE,US", "US", true},
        {"DE,US", "FR", false}, {"-DE", "DE", false},  {"-DE", "US", true}, {"-DE,US", "US", false},
        {"-DE,US", "FR", true}, {"DE,,US", "", false}, {"-DE", "", true},   {"DE", "", false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(parse_value_filter(row.text).admits(row.value), row.admitted)
            << row.text << " " << row.value;
    }
}

TEST(ValueFilter, OfSeveralValuesOneIsEnoughAndNoneMayBeExcluded) {
    const std::vector<std::string> tags{"a", "b"};
    EXPECT_TRUE(parse_value_filter("b,c").admits_any(tags));
    EXPECT_FALSE(parse_value_filter("c").admits_any(tags));
    EXPECT_FALSE(parse_value_filter("-b").admits_any(tags));
    EXPECT_TRUE(parse_value_filter("-c").admits_any(tags));
    EXPECT_FALSE(parse_value_filter("a").admits_any({}));
    EXPECT_TRUE(parse_value_filter("-a").admits_any({}));
}

TEST(FieldFilter, IdsAreExact) {
    EXPECT_FALSE(parse_field_filter(Field::LinkId, "link_A").filter.admits("link_a"));
    EXPECT_TRUE(parse_field_filter(Field::Browser, "safari").filter.admits("Safari"));
}

TEST(EventFilter, ReadsLinksAndTouches) {
    TaggedLink link;
    link.link.domain = "go.example";
    link.link.url = "https://shop.example/a?utm_source=news&x=1#top";
    link.link.folder_id = "fold_1";
    link.tag_ids = {"tag_1", "tag_2"};
    struct Row {
        Field field;
        const char* text;
        bool admitted;
    };
    const Row links[] = {
        {Field::Domain, "GO.example", true},
        {Field::FolderId, "fold_1", true},
        {Field::FolderId, "-fold_1", false},
        {Field::TagId, "tag_2", true},
        {Field::UtmSource, "news", true},
        {Field::UtmMedium, "news", false},
        {Field::BaseUrl, "https://shop.example/a", true},
        {Field::GroupId, "grp_1", false},
        {Field::GroupId, "-grp_1", true},
        {Field::PartnerId, "pn_1", false},
        {Field::Country, "DE", true},  // not of a link
    };
    for (const auto& row : links) {
        EventFilter filter;
        filter.fields.push_back(parse_field_filter(row.field, row.text));
        EXPECT_EQ(filter.admits_link(link), row.admitted) << row.text;
    }
    Touch touch;
    touch.country = "DE";
    touch.referer_url = "https://news.example/x?y=1";
    const Row touches[] = {
        {Field::Country, "de", true},    {Field::Continent, "EU", true},
        {Field::Continent, "NA", false}, {Field::RefererUrl, "https://news.example/x", true},
        {Field::Domain, "none", true},  // not of a click
    };
    for (const auto& row : touches) {
        EventFilter filter;
        filter.fields.push_back(parse_field_filter(row.field, row.text));
        EXPECT_EQ(filter.admits_touch(touch), row.admitted) << row.text;
    }
}

TEST(EventFilter, ReadsConversions) {
    AttributedConversion sale;
    sale.conversion.kind = "purchase";
    sale.conversion.metadata = "{}";
    sale.customer_id = "cus_1";
    sale.first_sale = true;
    auto lead = sale;
    lead.conversion.kind = "lead";
    EventFilter filter;
    EXPECT_FALSE(filter.of_conversions());
    filter.first_sale = true;
    EXPECT_TRUE(filter.of_conversions());
    EXPECT_TRUE(filter.admits_conversion(sale));
    EXPECT_FALSE(filter.admits_conversion(lead));
    filter.first_sale = false;
    EXPECT_FALSE(filter.admits_conversion(sale));
    filter = {};
    filter.customer_id = parse_value_filter("-cus_1");
    EXPECT_FALSE(filter.admits_conversion(sale));
    filter = {};
    filter.metadata = [](std::string_view text) { return text != "{}"; };
    EXPECT_FALSE(filter.admits_conversion(sale));
}

}  // namespace
}  // namespace hw
