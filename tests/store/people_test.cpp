// SPDX-License-Identifier: Apache-2.0
// Workspaces, keys, domains, customers and conversions as the store keeps them.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "store/attributions.hpp"
#include "store/conversions.hpp"
#include "store/customers.hpp"
#include "store/workspaces.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

using Limits = std::numeric_limits<std::int64_t>;
constexpr auto kDuck = "\xF0\x9F\xA6\x86";

class PeopleTest : public EngineTest {
  protected:
    // Runs `work` as a use case of the test's workspace, or of the operator.
    template <class F>
    auto done(F work) {
        using R = decltype(work(std::declval<Tx&>()));
        return *write([&](Tx& tx) -> Result<R> { return work(tx); });
    }
    template <class F>
    auto as_operator(F work) {
        using R = decltype(work(std::declval<Tx&>()));
        return *db->write_now<R>(std::string(kOperator),
                                 [&](Tx& tx) -> Result<R> { return work(tx); });
    }
    // Names that are unique in the whole database must not meet those of other tests.
    std::string own(std::string_view name) { return workspace_id + "-" + std::string(name); }

    Customer customer(const std::string& id, const std::string& external_id) {
        Customer made;
        made.workspace_id = workspace_id;
        made.customer_id = id;
        made.external_id = external_id;
        made.name = "Ada";
        made.created_at_ms = 1;
        return made;
    }
};

TEST_P(PeopleTest, Workspaces) {
    const Workspace full{.workspace_id = own("x"),
                         .slug = own("slug"),
                         .name = std::string("Caf\xC3\xA9 ") + kDuck,
                         .currency = "eur",
                         .publishable_key = own("pk"),
                         .allowed_hostnames = {"*.shop.example", "localhost", ""},
                         .created_at_ms = Limits::max()};
    const auto other = [&](std::string id, std::string slug, std::optional<std::string> key) {
        auto made = full;
        made.workspace_id = own(id);
        made.slug = own(slug);
        made.publishable_key = std::move(key);
        return made;
    };
    struct Case {
        Workspace workspace;
        bool inserted;
    };
    const std::vector<Case> cases{
        {full, true},
        {full, false},                                // everything is taken
        {other("x", "slug 2", std::nullopt), false},  // the id
        {other("y", "slug", std::nullopt), false},    // the slug
        {other("y", "slug 2", own("pk")), false},     // the key
        {other("y", "slug 2", std::nullopt), true},   // no key
        {other("z", "slug 3", std::nullopt), true},   // no key either: nulls do not clash
        {other("w", "SLUG", own("PK")), true},        // case matters
    };
    for (const auto& c : cases) {
        EXPECT_EQ(as_operator([&](Tx& tx) { return insert_workspace(tx, c.workspace); }),
                  c.inserted)
            << c.workspace.workspace_id;
    }
    const auto found = as_operator([&](Tx& tx) {
        return std::vector{find_workspace(tx, full.workspace_id),
                           find_workspace_by_slug(tx, full.slug),
                           find_workspace_by_publishable_key(tx, *full.publishable_key)};
    });
    for (const auto& workspace : found) {
        ASSERT_TRUE(workspace);
        EXPECT_EQ(workspace->workspace_id, full.workspace_id);
        EXPECT_EQ(workspace->slug, full.slug);
        EXPECT_EQ(workspace->name, full.name);
        EXPECT_EQ(workspace->currency, full.currency);
        EXPECT_EQ(workspace->publishable_key, full.publishable_key);
        EXPECT_EQ(workspace->allowed_hostnames, full.allowed_hostnames);
        EXPECT_EQ(workspace->created_at_ms, full.created_at_ms);
    }
    as_operator([&](Tx& tx) {
        EXPECT_FALSE(find_workspace(tx, ""));
        EXPECT_FALSE(find_workspace_by_slug(tx, own("SlUg")));
        EXPECT_FALSE(find_workspace_by_publishable_key(tx, ""));
        EXPECT_EQ(find_workspace(tx, own("y"))->publishable_key, std::nullopt);
        const auto all = list_workspaces(tx);
        EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Workspace::workspace_id));
        EXPECT_GE(all.size(), 5U);
        return true;
    });
}

