// SPDX-License-Identifier: Apache-2.0
#include "api/seed_file.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

constexpr auto kEveryField = R"json({
      "workspaces": [{
        "id": "ws_1", "slug": "acme", "name": "Acme", "currency": "eur",
        "publishableKey": "dub_pk_1", "allowedHostnames": ["acme.example"],
        "createdAt": "2026-01-02T03:04:05.678Z",
        "apiKeys": [{"key": "dub_1", "scopes": ["links.read", "links.write"], "name": "ci"},
                    {"key": "dub_2", "scopes": "links.read links.write"}, {"key": "dub_3"}],
        "domains": ["one.example", {"slug": "two.example", "primary": true, "id": "dom_2"}],
        "links": [{"id": "link_1", "domain": "one.example", "key": "a", "url": "https://x.example",
          "externalId": "e", "tenantId": "t", "programId": "prog", "partnerId": "pn",
          "trackConversion": true, "archived": true, "disabledAt": "2026-01-02",
          "expiresAt": 1767323045678, "expiredUrl": "https://y.example", "title": "T",
          "description": "D", "image": "I", "comments": "C", "doIndex": true,
          "video": "V", "password": "P", "folderId": "fold_1", "proxy": true, "rewrite": true,
          "publicStats": true, "ios": "i.example", "android": null,
          "geo": {"DE": "https://d.example"}, "tags": [{"id": "tag_1", "name": "News"}],
          "testVariants": [{"url": "https://v.example", "percentage": 50},
            {"url": "https://w.example", "percentage": 50}], "testCompletedAt": "2026-01-02",
          "createdAt": "2026-01-02T03:04:05Z", "clicks": 7, "shortLink": "https://one.example/a"},
          {"url": "https://z.example", "externalId": null, "archived": null}],
        "tags": [{"name": "News", "color": "red", "id": "tag_1"}, {"name": "Mail"}],
        "folders": [{"name": "Spring", "id": "fold_1", "description": "D", "accessLevel": "read"}],
        "customers": [{"id": "cus_1", "externalId": "c1", "name": "Ada", "email": "a@b.example",
          "avatar": "https://a.example/p.png", "country": "GB", "clickId": "aaaaaaaaaaaaaaaa",
          "linkId": "link_1", "createdAt": "2026-01-02T03:04:05Z"}, {"externalId": "c2"}],
        "webhooks": [{"id": "wh_1", "name": "Mine", "url": "https://h.example/",
          "events": ["lead.created"], "secret": "whsec_x", "createdAt": "2026-01-02"}],
        "ingestTokens": [{"token": "pub_1", "kind": "public", "name": "Site"},
          {"token": "sec_1", "kind": "secret"}]
      }],
      "fxRates": [{"date": "2026-01-02", "base": "EUR", "quote": "usd", "rate": "1.1",
                   "source": "mine"}]
    })json";

SeedWorld read_every_field() {
    auto world = read_seed_file(kEveryField);
    EXPECT_TRUE(world.has_value()) << world.error().message;
    return world ? std::move(*world) : SeedWorld{{SeedWorkspace{}}, {}};
}

