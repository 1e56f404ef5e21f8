// SPDX-License-Identifier: Apache-2.0
#include "core/seed_world.hpp"

#include <fmt/format.h>

#include <functional>

#include "base/digest.hpp"
#include "core/normalize_seed.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class SeedWorldTest : public EngineTest {
  protected:
    // The same random numbers in every test: the time keeps their workspace ids apart.
    SeedWorldTest() { env.advance_ms(run_); }

    // Names of one's own, because all tests of an engine share its database.
    std::string mine(std::string_view name) const { return fmt::format("{}-{}", name, run_); }

    SeedWorkspace shop() const {
        SeedWorkspace seed;
        seed.path = "workspaces[0]";
        seed.workspace.slug = mine("acme");
        seed.workspace.publishable_key = mine("dub_pk");
        seed.api_keys.push_back({.secret = mine("dub_secret_key"), .scopes = {}, .name = {}});
        seed.ingest_tokens.push_back({.token = mine("pub_key"), .kind = "public", .name = {}});
        Domain host;
        host.slug = mine("go") + ".example";
        seed.domains.push_back(host);
        for (const auto* key : {"a", "b", "c"}) {
            Link link;
            link.key = key;
            link.url = "https://acme.example/";
            seed.links.push_back(link);
        }
        seed.links[0].link_id = mine("link_a");
        seed.links[1].external_id = "ext-b";
        Customer customer;
        customer.external_id = "c1";
        customer.link_id = mine("link_a");
        customer.touch_id = "aaaaaaaaaaaaaaaa";
        seed.customers.push_back(customer);
        Webhook webhook;
        webhook.webhook_id = mine("wh");
        webhook.url = "http://127.0.0.1:9/hook";
        webhook.events = {"lead.created"};
        seed.webhooks.push_back(webhook);
        return seed;
    }

    Result<SeedCounts> seed(const SeedWorkspace& input) {
        SeedWorld world;
        world.workspaces.push_back(input);
        const auto normal = normalize_seed(world);
        if (!normal) return std::unexpected(normal.error());
        return db->write_now<SeedCounts>(std::string(kOperator), [&](Tx& tx) {
            return seed_workspace(tx, world.workspaces.front());
        });
    }

    void seed_well(const SeedWorkspace& input) {
        const auto result = seed(input);
        ASSERT_TRUE(result.has_value()) << result.error().message;
    }

    template <class F>
    auto look(F work) {
        using R = decltype(work(std::declval<Tx&>()));
        return *db->read_now<R>(std::string(kOperator),
                                [&](Tx& tx) -> Result<R> { return work(tx); });
    }

  private:
    static inline int runs_ = 0;
    int run_ = ++runs_;
};