TEST_P(PeopleTest, ApiKeys) {
    const auto key = [&](const std::string& hash, const std::string& id) {
        return ApiKey{
            .key_hash = own(hash),
            .workspace_id = workspace_id,
            .api_key_id = id,
            .name = "",
            .display = "dub_abc...wxyz",
            .scopes = "links.read links.write",
            .created_at_ms = Limits::min(),
            .expires_at_ms = hash == "h2" ? std::optional<std::int64_t>(5) : std::nullopt};
    };
    EXPECT_TRUE(done([&](Tx& tx) { return insert_api_key(tx, key("h2", "key_2")); }));
    EXPECT_TRUE(done([&](Tx& tx) { return insert_api_key(tx, key("h1", "key_1")); }));
    EXPECT_FALSE(done([&](Tx& tx) { return insert_api_key(tx, key("h1", "key_3")); }));
    const auto found = as_operator([&](Tx& tx) { return find_api_key(tx, own("h2")); });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->workspace_id, workspace_id);
    EXPECT_EQ(found->api_key_id, "key_2");
    EXPECT_EQ(found->name, "");
    EXPECT_EQ(found->display, "dub_abc...wxyz");
    EXPECT_EQ(found->scopes, "links.read links.write");
    EXPECT_EQ(found->created_at_ms, Limits::min());
    EXPECT_EQ(found->expires_at_ms, 5);
    done([&](Tx& tx) {
        const auto listed = list_api_keys(tx, workspace_id);
        EXPECT_EQ(listed.size(), 2U);
        EXPECT_EQ(listed[0].api_key_id, "key_1");
        EXPECT_EQ(listed[0].expires_at_ms, std::nullopt);
        EXPECT_TRUE(delete_api_key(tx, workspace_id, "key_1"));
        EXPECT_FALSE(delete_api_key(tx, workspace_id, "key_1"));
        EXPECT_FALSE(delete_api_key(tx, own("other"), "key_2"));
        EXPECT_EQ(list_api_keys(tx, workspace_id).size(), 1U);
        EXPECT_TRUE(list_api_keys(tx, own("other")).empty());
        return true;
    });
    EXPECT_FALSE(as_operator([&](Tx& tx) { return find_api_key(tx, own("h1")).has_value(); }));
}

TEST_P(PeopleTest, Domains) {
    const auto add = [&](const std::string& slug, bool primary) {
        return done([&](Tx& tx) {
            return insert_domain(tx, {.slug = slug,
                                      .workspace_id = workspace_id,
                                      .domain_id = tx.new_id("dom_"),
                                      .primary = primary,
                                      .created_at_ms = 7});
        });
    };
    EXPECT_TRUE(add("b." + domain, false));
    EXPECT_TRUE(add("a." + domain, false));
    EXPECT_FALSE(add(domain, false));  // the fixture's
    std::vector<std::string> slugs;
    for (const auto& listed : done([&](Tx& tx) { return list_domains(tx, workspace_id); })) {
        slugs.push_back(listed.slug);
    }
    EXPECT_EQ(slugs, (std::vector<std::string>{domain, "a." + domain, "b." + domain}));
    as_operator([&](Tx& tx) {
        const auto found = find_domain(tx, "a." + domain);
        EXPECT_TRUE(found && found->workspace_id == workspace_id && !found->primary);
        EXPECT_EQ(found->created_at_ms, 7);
        EXPECT_TRUE(find_domain(tx, domain)->primary);
        EXPECT_FALSE(find_domain(tx, "A." + domain));
        return true;
    });
}