TEST(SeedFile, ReadsEveryFieldOfAWorkspace) {
    const auto world = read_every_field();
    const auto& shop = world.workspaces.at(0);
    EXPECT_EQ(shop.path, "workspaces[0]");
    EXPECT_EQ(shop.workspace.workspace_id, "ws_1");
    EXPECT_EQ(shop.workspace.currency, "eur");
    EXPECT_EQ(shop.workspace.publishable_key, "dub_pk_1");
    EXPECT_EQ(shop.workspace.allowed_hostnames, std::vector<std::string>{"acme.example"});
    EXPECT_EQ(shop.workspace.created_at_ms, 1767323045678);
    ASSERT_EQ(shop.api_keys.size(), 3U);
    EXPECT_EQ(shop.api_keys[0].scopes, "links.read links.write");
    EXPECT_EQ(shop.api_keys[0].name, "ci");
    EXPECT_EQ(shop.api_keys[1].scopes, "links.read links.write");
    EXPECT_EQ(shop.api_keys[2].scopes, "");
    ASSERT_EQ(shop.ingest_tokens.size(), 2U);
    EXPECT_EQ(shop.ingest_tokens[0].token, "pub_1");
    EXPECT_EQ(shop.ingest_tokens[0].name, "Site");
    EXPECT_EQ(shop.ingest_tokens[1].kind, "secret");
    ASSERT_EQ(shop.domains.size(), 2U);
    EXPECT_EQ(shop.domains[0].slug, "one.example");
    EXPECT_TRUE(shop.domains[1].primary);
    EXPECT_EQ(shop.domains[1].domain_id, "dom_2");
    ASSERT_EQ(shop.tags.size(), 2U);
    EXPECT_EQ(shop.tags[0].tag_id, "tag_1");
    EXPECT_EQ(shop.tags[0].color, "red");
    EXPECT_EQ(shop.tags[1].name, "Mail");
    ASSERT_EQ(shop.folders.size(), 1U);
    EXPECT_EQ(shop.folders[0].folder_id, "fold_1");
    EXPECT_EQ(shop.folders[0].description, "D");
    EXPECT_EQ(shop.folders[0].access_level, "read");
    ASSERT_EQ(shop.webhooks.size(), 1U);
    EXPECT_EQ(shop.webhooks[0].webhook_id, "wh_1");
    EXPECT_EQ(shop.webhooks[0].name, "Mine");
    EXPECT_EQ(shop.webhooks[0].url, "https://h.example/");
    EXPECT_EQ(shop.webhooks[0].events, std::vector<std::string>{"lead.created"});
    EXPECT_EQ(shop.webhooks[0].secret, "whsec_x");
    EXPECT_EQ(shop.webhooks[0].created_at_ms, 1767312000000);
    ASSERT_EQ(world.fx_rates.size(), 1U);
    EXPECT_EQ(world.fx_rates[0].source, "mine");
}

