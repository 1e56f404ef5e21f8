// SPDX-License-Identifier: Apache-2.0
#include "store/events.hpp"
#include "store/partner_identities.hpp"
#include "tests/fixture/partner_api_test.hpp"

namespace hw {
namespace {

constexpr auto kBrowser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

class EmbedTokensApiTest : public PartnerApiTest {
  protected:
    Response show(const std::string& token) {
        return send("GET", "/embed/referrals", {},
                    {{"Authorization", "Bearer " + token}, {"User-Agent", kBrowser}});
    }
};

TEST_P(EmbedTokensApiTest, AShownPageHasThatPartnersFigures) {
    const auto reward = make("/rewards", R"({"event":"sale","amountInPercentage":12.5})");
    const auto discount = make("/discounts", R"({"amount":5})");
    patch_group(R"({"saleRewardId":")" + reward + R"(","discountId":")" + discount + "\"}");
    const auto ann = make_partner("ann", R"(,"tenantId":"t-ann")");
    sell(ann, 1'000);
    sell(make_partner("bob"), 9'000);
    const auto made = send("POST", "/tokens/embed/referrals", R"({"tenantId":"t-ann"})");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_TRUE(text(json_of(made), "expires").starts_with("2026-09-21T15:13:20."));
    const auto answer = show(text(json_of(made), "publicToken"));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "*");
    const auto body = json_of(answer);
    EXPECT_EQ(text(body.at("partner"), "id"), ann);
    EXPECT_EQ(show(text(json_of(made), "publicToken")).body, answer.body) << "again";
    env.advance_ms(1);
    // A click of the same place is the partner's own.
    const auto link = link_of(ann);
    ASSERT_EQ(
        send("GET", "/" + link.key, {}, {{"Host", link.domain}, {"User-Agent", kBrowser}}).status,
        302);
    EXPECT_TRUE(*read([&](Tx& tx) -> Result<bool> {
        const auto clicks = list_click_ids(tx, {.after = "", .before = "z", .limit = 100});
        const auto touch = find_touch(tx, workspace_id, clicks.back());
        return has_partner_identity(tx, ann, "visitor", std::to_string(touch->visitor));
    }));
    EXPECT_EQ(boost::json::serialize(body.at("totals")),
              R"({"clicks":1,"leads":1,"conversions":1,"sales":1,"saleAmount":1000,)"
              R"("earnings":125})");
    EXPECT_EQ(boost::json::serialize(body.at("commissions")),
              R"([{"status":"processed","count":1,"earnings":125}])");
    EXPECT_EQ(body.at("links").as_array().size(), 1U);
    EXPECT_EQ(text(body.at("rewards").at(0), "id"), reward);
    EXPECT_EQ(text(body.at("discount"), "id"), discount);
}

TEST_P(EmbedTokensApiTest, WhoIsNoPartnerYetBecomesOne) {
    const auto made = send("POST", "/tokens/embed/referrals",
                           R"({"partner":{"email":"new@mail.example","tenantId":"t-new"}})");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(json_of(send("GET", "/partners?tenantId=t-new")).as_array().size(), 1U);
    struct Row {
        std::string body;
        std::string expected;
    };
    const Row rows[] = {
        {"{}", "400 Either `partnerId` or `tenantId` must be provided."},
        {R"({"partnerId":"pn_none"})", "404 The partner is not enrolled in this program."},
        {R"({"partner":{}})",
         "422 invalid_type: email: Invalid input: expected string, received undefined"},
        {R"({"partner":7})",
         "422 invalid_type: partner: Invalid input: expected object, received number"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(outcome(send("POST", "/tokens/embed/referrals", row.body)), row.expected);
    }
    EXPECT_EQ(outcome(show("dub_embed_none")), "401 Unauthorized: Invalid or expired embed token.");
    EXPECT_EQ(outcome(send("GET", "/embed/referrals", {}, {{"Authorization", ""}})),
              "401 Missing Authorization header.");
    EXPECT_EQ(outcome(show(api_key)), "401 Unauthorized: Invalid or expired embed token.")
        << "an API key is no embed token";
}

HW_ON_BOTH_ENGINES(EmbedTokensApiTest);

}  // namespace
}  // namespace hw
