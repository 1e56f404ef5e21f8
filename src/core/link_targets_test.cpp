// SPDX-License-Identifier: Apache-2.0
#include "core/link_targets.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

// The refusal, or empty.
std::string outcome(const Result<void>& result) {
    return result ? "" : result.error().message;
}

TEST(LinkTargets, PassTheRulesOfDestinations) {
    struct Row {
        Patch<std::string> LinkFields::* said;
        std::string url;
        std::optional<std::string> Link::* stored;
        std::string outcome;  // the stored URL, or the refusal
    };
    const Row rows[] = {
        {&LinkFields::ios, "a.example", &Link::ios, "https://a.example"},
        {&LinkFields::ios, "myapp://open", &Link::ios, "myapp://open"},
        {&LinkFields::ios, "javascript:alert(1)", &Link::ios, "Invalid ios URL"},
        {&LinkFields::android, "https://\u00FC.example", &Link::android, "https://xn--tda.example"},
        {&LinkFields::android, "data:x", &Link::android, "Invalid android URL"},
    };
    for (const auto& row : rows) {
        LinkFields fields;
        fields.*row.said = row.url;
        Link link;
        const auto put = put_targets(fields, link);
        EXPECT_EQ(put ? (link.*row.stored).value_or("") : put.error().message, row.outcome);
    }
}

TEST(LinkTargets, ByCountryAndByChance) {
    LinkFields fields;
    fields.geo = std::vector<GeoTarget>{{"DE", "a.example"}, {"US", "https://b.example"}};
    fields.test_variants = std::vector<TestVariant>{{"a.example", 30}, {"b.example", 70}};
    Link link;
    ASSERT_EQ(outcome(put_targets(fields, link)), "");
    EXPECT_EQ(link.geo, R"({"DE":"https://a.example","US":"https://b.example"})");
    const auto targets = geo_targets(*link.geo);
    ASSERT_EQ(targets.size(), 2U);
    EXPECT_EQ(targets[1].country, "US");
    EXPECT_EQ(targets[1].url, "https://b.example");
    const auto variants = test_variants(*link.test_variants);
    ASSERT_EQ(variants.size(), 2U);
    EXPECT_EQ(variants[0].url, "https://a.example");
    EXPECT_EQ(variants[1].percentage, 70);

    fields.geo = std::vector<GeoTarget>{};
    fields.test_variants = std::optional<std::vector<TestVariant>>();
    ASSERT_EQ(outcome(put_targets(fields, link)), "");
    EXPECT_FALSE(link.geo || link.test_variants);
}

TEST(LinkTargets, TestsNeedConversions) {
    struct Row {
        bool variants;
        bool conversions;
        std::string outcome;
    };
    const Row rows[] = {
        {false, false, ""},
        {true, true, ""},
        {true, false, "Conversion tracking must be enabled to use A/B testing."},
    };
    for (const auto& row : rows) {
        Link link;
        if (row.variants) link.test_variants = "[]";
        link.track_conversion = row.conversions;
        EXPECT_EQ(outcome(check_test(link)), row.outcome);
    }
}

TEST(LinkTargets, TimesOfTests) {
    struct Row {
        std::string text;
        std::string outcome;
    };
    const Row rows[] = {
        {"2027-01-31", ""},
        {"2027-01-31T12:00:00Z", ""},
        {"later",
         "Invalid testStartedAt. Write testStartedAt in ISO 8601 (RFC 3339), for example "
         "2027-01-31T12:00:00Z."},
    };
    for (const auto& row : rows) {
        LinkFields fields;
        fields.test_started_at = row.text;
        Link link;
        EXPECT_EQ(outcome(put_targets(fields, link)), row.outcome);
        EXPECT_EQ(link.test_started_at_ms.has_value(), row.outcome.empty());
    }
}

}  // namespace
}  // namespace hw
