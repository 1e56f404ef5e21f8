// SPDX-License-Identifier: Apache-2.0
#include "core/create_ingest_token.hpp"

#include "base/digest.hpp"
#include "base/limits.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class CreateIngestTokenTest : public EngineTest {
  protected:
    // "ok" or "code: message".
    std::string outcome(const NewIngestToken& input) {
        const auto made = write([&](Tx& tx) { return create_ingest_token(tx, input); });
        return made ? "ok" : made.error().reason;
    }
    NewIngestToken wanted(const std::string& kind, const std::string& token = {}) {
        return {.workspace_id = workspace_id, .kind = kind, .name = "Shop", .token = token};
    }
};

TEST_P(CreateIngestTokenTest, OnlyItsHashIsKept) {
    for (const auto& [kind, begin] :
         {std::pair{"public", "pub_"}, std::pair{"secret", "sec_"}, std::pair{"test", "test_"}}) {
        const auto made =
            write([&](Tx& tx) { return create_ingest_token(tx, wanted(kind)); }).value();
        EXPECT_TRUE(made.secret.starts_with(begin)) << made.secret;
        EXPECT_EQ(made.token.token_hash, sha256_hex(made.secret));
        EXPECT_FALSE(made.token.display.contains(made.secret));
    }
    const auto listed = *read([&](Tx& tx) -> Result<std::vector<IngestToken>> {
        return list_ingest_tokens(tx, workspace_id);
    });
    ASSERT_EQ(listed.size(), 3U);
}

TEST_P(CreateIngestTokenTest, WhatIsRefused) {
    const auto mine = workspace_id + "-mine";
    auto long_name = wanted("public");
    long_name.name = std::string(101, 'n');
    struct Case {
        NewIngestToken input;
        std::string expected;
    };
    const Case table[] = {
        {wanted("public", mine), "ok"},
        {wanted("secret", mine), "duplicate_token"},
        {wanted("private"), "invalid_kind"},
        {wanted("public", "with blank"), "invalid_token"},
        {wanted("public", std::string(256, 'x')), "invalid_token"},
        {long_name, "invalid_name"},
        {{.workspace_id = "ws_nobody", .kind = "public"}, "no_workspace"},
    };
    for (const auto& row : table) EXPECT_EQ(outcome(row.input), row.expected);
}

TEST_P(CreateIngestTokenTest, ARevokedOneStaysTaken) {
    const auto text = workspace_id + "-old";
    const auto made =
        write([&](Tx& tx) { return create_ingest_token(tx, wanted("public", text)); }).value();
    const auto revoked =
        write([&](Tx& tx) { return revoke_ingest_token_of(tx, made.token.token_id); });
    ASSERT_TRUE(revoked);
    EXPECT_EQ(revoked->revoked_at_ms, env.now_ms());
    EXPECT_EQ(outcome(wanted("public", text)), "duplicate_token");
    const auto unknown = write([&](Tx& tx) { return revoke_ingest_token_of(tx, "itok_no"); });
    EXPECT_EQ(unknown.error().reason, "no_token");
}

TEST_P(CreateIngestTokenTest, AWorkspaceHasOnlySoMany) {
    for (std::size_t i = 0; i < limits::kIngestTokensMax; ++i) {
        ASSERT_EQ(outcome(wanted("public")), "ok");
    }
    EXPECT_EQ(outcome(wanted("public")), "too_many_tokens");
}

HW_ON_BOTH_ENGINES(CreateIngestTokenTest);

}  // namespace
}  // namespace hw
