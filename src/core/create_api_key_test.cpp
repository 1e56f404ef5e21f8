// SPDX-License-Identifier: Apache-2.0
#include "core/create_api_key.hpp"

#include "base/digest.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class CreateApiKeyTest : public EngineTest {
  protected:
    Result<CreatedApiKey> create(NewApiKey input) {
        if (input.workspace_id.empty()) input.workspace_id = workspace_id;
        return write([&](Tx& tx) { return create_api_key(tx, input); });
    }
};

TEST_P(CreateApiKeyTest, StoresTheHashAlone) {
    const auto made = create({.workspace_id = {}, .name = "Server", .scopes = "links.read"});
    ASSERT_TRUE(made.has_value()) << made.error().message;
    EXPECT_TRUE(made->secret.starts_with("dub_"));
    EXPECT_EQ(made->secret.size(), 28U);
    const auto stored = read([&](Tx& tx) -> Result<std::optional<ApiKey>> {
        return find_api_key(tx, sha256_hex(made->secret));
    });
    ASSERT_TRUE(stored && *stored);
    EXPECT_EQ((*stored)->workspace_id, workspace_id);
    EXPECT_EQ((*stored)->name, "Server");
    EXPECT_EQ((*stored)->scopes, "links.read");
    EXPECT_FALSE((*stored)->expires_at_ms);
    EXPECT_EQ((*stored)->display,
              made->secret.substr(0, 7) + "..." + made->secret.substr(made->secret.size() - 4));
}

TEST_P(CreateApiKeyTest, TakesOverKeysThatExist) {
    const auto secret = "hw_" + workspace_id + "0123456789abcdefghijkl";
    const auto made = create({.workspace_id = {}, .name = "Old", .secret = secret});
    ASSERT_TRUE(made.has_value()) << made.error().message;
    EXPECT_EQ(made->secret, secret);
    EXPECT_EQ(made->key.scopes, "apis.all");
    const auto again = create({.workspace_id = {}, .name = "Old", .secret = secret});
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().code, ErrorCode::Conflict);
}

TEST_P(CreateApiKeyTest, Refusals) {
    struct Row {
        NewApiKey input;
        std::string message;
    };
    const Row rows[] = {
        {{.workspace_id = "ws_none", .name = "K"}, "Workspace not found."},
        {{.workspace_id = {}, .name = std::string(101, 'k')}, "Invalid name"},
        {{.workspace_id = {}, .name = "\xFF"}, "Invalid name"},
        {{.workspace_id = {}, .name = "K", .scopes = "links.all"}, "Unknown scope 'links.all'"},
        {{.workspace_id = {}, .name = "K", .scopes = " ,"}, "A key needs a scope"},
        {{.workspace_id = {}, .name = "K", .secret = "a b"}, "Invalid key"},
        {{.workspace_id = {}, .name = "K", .secret = std::string(201, 'k')}, "Invalid key"},
    };
    for (const auto& row : rows) {
        const auto made = create(row.input);
        ASSERT_FALSE(made.has_value()) << row.message;
        EXPECT_TRUE(made.error().message.starts_with(row.message)) << made.error().message;
    }
}

HW_ON_BOTH_ENGINES(CreateApiKeyTest);

TEST(NormalizeScopes, KeepsEachOnce) {
    struct Row {
        std::string_view text;
        std::string_view stored;
    };
    const Row rows[] = {
        {"apis.all", "apis.all"},
        {"links.read,links.write", "links.read links.write"},
        {" links.read  conversions.write links.read", "links.read conversions.write"},
    };
    for (const auto& row : rows) EXPECT_EQ(normalize_scopes(row.text).value_or("-"), row.stored);
}

}  // namespace
}  // namespace hw