TEST_P(PeopleTest, Customers) {
    auto full = customer("cus_1", std::string("ext ") + kDuck);
    full.name = "";
    full.email = "";
    full.avatar = "https://a.example/1.png";
    full.country = "DE";
    full.touch_id = "0123456789abcdef";
    full.link_id = "link_1";
    full.clicked_at_ms = Limits::min();
    full.created_at_ms = Limits::max();
    struct Case {
        Customer customer;
        bool inserted;
    };
    const std::vector<Case> cases{
        {full, true},
        {full, false},
        {customer("cus_2", full.external_id), false},
        {customer("cus_1", "another"), false},
        {customer("cus_2", "EXT"), true},
        {customer("cus_3", "ext"), true},
        {customer("cus_4", ""), true},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(done([&](Tx& tx) { return insert_customer(tx, c.customer); }), c.inserted)
            << c.customer.customer_id << " " << c.customer.external_id;
    }
    done([&](Tx& tx) {
        for (const auto& found :
             {find_customer(tx, workspace_id, "cus_1"),
              find_customer_by_external_id(tx, workspace_id, full.external_id)}) {
            EXPECT_TRUE(found);
            EXPECT_EQ(found->customer_id, full.customer_id);
            EXPECT_EQ(found->external_id, full.external_id);
            EXPECT_EQ(found->name, "");
            EXPECT_EQ(found->email, "");  // empty is not null
            EXPECT_EQ(found->avatar, full.avatar);
            EXPECT_EQ(found->country, full.country);
            EXPECT_EQ(found->touch_id, full.touch_id);
            EXPECT_EQ(found->link_id, full.link_id);
            EXPECT_EQ(found->clicked_at_ms, full.clicked_at_ms);
            EXPECT_EQ(found->created_at_ms, full.created_at_ms);
        }
        const auto bare = find_customer(tx, workspace_id, "cus_4");
        EXPECT_TRUE(bare && !bare->email && !bare->avatar && !bare->country && !bare->touch_id &&
                    !bare->link_id && !bare->clicked_at_ms);
        set_customer_avatar(tx, workspace_id, "cus_4", "https://b.example");
        EXPECT_EQ(find_customer(tx, workspace_id, "cus_4")->avatar, "https://b.example");
        set_customer_avatar(tx, workspace_id, "cus_1", std::nullopt);
        EXPECT_EQ(find_customer(tx, workspace_id, "cus_1")->avatar, std::nullopt);
        EXPECT_FALSE(find_customer(tx, own("other"), "cus_1"));
        EXPECT_FALSE(find_customer_by_external_id(tx, workspace_id, "Ext"));
        return true;
    });
}

