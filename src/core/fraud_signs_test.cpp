// SPDX-License-Identifier: Apache-2.0
#include "core/fraud_signs.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(FraudSigns, Emails) {
    using enum EmailLikeness;
    struct Row {
        std::string_view a, b;
        EmailLikeness outcome;
    };
    const Row rows[] = {
        {"ada@acme.example", "ADA@acme.example", Mailbox},
        {"ada+1@acme.example", "ada+2@acme.example", Mailbox},
        {"a.da@gmail.com", "ada+x@googlemail.com", Mailbox},
        {"a.da@acme.example", "ada@acme.example", Domain},
        {"ada@acme.example", "bob@Acme.Example", Domain},
        {"ada@acme.example", "bob@mail.acme.example", None},
        {"ada@gmail.com", "bob@gmail.com", None},
        {"ada@web.de", "bob@web.de", None},
        {"ada@acme.example", "ada@other.example", None},
        {"", "", None},
        {"acme.example", "acme.example", None},
    };
    for (const auto& row : rows) EXPECT_EQ(compare_emails(row.a, row.b), row.outcome) << row.a;
    EXPECT_EQ(telling_domain("ada@acme.example"), "acme.example");
    EXPECT_EQ(telling_domain("ada@gmail.com"), std::nullopt);
    EXPECT_EQ(telling_domain("ada"), std::nullopt);
}

TEST(FraudSigns, PaidClicks) {
    struct Row {
        std::string_view url;
        std::vector<std::string> platforms;
        std::string outcome;
    };
    const Row rows[] = {
        {"https://shop.example/?gclid=1", {"google"}, "google gclid"},
        {"https://shop.example/?a=1&gad_source=1#x", {"google"}, "google gad_source"},
        {"https://shop.example/?gad_campaignid=", {"google"}, "google gad_campaignid"},
        {"https://shop.example/?%67clid=1", {"google"}, "google gclid"},
        {"https://shop.example/?gclid=1", {"bing"}, ""},
        {"https://shop.example/?gclid=1", {}, ""},
        {"https://shop.example/gclid=1", {"google"}, ""},
        {"https://shop.example/?x=gclid", {"google"}, ""},
        {"https://shop.example/?fbclid=1", {"google"}, ""},
        {"https://shop.example/?fbclid=1", {"google", "facebook"}, "facebook fbclid"},
        {"https://shop.example/?fb_action_ids=1", {"facebook"}, "facebook fb_action_ids"},
        {"https://shop.example/?twclid=1", {"x"}, "x twclid"},
        {"https://shop.example/?msclkid=1", {"bing"}, "bing msclkid"},
        {"https://shop.example/?li_fat_id=1", {"linkedin"}, "linkedin li_fat_id"},
        {"https://shop.example/?rdclid=1", {"reddit"}, "reddit rdclid"},
        {"https://shop.example/?ttclid=1", {"tiktok"}, "tiktok ttclid"},
        {"", {"google"}, ""},
    };
    for (const auto& row : rows) {
        const auto found = find_paid_click(row.url, row.platforms);
        EXPECT_EQ(found ? found->platform + " " + found->parameter : "", row.outcome) << row.url;
    }
}

TEST(FraudSigns, Globs) {
    struct Row {
        std::string_view pattern, text;
        bool outcome;
    };
    const Row rows[] = {
        {"spam.example", "SPAM.example", true},
        {"spam.example", "xspam.example", false},
        {"*.spam.example", "a.b.spam.example", true},
        {"*.spam.example", "spam.example", false},
        {"*spam*", "best-SPAM.example", true},
        {"spam.*", "spam.example", true},
        {"sp?m.example", "spam.example", true},
        {"sp?m.example", "spm.example", false},
        {"*", "anything", true},
        {"*", "", true},
        {"", "", true},
        {"", "a", false},
        {"a*b*c", "aXbXbXc", true},
        {"a*b*c", "aXbXbX", false},
        {"**a**", "bab", true},
        {"a.b", "axb", false},
        {"*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(matches_glob(row.pattern, row.text), row.outcome) << row.pattern << row.text;
    }
}

TEST(FraudSigns, BannedSources) {
    struct Row {
        std::string_view referer, url;
        std::vector<std::string> patterns;
        std::string outcome;
    };
    const Row rows[] = {
        {"deals.example", "", {"x.example", "*deals*"}, "*deals*"},
        {"(direct)", "(direct)", {"*"}, ""},
        {"(direct)", "https://Deals.example/a", {"deals.example"}, "deals.example"},
        {"deals.example", "https://deals.example/", {}, ""},
        {"", "", {"*"}, ""},
    };
    for (const auto& row : rows) {
        const auto found = find_banned_source(row.referer, row.url, row.patterns);
        EXPECT_EQ(found.value_or(""), row.outcome) << row.referer << " " << row.url;
    }
}

TEST(FraudSigns, Floods) {
    constexpr ClickLimits kLimits{.per_visitor_hour = 20, .per_lead = 100, .clicks_min = 500};
    struct Row {
        ClickCounts counts;
        ClickLimits limits;
        bool outcome;
    };
    const Row rows[] = {
        {{1, 1, 1}, kLimits, false},   {{20, 1, 1}, kLimits, false},
        {{21, 1, 1}, kLimits, true},   {{21, 1, 1}, {0, 100, 500}, false},  // 0: no limit
        {{1, 499, 1}, kLimits, false}, {{1, 500, 1}, kLimits, true},
        {{1, 500, 0}, kLimits, true},  {{1, 500, 5}, kLimits, false},
        {{1, 501, 5}, kLimits, true},  {{1, 501, 5}, {20, 0, 500}, false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(find_flood(row.counts, row.limits).has_value(), row.outcome)
            << row.counts.of_visitor << " " << row.counts.clicks << " " << row.counts.leads;
    }
}

}  // namespace
}  // namespace hw