TEST(SeedFile, ReadsEveryFieldOfLinksAndCustomers) {
    const auto world = read_every_field();
    const auto& shop = world.workspaces.at(0);
    ASSERT_EQ(shop.links.size(), 2U);
    const auto& link = shop.links[0];
    EXPECT_EQ(link.link_id, "link_1");
    EXPECT_EQ(link.domain, "one.example");
    EXPECT_EQ(link.key, "a");
    EXPECT_EQ(link.url, "https://x.example");
    EXPECT_EQ(link.external_id, "e");
    EXPECT_EQ(link.tenant_id, "t");
    EXPECT_EQ(link.program_id, "prog");
    EXPECT_EQ(link.partner_id, "pn");
    EXPECT_TRUE(link.track_conversion && link.archived && link.do_index);
    EXPECT_EQ(link.disabled_at_ms, 1767312000000);
    EXPECT_EQ(link.expires_at_ms, 1767323045678);
    EXPECT_EQ(link.expired_url, "https://y.example");
    EXPECT_EQ(link.title, "T");
    EXPECT_EQ(link.description, "D");
    EXPECT_EQ(link.image, "I");
    EXPECT_EQ(link.comments, "C");
    EXPECT_EQ(link.video, "V");
    EXPECT_EQ(link.password, "P");
    EXPECT_EQ(link.folder_id, "fold_1");
    EXPECT_TRUE(link.proxy && link.rewrite && link.public_stats);
    EXPECT_EQ(link.ios, "https://i.example");
    EXPECT_FALSE(link.android);
    EXPECT_EQ(link.geo, R"({"DE":"https://d.example"})");
    EXPECT_TRUE(link.test_variants->contains("https://w.example"));
    EXPECT_EQ(link.test_completed_at_ms, 1767312000000);
    ASSERT_EQ(shop.link_tags.size(), 2U);
    EXPECT_EQ(shop.link_tags[0].tag_names, std::vector<std::string>{"News"});
    EXPECT_FALSE(shop.link_tags[1].tag_ids || shop.link_tags[1].tag_names);
    EXPECT_EQ(link.created_at_ms, 1767323045000);
    EXPECT_FALSE(shop.links[1].external_id || shop.links[1].archived);

    ASSERT_EQ(shop.customers.size(), 2U);
    const auto& customer = shop.customers[0];
    EXPECT_EQ(customer.customer_id, "cus_1");
    EXPECT_EQ(customer.external_id, "c1");
    EXPECT_EQ(customer.name, "Ada");
    EXPECT_EQ(customer.email, "a@b.example");
    EXPECT_EQ(customer.avatar, "https://a.example/p.png");
    EXPECT_EQ(customer.country, "GB");
    EXPECT_EQ(customer.touch_id, "aaaaaaaaaaaaaaaa");
    EXPECT_EQ(customer.link_id, "link_1");
    EXPECT_EQ(customer.created_at_ms, 1767323045000);
}

TEST(SeedFile, NamesThePlaceOfWhatIsWrong) {
    struct Case {
        std::string_view text;
        std::string_view expected;  // how the message begins
    };
    constexpr Case kCases[] = {
        {"", "no valid JSON at line 1, column 1"},
        {"{\"workspaces\": [\n  {,}]}", "no valid JSON at line 2, column 4"},
        {"{} {}", "no valid JSON at line 1, column 4"},
        {"\xFF", "the file is not UTF-8 text"},
        {"[]", "expected an object"},
        {R"({"workspace": []})", "workspace: unknown collection"},
        {R"({"workspaces": {}})", "workspaces: expected an array"},
        {R"({"workspaces": [1]})", "workspaces[0]: expected an object"},
        {R"({"workspaces": [{}]})", "workspaces[0].slug: "},
        {R"({"workspaces": [{"slug": "a", "cohorts": []}]})",
         "workspaces[0].cohorts: unknown collection"},
        {R"({"workspaces": [{"slug": "a", "tags": [{"color": "red"}]}]})",
         "workspaces[0].tags[0].name: "},
        {R"({"workspaces": [{"slug": "a", "folders": [{}]}]})", "workspaces[0].folders[0].name: "},
        {R"x({"workspaces": [{"slug": "a", "links": [{"url": "x", "ios": "data:x"}]}]})x",
         "workspaces[0].links[0]: Invalid ios URL"},
        {R"({"workspaces": [{"slug": "a", "links": [{"url": "x", "geo": {"de": "y"}}]}]})",
         "workspaces[0].links[0].geo.de: Invalid key in record"},
        {R"({"workspaces": [{"slug": "a", "links": [{"url": "x", "tags": [{}]}]}]})",
         "workspaces[0].links[0].tags[0].name: "},
        {R"({"workspaces": [{"slug": "a", "curency": "eur"}]})",
         "workspaces[0].curency: unknown field"},
        {R"({"workspaces": [{"slug": "a", "currency": 7}]})", "workspaces[0].currency: "},
        {R"({"workspaces": [{"slug": "a", "apiKeys": [{"scopes": []}]}]})",
         "workspaces[0].apiKeys[0].key: "},
        {R"({"workspaces": [{"slug": "a", "apiKeys": [{"key": "k", "scopes": []}]}]})",
         "workspaces[0].apiKeys[0].scopes: "},
        {R"({"workspaces": [{"slug": "a", "allowedHostnames": [1]}]})",
         "workspaces[0].allowedHostnames: "},
        {R"({"workspaces": [{"slug": "a", "domains": [7]}]})", "workspaces[0].domains[0]: "},
        {R"({"workspaces": [{"slug": "a", "domains": [{}]}]})", "workspaces[0].domains[0].slug: "},
        {R"({"workspaces": [{"slug": "a", "links": [{"url": "x"}, {}]}]})",
         "workspaces[0].links[1].url: "},
        {R"({"workspaces": [{"slug": "a", "links": [{"url": 1}]}]})",
         "workspaces[0].links[0].url: Invalid input"},
        {R"({"workspaces": [{"slug": "a", "links": [{"url": "x", "archived": "no"}]}]})",
         "workspaces[0].links[0].archived: "},
        {R"({"workspaces": [{"slug": "a", "links": [{"url": "x", "createdAt": "today"}]}]})",
         "workspaces[0].links[0].createdAt: 'today'"},
        {R"({"workspaces": [{"slug": "a", "customers": [{}]}]})",
         "workspaces[0].customers[0].externalId: "},
        {R"({"fxRates": [{"date": "2026-01-01", "base": "eur", "quote": "usd", "rate": 1.1}]})",
         "fxRates[0].rate: "},
    };
    for (const auto& row : kCases) {
        const auto world = read_seed_file(row.text);
        ASSERT_FALSE(world.has_value()) << row.text;
        EXPECT_TRUE(world.error().message.starts_with(row.expected)) << row.text << "\n"
                                                                     << world.error().message;
    }
}

TEST(SeedFile, NothingIsAlsoAWorld) {
    const auto world = read_seed_file("{}\n");
    ASSERT_TRUE(world.has_value());
    EXPECT_TRUE(world->workspaces.empty());
}

}  // namespace
}  // namespace hw