TEST_P(PeopleTest, CustomerTotalsAndFirstSales) {
    const auto ada = customer("cus_1", "ada");
    done([&](Tx& tx) {
        EXPECT_EQ(customer_totals(tx, workspace_id, "cus_1").sales, 0);
        add_customer_sale(tx, ada, 100, 2'000);
        add_customer_sale(tx, ada, 0, 1'000);
        add_customer_sale(tx, ada, 50, 3'000);
        const auto totals = customer_totals(tx, workspace_id, "cus_1");
        EXPECT_EQ(totals.sales, 3);
        EXPECT_EQ(totals.sale_amount, 150);
        EXPECT_EQ(totals.first_sale_at_ms, 1'000);
        EXPECT_TRUE(claim_first_sale(tx, ada, "link_1", "sale_1"));
        EXPECT_FALSE(claim_first_sale(tx, ada, "link_1", "sale_2"));
        EXPECT_TRUE(claim_first_sale(tx, ada, "link_2", "sale_2"));
        EXPECT_TRUE(claim_first_sale(tx, customer("cus_2", "bob"), "link_1", "sale_3"));
        return true;
    });
}

TEST_P(PeopleTest, Avatars) {
    const std::string image("\x89PNG\0\0\xFF", 7);
    done([&](Tx& tx) {
        EXPECT_FALSE(find_avatar(tx, workspace_id, "cus_1"));
        put_avatar(tx, workspace_id, "cus_1", {"image/png", image});
        EXPECT_EQ(find_avatar(tx, workspace_id, "cus_1")->image, image);
        put_avatar(tx, workspace_id, "cus_1", {"image/webp", ""});
        EXPECT_EQ(find_avatar(tx, workspace_id, "cus_1")->image, "");
        EXPECT_EQ(find_avatar(tx, workspace_id, "cus_1")->content_type, "image/webp");
        put_avatar(tx, workspace_id, "cus_2", {"image/png", std::string(2'000'000, '\xFE')});
        EXPECT_EQ(find_avatar(tx, workspace_id, "cus_2")->image.size(), 2'000'000U);
        return true;
    });
}

Conversion conversion_of(const std::string& workspace_id, const std::string& id) {
    Conversion made;
    made.workspace_id = workspace_id;
    made.conversion_id = id;
    made.kind = "purchase";
    made.event_name = "Purchase";
    made.payment_processor = "custom";
    return made;
}

TEST_P(PeopleTest, Conversions) {
    auto full = conversion_of(workspace_id, "sale_1");
    full.customer_id = "cus_1";
    full.external_customer_id = kDuck;
    full.occurred_at_ms = Limits::max();
    full.amount = Limits::min();
    full.currency = "jpy";
    full.converted_amount = Limits::max();
    full.converted_currency = "usd";
    full.fx_rate = "0.0064";
    full.fx_date = "2026-01-02";
    full.fx_source = "ecb";
    full.invoice_id = "";
    full.metadata = R"({"a":"\u0041"})";
    full.told_click_id = "click";
    full.told_lead_event = "Sign up";
    full.quantity = 3;
    full.source = "direct";
    done([&](Tx& tx) {
        insert_conversion(tx, full);
        insert_conversion(tx, conversion_of(workspace_id, "sale_2"));
        const auto found = find_conversion(tx, workspace_id, "sale_1");
        EXPECT_TRUE(found);
        EXPECT_EQ(found->kind, full.kind);
        EXPECT_EQ(found->event_name, full.event_name);
        EXPECT_EQ(found->customer_id, full.customer_id);
        EXPECT_EQ(found->external_customer_id, full.external_customer_id);
        EXPECT_EQ(found->occurred_at_ms, full.occurred_at_ms);
        EXPECT_EQ(found->amount, full.amount);
        EXPECT_EQ(found->currency, full.currency);
        EXPECT_EQ(found->converted_amount, full.converted_amount);
        EXPECT_EQ(found->converted_currency, full.converted_currency);
        EXPECT_EQ(found->fx_rate, full.fx_rate);
        EXPECT_EQ(found->fx_date, full.fx_date);
        EXPECT_EQ(found->fx_source, full.fx_source);
        EXPECT_EQ(found->payment_processor, full.payment_processor);
        EXPECT_EQ(found->invoice_id, full.invoice_id);
        EXPECT_EQ(found->metadata, full.metadata);
        EXPECT_EQ(found->told_click_id, full.told_click_id);
        EXPECT_EQ(found->told_lead_event, full.told_lead_event);
        EXPECT_EQ(found->quantity, full.quantity);
        EXPECT_EQ(found->source, full.source);
        const auto bare = find_conversion(tx, workspace_id, "sale_2");
        EXPECT_TRUE(bare && !bare->customer_id && !bare->converted_amount && !bare->fx_rate &&
                    !bare->invoice_id && !bare->metadata);
        EXPECT_FALSE(find_conversion(tx, own("other"), "sale_1"));
        return true;
    });
}

TEST_P(PeopleTest, NamesOfPaymentsAndLeads) {
    done([&](Tx& tx) {
        EXPECT_EQ(find_payment_alias(tx, workspace_id, "invoice:1"), std::nullopt);
        EXPECT_EQ(claim_payment_alias(tx, workspace_id, "invoice:1", "sale_1"), std::nullopt);
        EXPECT_EQ(claim_payment_alias(tx, workspace_id, "invoice:1", "sale_2"), "sale_1");
        EXPECT_EQ(find_payment_alias(tx, workspace_id, "invoice:1"), "sale_1");
        EXPECT_EQ(find_payment_alias(tx, own("other"), "invoice:1"), std::nullopt);
        delete_payment_alias(tx, own("other"), "invoice:1");
        EXPECT_EQ(find_payment_alias(tx, workspace_id, "invoice:1"), "sale_1");
        delete_payment_alias(tx, workspace_id, "invoice:1");
        EXPECT_EQ(claim_payment_alias(tx, workspace_id, "invoice:1", "sale_2"), std::nullopt);

        EXPECT_FALSE(has_lead(tx, workspace_id, "cus_1", "sign-up"));
        EXPECT_TRUE(claim_lead(tx, workspace_id, "cus_1", "sign-up", "ld_1"));
        EXPECT_FALSE(claim_lead(tx, workspace_id, "cus_1", "sign-up", "ld_2"));
        EXPECT_TRUE(claim_lead(tx, workspace_id, "cus_2", "sign-up", "ld_3"));
        EXPECT_TRUE(claim_lead(tx, workspace_id, "cus_1", "demo", "ld_4"));
        EXPECT_TRUE(has_lead(tx, workspace_id, "cus_1", "sign-up"));
        EXPECT_FALSE(has_lead(tx, own("other"), "cus_1", "sign-up"));
        return true;
    });
}

TEST_P(PeopleTest, Attributions) {
    Attribution first;
    first.workspace_id = workspace_id;
    first.conversion_id = "ld_1";
    first.seq = 1;
    first.rung = "orphan";
    first.confidence = "none";
    first.reason = "click_not_found";
    first.candidates = {{.rung = "click_id",
                         .verdict = "click_not_found",
                         .touch_id = std::nullopt,
                         .link_id = std::nullopt,
                         .touched_at_ms = std::nullopt,
                         .lead_id = std::nullopt},
                        {.rung = "lead",
                         .verdict = std::string("\"quoted\" ") + kDuck,
                         .touch_id = "t",
                         .link_id = "l",
                         .touched_at_ms = Limits::min(),
                         .lead_id = "ld"}};
    first.candidates_left_out = 12;
    auto second = first;
    second.seq = 2;
    second.rung = "click_id";
    second.confidence = "certain";
    second.customer_id = "cus_1";
    second.touch_id = "touch_1";
    second.link_id = "link_1";
    second.partner_id = "pn_1";
    second.window_ms = Limits::max();
    second.decided_by = "ada";
    second.decided_at_ms = 5;
    second.candidates.clear();
    done([&](Tx& tx) {
        EXPECT_FALSE(find_attribution(tx, workspace_id, "ld_1"));
        insert_attribution(tx, first);
        EXPECT_EQ(find_attribution(tx, workspace_id, "ld_1")->seq, 1);
        insert_attribution(tx, second);
        const auto current = find_attribution(tx, workspace_id, "ld_1");
        EXPECT_EQ(current->seq, 2);
        EXPECT_EQ(current->customer_id, "cus_1");
        EXPECT_EQ(current->touch_id, "touch_1");
        EXPECT_EQ(current->link_id, "link_1");
        EXPECT_EQ(current->partner_id, "pn_1");
        EXPECT_EQ(current->window_ms, Limits::max());
        EXPECT_EQ(current->decided_by, "ada");
        EXPECT_EQ(current->decided_at_ms, 5);
        const auto all = list_attributions(tx, workspace_id, "ld_1");
        EXPECT_EQ(all.size(), 2U);
        EXPECT_EQ(all[0].reason, "click_not_found");
        EXPECT_EQ(all[0].link_id, std::nullopt);
        EXPECT_EQ(all[0].candidates.size(), 2U);
        EXPECT_EQ(all[0].candidates[0].touched_at_ms, std::nullopt);
        EXPECT_EQ(all[0].candidates[1].verdict, first.candidates[1].verdict);
        EXPECT_EQ(all[0].candidates[1].touched_at_ms, Limits::min());
        EXPECT_EQ(all[0].candidates[1].lead_id, "ld");
        EXPECT_EQ(all[0].candidates_left_out, 12);
        EXPECT_TRUE(list_attributions(tx, own("other"), "ld_1").empty());
        return true;
    });
}

TEST_P(PeopleTest, AttributedLeadIsTheLatestAsItIsAttributedNow) {
    const auto add = [&](Tx& tx, const std::string& id, const std::string& event,
                         const std::string& link) {
        auto lead = conversion_of(workspace_id, id);
        lead.kind = "lead";
        lead.event_name = event;
        lead.customer_id = "cus_1";
        insert_conversion(tx, lead);
        Attribution decision;
        decision.workspace_id = workspace_id;
        decision.conversion_id = id;
        decision.seq = 1;
        decision.rung = "click_id";
        decision.link_id = link;
        insert_attribution(tx, decision);
        return decision;
    };
    done([&](Tx& tx) {
        const auto found = [&](const std::optional<std::string>& event) {
            const auto lead = find_attributed_lead(tx, workspace_id, "cus_1", event, env.now_ms());
            return lead ? lead->lead_id + " " + lead->link_id.value_or("-") : "none";
        };
        EXPECT_EQ(found(std::nullopt), "none");
        add(tx, "ld_1", "Sign up", "link_1");
        auto demo = add(tx, "ld_2", "Demo", "link_2");
        add(tx, "ld_3", "Sign up", "link_3");
        EXPECT_EQ(found(std::nullopt), "ld_3 link_3");
        EXPECT_EQ(found("Sign up"), "ld_3 link_3");
        EXPECT_EQ(found("Demo"), "ld_2 link_2");
        EXPECT_EQ(found("demo"), "none");
        demo.seq = 2;
        demo.link_id = "link_9";
        insert_attribution(tx, demo);
        EXPECT_EQ(found("Demo"), "ld_2 link_9");
        return true;
    });
}

HW_ON_BOTH_ENGINES(PeopleTest);

}  // namespace
}  // namespace hw
