// SPDX-License-Identifier: Apache-2.0
#include "tests/fixture/partner_api_test.hpp"

namespace hw {
namespace {

class PartnerAnalyticsApiTest : public PartnerApiTest {};

TEST_P(PartnerAnalyticsApiTest, CountsWithWhatWasEarned) {
    const auto reward = make("/rewards", R"({"event":"sale","amountInPercentage":10})");
    patch_group(R"({"saleRewardId":")" + reward + "\"}");
    const auto ann = make_partner("ann", R"(,"tenantId":"t-ann")");
    const auto bob = make_partner("bob");
    sell(ann, 1'000);
    sell(bob, 7'000);
    env.advance_ms(40 * 24 * 3'600'000LL);
    sell(ann, 3'000);
    const auto ask = [&](const std::string& query) {
        return json_of(send("GET", "/partners/analytics?" + query));
    };
    struct Row {
        std::string query;
        std::string expected;
    };
    const Row rows[] = {
        {"partnerId=" + ann,
         R"({"clicks":2,"leads":2,"sales":2,"saleAmount":4000,"earnings":400})"},
        {"tenantId=t-ann&interval=30d",
         R"({"clicks":1,"leads":1,"sales":1,"saleAmount":3000,"earnings":300})"},
        {"partnerId=" + bob + "&groupBy=count",
         R"({"clicks":1,"leads":1,"sales":1,"saleAmount":7000,"earnings":700})"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(boost::json::serialize(ask(row.query)), row.expected) << row.query;
    }
    std::int64_t earned = 0;
    int buckets = 0;
    const auto series = ask("partnerId=" + ann + "&groupBy=timeseries&interval=90d");
    for (const auto& bucket : series.as_array()) {
        earned += bucket.at("earnings").as_int64();
        const bool is_sold = bucket.at("sales").as_int64() > 0;
        EXPECT_EQ(is_sold, bucket.at("earnings").as_int64() > 0);
        ++buckets;
    }
    EXPECT_EQ(earned, 400);
    EXPECT_GT(buckets, 80);
    const auto top = ask("partnerId=" + ann + "&groupBy=top_links").as_array();
    ASSERT_EQ(top.size(), 1U);
    EXPECT_EQ(text(top[0], "link"), link_of(ann).link_id);
    EXPECT_EQ(text(top[0], "earnings"), "400");
    EXPECT_EQ(text(top[0], "partnerId"), ann);
}

TEST_P(PartnerAnalyticsApiTest, OtherAnalyticsKnowPartnersAndGroups) {
    const auto gold = make("/groups", R"({"name":"Gold"})");
    const auto ann = make_partner("ann", R"(,"tenantId":"t-ann","name":"Ann Lee")");
    const auto bob = make_partner("bob", R"(,"groupId":")" + gold + "\"");
    sell(ann, 1'000);
    sell(bob, 4'000);
    sell(bob, 3'000);
    make_click(make_link("nobodys"), 500);
    struct Row {
        std::string query;
        std::string expected;
    };
    const Row rows[] = {
        {"event=sales&groupId=" + gold, "7000"},
        {"event=sales&groupId=-" + gold, "1000"},
        {"event=sales&groupId=" + gold + "," + group_id, "8000"},
        {"event=sales&partnerId=" + ann, "1000"},
        {"event=sales&tenantId=t-ann", "1000"},
        {"event=sales&programId=" + program_id, "8000"},
        {"event=sales&programId=prog_none", "0"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(text(json_of(send("GET", "/analytics?" + row.query)), "saleAmount"), row.expected)
            << row.query;
    }
    const auto groups = json_of(send("GET", "/analytics?event=sales&groupBy=top_groups"));
    EXPECT_EQ(text(groups.at(0), "groupId"), gold);
    const auto partners = json_of(send("GET", "/analytics?event=sales&groupBy=top_partners"));
    EXPECT_EQ(text(partners.at(1).at("partner"), "name"), "Ann Lee");
    EXPECT_EQ(json_of(send("GET", "/events?event=sales&groupId=" + gold)).as_array().size(), 2U);
}

TEST_P(PartnerAnalyticsApiTest, RefusesInTheKnownWords) {
    struct Row {
        std::string query;
        std::string expected;
    };
    const Row rows[] = {
        {"", "400 Either `partnerId` or `tenantId` must be provided."},
        {"tenantId=none", "404 The partner is not enrolled in this program."},
        {"partnerId=x&groupBy=countries",
         R"(422 invalid_value: groupBy: Invalid option: expected one of "count"|"timeseries"|)"
         R"("top_links")"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send("GET", "/partners/analytics?" + row.query)), row.expected);
    }
}

HW_ON_BOTH_ENGINES(PartnerAnalyticsApiTest);

}  // namespace
}  // namespace hw
