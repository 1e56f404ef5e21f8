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
    EXPECT_FALSE(now.at("webhooks").at("verifiedAt").is_null());
}

TEST_P(ClientsApiTest, ChecklistOfANewWorkspace) {
    EXPECT_EQ(done(), "clickSeen");
    sell("in_1");
    EXPECT_EQ(done(), "clickSeen cookieSeen saleAttributed");
    paid("in_2");
    EXPECT_EQ(done(), "clickSeen cookieSeen webhookVerified saleAttributed");
}

TEST_P(ClientsApiTest, NotForEverybody) {
    api_key = make_api_key("links.read");
    EXPECT_EQ(send("GET", "/admin/clients").status, 403);
    EXPECT_EQ(send("GET", "/setup/checklist").status, 403) << "no token of a setup link";
}

HW_ON_BOTH_ENGINES(ClientsApiTest);

}  // namespace
}  // namespace hw
