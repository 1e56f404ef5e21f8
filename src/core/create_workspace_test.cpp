// SPDX-License-Identifier: Apache-2.0
#include "core/create_workspace.hpp"

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class CreateWorkspaceTest : public EngineTest {
  protected:
    Result<CreatedWorkspace> create(const CreateWorkspace& input) {
        return db->write_now<CreatedWorkspace>(std::string(kOperator),
                                               [&](Tx& tx) { return create_workspace(tx, input); });
    }
    // Unique in the database that all tests share.
    std::string slug() { return "made-" + workspace_id.substr(3); }
};

TEST_P(CreateWorkspaceTest, StoresWorkspaceKeyAndDomain) {
    const auto made =
        create({.name = "Shop & Co", .slug = slug(), .currency = "EUR", .domain = "New." + domain});
    ASSERT_TRUE(made.has_value()) << made.error().message;
    const auto& id = made->workspace.workspace_id;
    EXPECT_TRUE(id.starts_with("ws_"));
    const auto stored = db->read_now<std::optional<Workspace>>(
        id, [&](Tx& tx) -> Result<std::optional<Workspace>> { return find_workspace(tx, id); });
    ASSERT_TRUE(stored && *stored);
    EXPECT_EQ((*stored)->name, "Shop & Co");
    EXPECT_EQ((*stored)->slug, slug());
    EXPECT_EQ((*stored)->currency, "eur");
    EXPECT_EQ((*stored)->publishable_key, made->workspace.publishable_key);
    EXPECT_TRUE((*stored)->publishable_key->starts_with("dub_pk_"));
    EXPECT_EQ((*stored)->publishable_key->size(), 31U);
    ASSERT_TRUE(made->domain);
    EXPECT_EQ(made->domain->slug, "new." + domain);
    EXPECT_TRUE(made->domain->primary);
    EXPECT_EQ(made->domain->workspace_id, id);
}

TEST_P(CreateWorkspaceTest, Refusals) {
    struct Row {
        CreateWorkspace input;
        std::string message;
    };
    const auto with = [&](std::string name, std::string a_slug, std::string currency,
                          std::string host = {}) {
        return CreateWorkspace{std::move(name), std::move(a_slug), std::move(currency),
                               std::move(host)};
    };
    const auto free = slug();
    const Row rows[] = {
        {with("", free, "usd"), "Invalid name"},
        {with("  ", free, "usd"), "Invalid name"},
        {with("a\nb", free, "usd"), "Invalid name"},
        {with("\xFF", free, "usd"), "Invalid name"},
        {with(std::string(101, 'n'), free, "usd"), "Invalid name"},
        {with("Shop", "", "usd"), "Invalid slug"},
        {with("Shop", "Shop", "usd"), "Invalid slug"},
        {with("Shop", "-shop", "usd"), "Invalid slug"},
        {with("Shop", "shop-", "usd"), "Invalid slug"},
        {with("Shop", std::string(49, 's'), "usd"), "Invalid slug"},
        {with("Shop", free, "usx"), "Invalid currency"},
        {with("Shop", free, ""), "Invalid currency"},
        {with("Shop", free, "usd", "a b"), "Invalid domain"},
        {with("Shop", free, "usd", domain), "The domain '" + domain + "' is already in use"},
        {with("Shop", "shop-" + workspace_id.substr(3), "usd"), "The slug"},
    };
    for (const auto& row : rows) {
        const auto made = create(row.input);
        ASSERT_FALSE(made.has_value()) << row.message;
        EXPECT_TRUE(made.error().message.starts_with(row.message)) << made.error().message;
    }
    // No refusal left anything behind.
    EXPECT_TRUE(create(with("Shop", free, "usd")).has_value());
}

TEST_P(CreateWorkspaceTest, ThePublishableKeyCanBeReplaced) {
    const auto replace = [&] {
        return write([&](Tx& tx) { return replace_publishable_key(tx, workspace_id); });
    };
    const auto first = replace();
    const auto second = replace();
    ASSERT_TRUE(first && second);
    EXPECT_NE(*first, *second);
    const auto owner = [&](const std::string& key) {
        const auto found = read([&](Tx& tx) -> Result<bool> {
            return find_workspace_by_publishable_key(tx, key).has_value();
        });
        return found.value();
    };
    EXPECT_FALSE(owner(*first));
    EXPECT_TRUE(owner(*second));
    EXPECT_FALSE(write([&](Tx& tx) { return replace_publishable_key(tx, "ws_none"); }).has_value());
}

HW_ON_BOTH_ENGINES(CreateWorkspaceTest);

}  // namespace
}  // namespace hw
