// SPDX-License-Identifier: Apache-2.0
#include "api/clients.hpp"

#include "tests/fixture/revenue_api_test.hpp"

namespace hw {
namespace {

class ClientsApiTest : public RevenueApiTest {
  protected:
    Json client() {
        const auto rows = json_of(send("GET", "/admin/clients"));
        EXPECT_EQ(rows.as_array().size(), 1U);
        return rows.at(0);
    }
    // The names of the steps that are done.
    std::string done() {
        std::string names;
        const auto steps = json_of(send("GET", "/setup/checklist"));
        for (const auto& step : steps.as_array()) {
            EXPECT_EQ(step.at("at").is_null(), !step.at("done").as_bool());
            if (!step.at("done").as_bool()) continue;
            names.append(names.empty() ? "" : " ").append(step.at("name").as_string());
        }
        return names;
    }
};

TEST_P(ClientsApiTest, StatusWithTheRuleThatSetIt) {
    const auto before = client();
    EXPECT_EQ(before.at("workspaceId").as_string(), workspace_id);
    EXPECT_EQ(before.at("status").as_string(), "not_working");
    EXPECT_EQ(before.at("rule").as_string(), "no_conversion");
    EXPECT_TRUE(before.at("lastSaleAt").is_null());
    EXPECT_TRUE(before.at("webhooks").is_null());
    set_inferred("off");
    paid("in_1");
    paid("in_2", "p1");
    const auto now = client();
    EXPECT_EQ(now.at("rule").as_string(), "orphans_24h");
    EXPECT_EQ(boost::json::serialize(now.at("last24h")),
              R"({"sales":2,"inferred":0,"orphans":1,)"
              R"("orphansByReason":[{"reason":"lead_not_found","count":1}]})");
    EXPECT_EQ(now.at("last7d"), now.at("last24h"));
    EXPECT_EQ(now.at("webhooks").at("failed24h").as_int64(), 0);
    EXPECT_EQ(now.at("webhooks").at("deliveries7d").as_int64(), 2);
    EXPECT_EQ(now.at("webhooks").at("duplicates7d").as_int64(), 0);
    EXPECT_TRUE(now.at("webhooks").at("lastFailureAt").is_null());
    EXPECT_TRUE(now.at("webhooks").at("clockSkewMs").is_null());
    EXPECT_FALSE(now.at("webhooks").at("verifiedAt").is_null());
}

TEST_P(ClientsApiTest, ChecklistOfANewWorkspace) {
    EXPECT_EQ(done(), "clickSeen");
    sell("in_1");
    EXPECT_EQ(done(), "clickSeen cookieSeen saleAttributed");
    paid("in_2");
    EXPECT_EQ(done(), "clickSeen cookieSeen webhookVerified saleAttributed");
}

TEST_P(ClientsApiTest, HowPaymentWebhooksArrive) {
    const auto secret = "whsec_of_workspace_" + workspace_id;
    const auto made = post("/payment-connections", {{"provider", "stripe"}, {"secret", secret}});
    const auto path = "/hooks/stripe/" + std::string(json_of(made).at("id").as_string());
    const auto deliver = [&](const Object& event, const std::string& signature) {
        const auto body = boost::json::serialize(event);
        env.advance_ms(1);
        return send("POST", path, body, {{"Authorization", ""}, {"Fake-Signature", signature}});
    };
    const Object paid{{"id", "evt_paid"},
                      {"type", "invoice.paid"},
                      {"version", "2026-10-28.endive"},
                      {"signedAt", env.now_ms() - 200'000}};
    EXPECT_EQ(deliver(paid, secret).status, 200);
    EXPECT_EQ(deliver(paid, secret).status, 200);
    sell("in_1");
    auto seen = client();
    EXPECT_EQ(seen.at("rule").as_string(), "clock_skew");
    const auto& webhooks = seen.at("webhooks");
    EXPECT_EQ(webhooks.at("clockSkewMs").as_int64(), 200'001);
    EXPECT_EQ(webhooks.at("apiVersion").as_string(), "2026-10-28.endive");
    EXPECT_EQ(webhooks.at("duplicates7d").as_int64(), 1);
    EXPECT_EQ(webhooks.at("waiting").as_int64(), 1);
    EXPECT_EQ(webhooks.at("eventsNeverSeen").as_array().size(), 11U);
    EXPECT_TRUE(done().contains("eventsSelected")) << done();
    EXPECT_EQ(deliver(paid, "forged").status, 400);
    seen = client();
    EXPECT_EQ(seen.at("rule").as_string(), "webhooks_failing");
    EXPECT_EQ(seen.at("webhooks").at("lastFailureReason").as_string(), "no_match");
    EXPECT_EQ(seen.at("webhooks").at("setAside24h").as_int64(), 1);
    EXPECT_EQ(seen.at("webhooks").at("dead24h").as_int64(), 0);
}

TEST_P(ClientsApiTest, NotForEverybody) {
    api_key = make_api_key("links.read");
    EXPECT_EQ(send("GET", "/admin/clients").status, 403);
    EXPECT_EQ(send("GET", "/setup/checklist").status, 403) << "no token of a setup link";
}

HW_ON_BOTH_ENGINES(ClientsApiTest);

}  // namespace
}  // namespace hw
