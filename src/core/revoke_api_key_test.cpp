// SPDX-License-Identifier: Apache-2.0
#include "core/revoke_api_key.hpp"

#include "core/create_api_key.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class RevokeApiKeyTest : public EngineTest {};

TEST_P(RevokeApiKeyTest, TheKeyIsGone) {
    const auto made = write(
        [&](Tx& tx) { return create_api_key(tx, {.workspace_id = workspace_id, .name = "K"}); });
    ASSERT_TRUE(made.has_value());
    const auto revoke = [&](const std::string& owner) {
        const auto done = write([&](Tx& tx) -> Result<bool> {
            HW_CHECK(revoke_api_key(tx, owner, made->key.api_key_id));
            return true;
        });
        return done ? "" : done.error().reason;
    };
    EXPECT_EQ(revoke("ws_other"), "no_key");
    EXPECT_EQ(revoke(workspace_id), "");
    EXPECT_EQ(revoke(workspace_id), "no_key");
    const auto left =
        read([&](Tx& tx) -> Result<std::size_t> { return list_api_keys(tx, workspace_id).size(); });
    EXPECT_EQ(left.value(), 0U);
}

HW_ON_BOTH_ENGINES(RevokeApiKeyTest);

}  // namespace
}  // namespace hw
