// SPDX-License-Identifier: Apache-2.0
#include "core/link_fields.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

using Text = std::optional<std::string>;

TEST(LinkFields, ParametersOfTheDestination) {
    struct Row {
        std::string url;
        std::vector<UrlParameter> parameters;
        std::string stored;
    };
    const Row rows[] = {
        {"a.example", {}, "https://a.example"},
        {"https://a.example/", {{"utm_source", "x y"}}, "https://a.example/?utm_source=x%20y"},
        {"https://a.example/?utm_source=1&b=2#c",
         {{"utm_source", "2"}, {"utm_term", "t"}},
         "https://a.example/?utm_source=2&b=2&utm_term=t#c"},
        {"https://a.example/?utm_source=1&b=2",
         {{"utm_source", std::nullopt}},
         "https://a.example/?b=2"},
        {"https://a.example/?b=2", {{"utm_source", std::nullopt}}, "https://a.example/?b=2"},
    };
    for (const auto& row : rows) {
        LinkFields fields;
        fields.url = row.url;
        fields.url_parameters = row.parameters;
        Link link;
        ASSERT_TRUE(apply_fields(fields, link).has_value()) << row.url;
        EXPECT_EQ(link.url, row.stored);
    }
}

TEST(LinkFields, Expiration) {
    struct Row {
        std::string text;
        std::optional<std::int64_t> at_ms;  // nothing: refused
    };
    const Row rows[] = {
        {"2027-01-31T12:00:00Z", 1'801'396'800'000},
        {"2027-01-31T12:00:00.5+01:00", 1'801'393'200'500},
        {"2027-01-31", 1'801'353'600'000},
        {"tomorrow", std::nullopt},
        {"in 2 hours", std::nullopt},
        {"2027-02-30", std::nullopt},
        {"1801396800000", std::nullopt},
    };
    for (const auto& row : rows) {
        LinkFields fields;
        fields.expires_at = row.text;
        Link link;
        link.url = "https://a.example";
        const auto applied = apply_fields(fields, link);
        ASSERT_EQ(applied.has_value(), row.at_ms.has_value()) << row.text;
        if (applied) {
            EXPECT_EQ(link.expires_at_ms, row.at_ms);
            continue;
        }
        EXPECT_EQ(applied.error().code, ErrorCode::UnprocessableEntity);
        EXPECT_TRUE(applied.error().message.starts_with("Invalid expiration date."));
        EXPECT_TRUE(applied.error().message.contains("ISO 8601"));
    }
}

TEST(LinkFields, LongTitlesAreCutBetweenCharacters) {
    struct Row {
        std::string title;
        std::string stored;
    };
    const std::string a119(119, 'a');
    const Row rows[] = {
        {a119 + "b", a119 + "b"},
        {a119 + "bc", a119 + "b"},
        {a119 + "\u00FC\u00FC", a119 + "\u00FC"},
        {a119 + "\U0001F600", a119},  // two UTF-16 code units
    };
    for (const auto& row : rows) {
        LinkFields fields;
        fields.title = row.title;
        fields.description = std::string(300, 'd');
        Link link;
        ASSERT_TRUE(apply_fields(fields, link).has_value());
        EXPECT_EQ(link.title, row.stored);
        EXPECT_EQ(link.description, std::string(240, 'd'));
    }
}

TEST(LinkFields, WhatIsNotSaidStaysAndNullClears) {
    Link link;
    link.url = "https://a.example";
    link.title = "T";
    link.comments = "C";
    link.external_id = "1";
    link.expires_at_ms = 5;
    link.expired_url = "https://b.example";
    link.image = "https://c.example";
    link.archived = true;
    auto before = link;
    ASSERT_TRUE(apply_fields({}, link).has_value());
    EXPECT_EQ(link.title, before.title);
    EXPECT_EQ(link.expires_at_ms, before.expires_at_ms);
    EXPECT_TRUE(link.archived);

    LinkFields fields;
    fields.title = fields.comments = fields.external_id = Text{};
    fields.expires_at = fields.expired_url = fields.image = Text{};
    fields.archived = false;
    ASSERT_TRUE(apply_fields(fields, link).has_value());
    EXPECT_FALSE(link.title || link.comments || link.external_id || link.expires_at_ms ||
                 link.expired_url || link.image || link.archived);
}

TEST(LinkFields, OnlyAddressesAreImages) {
    struct Row {
        std::string image;
        bool good;
    };
    const Row rows[] = {{"https://a.example/x.png", true},
                        {"a.example/x.png", true},
                        {"data:image/png;base64,AAAA", false},
                        {"mailto:a@b.example", false}};
    for (const auto& row : rows) {
        LinkFields fields;
        fields.image = row.image;
        Link link;
        EXPECT_EQ(apply_fields(fields, link).has_value(), row.good) << row.image;
    }
}

}  // namespace
}  // namespace hw
