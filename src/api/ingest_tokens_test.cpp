// SPDX-License-Identifier: Apache-2.0
#include "api/ingest_tokens.hpp"

#include "tests/fixture/api_test.hpp"

namespace hw {
namespace {

using IngestTokensTest = ApiTest;

TEST_P(IngestTokensTest, MadeShownOnceListedRevoked) {
    const auto made = send("POST", "/ingest-tokens", R"({"kind":"public","name":"Website"})");
    ASSERT_EQ(made.status, 201) << made.body;
    const auto token = json_of(made).as_object();
    EXPECT_TRUE(token.at("token").as_string().starts_with("pub_"));
    EXPECT_TRUE(token.at("revokedAt").is_null());
    auto listed = json_of(send("GET", "/ingest-tokens")).as_array();
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_FALSE(listed[0].as_object().contains("token"));
    EXPECT_EQ(listed[0].at("name").as_string(), "Website");
    const auto path = "/ingest-tokens/" + std::string(token.at("id").as_string());
    const auto revoked = send("DELETE", path);
    EXPECT_EQ(revoked.status, 200);
    EXPECT_TRUE(json_of(revoked).at("revokedAt").is_string());
    EXPECT_EQ(send("DELETE", path).body, revoked.body);
}

TEST_P(IngestTokensTest, WhatIsRefused) {
    EXPECT_EQ(send("POST", "/ingest-tokens", R"({"kind":"private"})").status, 422);
    EXPECT_EQ(send("POST", "/ingest-tokens", R"({})").status, 422);
    EXPECT_EQ(send("DELETE", "/ingest-tokens/itok_nothing").status, 404);
    const auto key = "Bearer " + make_api_key("links.write");
    EXPECT_EQ(send("GET", "/ingest-tokens", "", {{"Authorization", key}}).status, 403);
}

TEST_P(IngestTokensTest, AKeyOfAnotherWorkspaceIsAnotherKey) {
    const auto make = [&](const std::string& bearer) {
        const auto made =
            send("POST", "/ingest-tokens", R"({"kind":"secret"})",
                 {{"Authorization", "Bearer " + bearer}, {"Idempotency-Key", "the-same"}});
        EXPECT_EQ(made.status, 201) << made.body;
        return std::string(json_of(made).at("token").as_string());
    };
    const auto mine = make(api_key);
    EXPECT_EQ(make(api_key), mine);
    workspace_id = "ws_other_" + workspace_id;
    const auto made = write([&](Tx& tx) -> Result<bool> {
        Workspace workspace;
        workspace.workspace_id = workspace.slug = workspace.name = tx.workspace_id();
        return insert_workspace(tx, workspace);
    });
    HW_ASSERT(made && *made);
    EXPECT_NE(make(make_api_key("apis.all")), mine);
}

HW_ON_BOTH_ENGINES(IngestTokensTest);

}  // namespace
}  // namespace hw
