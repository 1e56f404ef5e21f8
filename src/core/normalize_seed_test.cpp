// SPDX-License-Identifier: Apache-2.0
#include "core/normalize_seed.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace hw {
namespace {

Link link_to(const std::string& url, const std::string& key = {}) {
    Link link;
    link.url = url;
    link.key = key;
    return link;
}

Domain host(const std::string& slug, bool primary = false) {
    Domain domain;
    domain.slug = slug;
    domain.primary = primary;
    return domain;
}

Webhook hook(const std::string& url, const std::string& event = "lead.created") {
    Webhook webhook;
    webhook.url = url;
    webhook.events = {event};
    return webhook;
}

Customer person(const std::string& external_id, const std::string& id = {}) {
    Customer customer;
    customer.external_id = external_id;
    customer.customer_id = id;
    return customer;
}

// A good world of one workspace, which each case spoils.
SeedWorld good() {
    SeedWorkspace shop;
    shop.path = "workspaces[0]";
    shop.workspace.slug = "acme";
    shop.api_keys.push_back({.secret = "dub_0123456789", .scopes = {}, .name = {}});
    shop.domains.push_back(host("go.acme.example"));
    shop.links.push_back(link_to("https://acme.example/a", "a"));
    shop.links.push_back(link_to("https://acme.example/b", "b"));
    shop.customers.push_back(person("c1"));
    SeedWorld world;
    world.workspaces.push_back(std::move(shop));
    world.fx_rates.push_back({"2026-01-02", "EUR", "USD", "1.1", ""});
    return world;
}

Tag tag(const std::string& name, const std::string& color = {}) {
    Tag made;
    made.name = name;
    made.color = color;
    return made;
}

TEST(NormalizeSeed, FillsInWhatIsLeftOut) {
    auto world = good();
    world.workspaces[0].domains.push_back(host("Two.Acme.example"));
    world.workspaces[0].links.push_back(link_to("acme.example/c"));
    world.workspaces[0].links.push_back(link_to("https://acme.example/d", "/MiXed/"));
    ASSERT_TRUE(normalize_seed(world).has_value());
    const auto& shop = world.workspaces[0];
    EXPECT_EQ(shop.workspace.name, "acme");
    EXPECT_EQ(shop.api_keys[0].scopes, "apis.all");
    EXPECT_TRUE(shop.domains[0].primary);
    EXPECT_EQ(shop.domains[1].slug, "two.acme.example");
    EXPECT_FALSE(shop.domains[1].primary);
    EXPECT_EQ(shop.links[0].domain, "go.acme.example");
    EXPECT_EQ(shop.links[2].url, "https://acme.example/c");
    EXPECT_EQ(shop.links[2].key.size(), 7U);
    EXPECT_EQ(shop.links[3].key, "MiXed");
    EXPECT_EQ(shop.links[3].key_folded, "mixed");
    EXPECT_EQ(world.fx_rates[0].base, "eur");
    EXPECT_EQ(world.fx_rates[0].source, "seed");
}

TEST(NormalizeSeed, DerivesTheSameKeyEachTime) {
    std::string keys[2];
    for (auto& key : keys) {
        auto world = good();
        world.workspaces[0].links.push_back(link_to("https://acme.example/c"));
        ASSERT_TRUE(normalize_seed(world).has_value());
        key = world.workspaces[0].links[2].key;
    }
    EXPECT_EQ(keys[0], keys[1]);
}

TEST(NormalizeSeed, NamesThePlaceOfWhatIsWrong) {
    struct Case {
        std::function<void(SeedWorkspace&)> spoil;
        std::string_view expected;  // how the message begins
    };
    const Case cases[] = {
        {[](auto& w) { w.workspace.workspace_id = "*"; }, "workspaces[0].id: "},
        {[](auto& w) { w.workspace.slug = ""; }, "workspaces[0].slug: "},
        {[](auto& w) { w.workspace.slug = "Acme"; }, "workspaces[0].slug: "},
        {[](auto& w) { w.workspace.currency = "xyz"; }, "workspaces[0].currency: "},
        {[](auto& w) { w.workspace.publishable_key = "a b"; }, "workspaces[0].publishableKey: "},
        {[](auto& w) { w.workspace.allowed_hostnames.resize(11); },
         "workspaces[0].allowedHostnames: "},
        {[](auto& w) { w.api_keys[0].secret = ""; }, "workspaces[0].apiKeys[0].key: "},
        {[](auto& w) { w.api_keys.push_back(w.api_keys[0]); }, "workspaces[0].apiKeys[1].key: "},
        {[](auto& w) { w.api_keys[0].scopes = "everything"; }, "workspaces[0].apiKeys[0].scopes: "},
        {[](auto& w) { w.domains[0].slug = "http://x.example"; },
         "workspaces[0].domains[0].slug: "},
        {[](auto& w) { w.domains[0].slug = "x.example:80"; }, "workspaces[0].domains[0].slug: "},
        {[](auto& w) { w.domains.push_back(w.domains[0]); }, "workspaces[0].domains[1].slug: "},
        {[](auto& w) { w.domains = {host("a.example", true), host("b.example", true)}; },
         "workspaces[0].domains: "},
        {[](auto& w) { w.domains.clear(); }, "workspaces[0].links[0]: "},
        {[](auto& w) { w.links[1].domain = "other.example"; }, "workspaces[0].links[1].domain: "},
        {[](auto& w) { w.links[1].url = "javascript:alert(1)"; }, "workspaces[0].links[1].url: "},
        {[](auto& w) { w.links[1].expired_url = "data:x"; }, "workspaces[0].links[1].expiredUrl: "},
        {[](auto& w) { w.links[1].key = "a b"; }, "workspaces[0].links[1].key: "},
        {[](auto& w) { w.links[1].key = "A"; }, "workspaces[0].links[1].key: "},
        {[](auto& w) { w.links[0].link_id = w.links[1].link_id = "link_1"; },
         "workspaces[0].links[1].id: "},
        {[](auto& w) { w.links[0].external_id = w.links[1].external_id = "x"; },
         "workspaces[0].links[1].externalId: "},
        {[](auto& w) { w.links[1].link_id = "link 1"; }, "workspaces[0].links[1].id: "},
        {[](auto& w) { w.tags = {tag("a", "blau")}; }, "workspaces[0].tags[0].color: "},
        {[](auto& w) { w.tags = {tag("a"), tag("A")}; }, "workspaces[0].tags[1].name: "},
        {[](auto& w) { w.tags = {tag("")}; }, "workspaces[0].tags[0].name: "},
        {[](auto& w) { w.folders.resize(1); }, "workspaces[0].folders[0].name: "},
        {[](auto& w) {
             w.folders.resize(1);
             w.folders[0].name = "f";
             w.folders[0].access_level = "all";
         },
         "workspaces[0].folders[0].accessLevel: "},
        {[](auto& w) { w.customers[0].external_id = ""; },
         "workspaces[0].customers[0].externalId: "},
        {[](auto& w) { w.customers.push_back(person("c1")); },
         "workspaces[0].customers[1].externalId: "},
        {[](auto& w) { w.customers = {person("c1", "cus_1"), person("c2", "cus_1")}; },
         "workspaces[0].customers[1].id: "},
        {[](auto& w) { w.webhooks = {hook("ftp://x.example/")}; },
         "workspaces[0].webhooks[0]: url"},
        {[](auto& w) { w.webhooks = {hook("https://x.example/", "x")}; },
         "workspaces[0].webhooks[0]: events: received \"x\""},
        {[](auto& w) { w.webhooks = {hook("https://x.example/"), hook("https://x.example/")}; },
         "workspaces[0].webhooks[1].url: "},
        {[](auto& w) {
             w.webhooks = {hook("https://x.example/")};
             w.webhooks[0].secret = "short";
         },
         "workspaces[0].webhooks[0]: secret: "},
        {[](auto& w) {
             w.webhooks = {hook("https://x.example/")};
             w.webhooks[0].name = std::string(41, 'n');
         },
         "workspaces[0].webhooks[0].name: "},
        {[](auto& w) {
             for (int i = 0; i < 21; ++i) {
                 w.webhooks.push_back(hook("https://x.example/" + std::to_string(i)));
             }
         },
         "workspaces[0].webhooks: 21 endpoints; 20 is the limit"},
    };
    for (const auto& row : cases) {
        auto world = good();
        row.spoil(world.workspaces[0]);
        const auto result = normalize_seed(world);
        ASSERT_FALSE(result.has_value()) << row.expected;
        EXPECT_TRUE(result.error().message.starts_with(row.expected)) << result.error().message;
        EXPECT_EQ(result.error().code, ErrorCode::UnprocessableEntity);
    }
}

TEST(NormalizeSeed, RefusesWhatIsNoRate) {
    struct Case {
        StoredRate rate;
        std::string_view expected;
    };
    const Case cases[] = {
        {{"2026-13-01", "eur", "usd", "1.1", ""}, "fxRates[0].date: "},
        {{"2026-01-01", "euro", "usd", "1.1", ""}, "fxRates[0]: "},
        {{"2026-01-01", "eur", "usd", "-1", ""}, "fxRates[0].rate: "},
        {{"2026-01-01", "eur", "usd", "1,1", ""}, "fxRates[0].rate: "},
    };
    for (const auto& row : cases) {
        SeedWorld world;
        world.fx_rates.push_back(row.rate);
        const auto result = normalize_seed(world);
        ASSERT_FALSE(result.has_value()) << row.expected;
        EXPECT_TRUE(result.error().message.starts_with(row.expected)) << result.error().message;
    }
}

TEST(NormalizeSeed, TwoWorkspacesShareNothing) {
    auto world = good();
    world.workspaces.push_back(world.workspaces[0]);
    world.workspaces[1].path = "workspaces[1]";
    const auto result = normalize_seed(world);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().message.substr(0, 20), "workspaces[1].slug: ");
}

}  // namespace
}  // namespace hw
