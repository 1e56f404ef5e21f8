// SPDX-License-Identifier: Apache-2.0
#include "core/create_api_key.hpp"

#include "base/digest.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

TEST(NormalizeScopes, ReadsListsAndRefusesWhatIsNoScope) {
    struct Case {
        std::string_view text;
        std::string_view expected;  // empty: refused
    };
    constexpr Case kCases[] = {
        {"apis.all", "apis.all"},
        {"links.read links.write", "links.read links.write"},
        {"links.read,links.write", "links.read links.write"},
        {" links.read,  links.write ", "links.read links.write"},
        {"", ""},
        {" , ", ""},
        {"all", ""},
        {"links.", ""},
        {".read", ""},
        {"links.read Links.write", ""},
        {"links.read\nlinks.write", ""},
    };
    for (const auto& row : kCases) {
        const auto scopes = normalize_scopes(row.text);
        EXPECT_EQ(scopes.value_or(""), row.expected) << row.text;
    }
}

class CreateApiKeyTest : public EngineTest {
  protected:
    Result<CreatedApiKey> create(const NewApiKey& input) {
        return write([&](Tx& tx) { return create_api_key(tx, input); });
    }
};

TEST_P(CreateApiKeyTest, StoresTheHashAndShowsTheSecretOnce) {
    const auto created = create({.workspace_id = workspace_id, .name = "ci"});
    ASSERT_TRUE(created.has_value());
    EXPECT_TRUE(created->secret.starts_with("dub_"));
    EXPECT_EQ(created->secret.size(), 28U);
    EXPECT_EQ(created->key.display.size(), 14U);

    const auto keys = read(
        [&](Tx& tx) -> Result<std::vector<ApiKey>> { return list_api_keys(tx, workspace_id); });
    ASSERT_EQ(keys->size(), 1U);
    EXPECT_EQ(keys->front().key_hash, sha256_hex(created->secret));
    EXPECT_EQ(keys->front().scopes, "apis.all");
    EXPECT_EQ(keys->front().name, "ci");
}

TEST_P(CreateApiKeyTest, GivenSecrets) {
    const auto unique = "dub_given_" + workspace_id;
    struct Case {
        std::string secret;
        std::string expected;  // code of the refusal, or the shown text
    };
    const Case cases[] = {
        {unique, "dub_giv..." + workspace_id.substr(workspace_id.size() - 4)},
        {unique, "conflict"},
        {"short" + workspace_id, "..."},
        {"with blank", "refused"},
        {"f\xC3\xBCr", "refused"},
        {std::string(201, 'x'), "refused"},
    };
    for (const auto& row : cases) {
        const auto created = create({.workspace_id = workspace_id, .secret = row.secret});
        if (created) {
            EXPECT_EQ(created->key.display, row.expected);
            EXPECT_EQ(created->secret, row.secret);
        } else {
            const bool conflict = created.error().code == ErrorCode::Conflict;
            EXPECT_EQ(conflict ? "conflict" : "refused", row.expected) << row.secret;
        }
    }
}

HW_ON_BOTH_ENGINES(CreateApiKeyTest);

}  // namespace
}  // namespace hw