TEST_P(SeedWorldTest, StoresEverythingOnce) {
    const auto first = seed(shop());
    ASSERT_TRUE(first.has_value()) << first.error().message;
    EXPECT_EQ(first->workspaces.made, 1);
    EXPECT_EQ(first->api_keys.made, 1);
    EXPECT_EQ(first->ingest_tokens.made, 1);
    EXPECT_EQ(first->domains.made, 1);
    EXPECT_EQ(first->links.made, 3);
    EXPECT_EQ(first->customers.made, 1);
    EXPECT_EQ(first->webhooks.made, 1);

    const auto workspace = look([&](Tx& tx) { return find_workspace_by_slug(tx, mine("acme")); });
    ASSERT_TRUE(workspace.has_value());
    const auto& id = workspace->workspace_id;
    const auto key =
        look([&](Tx& tx) { return find_api_key(tx, sha256_hex(mine("dub_secret_key"))); });
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(key->workspace_id, id);
    EXPECT_EQ(key->scopes, "apis.all");
    const auto link = look([&](Tx& tx) { return resolve_link(tx, mine("go") + ".example", "a"); });
    ASSERT_TRUE(link.has_value());
    EXPECT_EQ(link->link_id, mine("link_a"));
    EXPECT_EQ(link->created_at_ms, env.now_ms());
    const auto customer = look([&](Tx& tx) { return find_customer_by_external_id(tx, id, "c1"); });
    ASSERT_TRUE(customer.has_value());
    EXPECT_EQ(customer->link_id, mine("link_a"));
    EXPECT_EQ(customer->clicked_at_ms, env.now_ms());
    EXPECT_FALSE(customer->name.empty());
    const auto webhook = look([&](Tx& tx) { return find_webhook(tx, id, mine("wh")); });
    ASSERT_TRUE(webhook.has_value());
    EXPECT_TRUE(webhook->secret.starts_with("whsec_"));

    env.advance_ms(1'000);
    const auto again = seed(shop());
    ASSERT_TRUE(again.has_value()) << again.error().message;
    EXPECT_EQ(again->workspaces.kept, 1);
    EXPECT_EQ(again->api_keys.kept, 1);
    EXPECT_EQ(again->ingest_tokens.kept, 1);
    EXPECT_EQ(again->domains.kept, 1);
    EXPECT_EQ(again->links.kept, 3);
    EXPECT_EQ(again->customers.kept, 1);
    EXPECT_EQ(again->webhooks.kept, 1);
    EXPECT_EQ(again->links.made + again->customers.made + again->domains.made, 0);
}

TEST_P(SeedWorldTest, TagsAndFoldersOfLinks) {
    auto input = shop();
    input.tags.resize(2);
    input.tags[0].name = "News";
    input.tags[0].tag_id = mine("tag_news");
    input.tags[1].name = "Mail";
    input.folders.resize(1);
    input.folders[0].name = "Spring";
    input.folders[0].folder_id = mine("fold");
    auto& link = input.links[0];
    link.folder_id = mine("fold");
    link.video = link.password = link.ios = link.android = "x";
    link.geo = R"({"DE":"https://a.example"})";
    link.test_variants = "[]";
    link.test_started_at_ms = link.test_completed_at_ms = 5;
    link.proxy = link.rewrite = link.public_stats = true;
    input.link_tags.resize(1);
    input.link_tags[0].tag_names = std::vector<std::string>{"mail", "NEWS"};
    for (const bool first : {true, false}) {
        const auto seeded = seed(input);
        ASSERT_TRUE(seeded.has_value()) << seeded.error().message;
        EXPECT_EQ((first ? seeded->tags.made : seeded->tags.kept), 2);
        EXPECT_EQ((first ? seeded->folders.made : seeded->folders.kept), 1);
    }
    const auto stored =
        look([&](Tx& tx) { return resolve_link(tx, mine("go") + ".example", "a"); });
    ASSERT_TRUE(stored.has_value());
    EXPECT_EQ(stored->folder_id, mine("fold"));
    for (const auto& text : {stored->video, stored->password, stored->ios, stored->android}) {
        EXPECT_EQ(text, "x");
    }
    EXPECT_EQ(stored->geo, link.geo);
    EXPECT_EQ(stored->test_variants, "[]");
    EXPECT_EQ(stored->test_started_at_ms.value_or(0) + stored->test_completed_at_ms.value_or(0),
              10);
    EXPECT_TRUE(stored->proxy && stored->rewrite && stored->public_stats);
    const auto tags =
        look([&](Tx& tx) { return tags_of_links(tx, stored->workspace_id, {stored->link_id}); });
    ASSERT_EQ(tags.at(stored->link_id).size(), 2U);
    EXPECT_EQ(tags.at(stored->link_id)[0].name, "Mail");
    EXPECT_EQ(tags.at(stored->link_id)[1].tag_id, mine("tag_news"));
    EXPECT_TRUE(look([&](Tx& tx) {
                    return find_link_by_url(tx, stored->workspace_id, "https://acme.example/");
                }).has_value());
}

TEST_P(SeedWorldTest, AddsWhatIsNew) {
    seed_well(shop());
    auto more = shop();
    Domain second;
    second.slug = mine("zwei") + ".example";
    more.domains.insert(more.domains.begin(), second);
    more.links.push_back(more.links.back());
    more.links.back().key = "d";
    for (auto& link : more.links) link.domain = mine("go") + ".example";
    const auto result = seed(more);
    ASSERT_TRUE(result.has_value()) << result.error().message;
    EXPECT_EQ(result->links.made, 1);
    EXPECT_EQ(result->links.kept, 3);
    const auto domains = look([&](Tx& tx) {
        return list_domains(tx, find_workspace_by_slug(tx, mine("acme"))->workspace_id);
    });
    ASSERT_EQ(domains.size(), 2U);
    EXPECT_TRUE(domains[0].primary);
    EXPECT_EQ(domains[0].slug, mine("go") + ".example");
    EXPECT_FALSE(domains[1].primary);
}

TEST_P(SeedWorldTest, NamesTheRowThatContradictsTheFile) {
    auto other = shop();
    other.workspace.slug = mine("other");
    other.workspace.publishable_key = mine("dub_pk_other");
    other.workspace.workspace_id = mine("ws_other");
    other.api_keys[0].secret = mine("dub_other_key");
    other.ingest_tokens[0].token = mine("pub_other");
    other.domains[0].slug = mine("other") + ".example";
    seed_well(shop());
    seed_well(other);

    struct Case {
        std::function<void(SeedWorkspace&)> change;
        std::string expected;  // how the message begins
    };
    const Case cases[] = {
        {[&](auto& w) { w.workspace.workspace_id = "ws_x"; }, "workspaces[0].id: "},
        {[&](auto& w) {
             w.workspace.workspace_id = mine("ws_other");
             w.workspace.slug = mine("new");
         },
         "workspaces[0].slug: "},
        {[&](auto& w) {
             w.workspace.slug = mine("new");
             w.workspace.publishable_key = mine("dub_pk_other");
         },
         "workspaces[0].publishableKey: "},
        {[&](auto& w) { w.api_keys[0].secret = mine("dub_other_key"); },
         "workspaces[0].apiKeys[0].key: "},
        {[&](auto& w) { w.ingest_tokens[0].token = mine("pub_other"); },
         "workspaces[0].ingestTokens[0].token: "},
        {[&](auto& w) { w.ingest_tokens[0].kind = "secret"; },
         "workspaces[0].ingestTokens[0].kind: "},
        {[&](auto& w) { w.domains[0].slug = mine("other") + ".example"; },
         "workspaces[0].domains[0].slug: "},
        {[&](auto& w) { w.domains[0].domain_id = "dom_x"; }, "workspaces[0].domains[0].id: "},
        {[&](auto& w) { w.links[0].link_id = "link_x"; }, "workspaces[0].links[0].id: "},
        {[&](auto& w) { w.links[0].key = "renamed"; }, "workspaces[0].links[0].id: "},
        {[&](auto& w) { w.links[1].key = "renamed"; }, "workspaces[0].links[1].externalId: "},
        {[&](auto& w) { w.customers[0].customer_id = "cus_x"; }, "workspaces[0].customers[0].id: "},
        {[&](auto& w) { w.customers[0].link_id = "link_x"; },
         "workspaces[0].customers[0].linkId: "},
        {[&](auto& w) { w.webhooks[0].webhook_id = "wh_x"; }, "workspaces[0].webhooks[0].id: "},
        {[&](auto& w) { w.webhooks[0].url += "2"; }, "workspaces[0].webhooks[0].id: "},
    };
    for (const auto& row : cases) {
        auto changed = shop();
        row.change(changed);
        const auto result = seed(changed);
        ASSERT_FALSE(result.has_value()) << row.expected;
        EXPECT_TRUE(result.error().message.starts_with(row.expected)) << result.error().message;
        EXPECT_EQ(result.error().code, ErrorCode::Conflict);
    }
}

// More than one batch of links, and the refusal of one takes all of them back.
TEST_P(SeedWorldTest, NamesTheGroupThatIsNotThere) {
    struct Row {
        std::function<void(SeedWorkspace&)> spoil;
        std::string outcome;
    };
    const Row rows[] = {
        {[](auto& w) { w.links[1].folder_id = "fold_none"; },
         "workspaces[0].links[1].folderId: the workspace has no folder fold_none"},
        {[](auto& w) {
             w.link_tags.resize(1);
             w.link_tags[0].tag_names = std::vector<std::string>{"none"};
         },
         "workspaces[0].links[0]: Invalid tagNames detected: none"},
    };
    for (const auto& row : rows) {
        auto input = shop();
        row.spoil(input);
        const auto seeded = seed(input);
        ASSERT_FALSE(seeded.has_value());
        EXPECT_EQ(seeded.error().message, row.outcome);
    }
}

TEST_P(SeedWorldTest, OneTransactionForManyLinks) {
    auto many = shop();
    many.customers.clear();
    for (int i = 0; i < 2'500; ++i) {
        Link link;
        link.key = fmt::format("k{}", i);
        link.url = "https://acme.example/";
        many.links.push_back(link);
    }
    auto broken = many;
    Customer stray;
    stray.external_id = "stray";
    stray.link_id = "link_nowhere";
    broken.customers.push_back(stray);
    ASSERT_FALSE(seed(broken).has_value());
    EXPECT_FALSE(look([&](Tx& tx) { return find_workspace_by_slug(tx, mine("acme")); }));

    const auto result = seed(many);
    ASSERT_TRUE(result.has_value()) << result.error().message;
    EXPECT_EQ(result->links.made, 2'503);
    const auto again = seed(many);
    EXPECT_EQ(again->links.kept, 2'503);
}

HW_ON_BOTH_ENGINES(SeedWorldTest);

}  // namespace
}  // namespace hw
