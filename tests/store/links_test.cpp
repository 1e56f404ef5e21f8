// SPDX-License-Identifier: Apache-2.0
// Links, their totals and rollups as the store keeps them.
#include "store/link_list.hpp"

#include <fmt/format.h>

#include <limits>

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

using Limits = std::numeric_limits<std::int64_t>;
using Ids = std::vector<std::string>;

class LinksTest : public EngineTest {
  protected:
    template <class F>
    auto done(F work) {
        using R = decltype(work(std::declval<Tx&>()));
        return *write([&](Tx& tx) -> Result<R> { return work(tx); });
    }
    Link link_of(const std::string& id, const std::string& key) {
        Link link;
        link.workspace_id = workspace_id;
        link.link_id = id;
        link.domain = domain;
        link.key = key;
        link.key_folded = key;
        link.url = "https://shop.example/" + key;
        return link;
    }
    Ids listed(const LinkFilter& filter) {
        Ids ids;
        for (const auto& link :
             done([&](Tx& tx) { return list_links(tx, workspace_id, filter); })) {
            ids.push_back(link.link_id);
        }
        return ids;
    }
};

void expect_equal(const Link& found, const Link& expected) {
    EXPECT_EQ(found.workspace_id, expected.workspace_id);
    EXPECT_EQ(found.link_id, expected.link_id);
    EXPECT_EQ(found.domain, expected.domain);
    EXPECT_EQ(found.key, expected.key);
    EXPECT_EQ(found.key_folded, expected.key_folded);
    EXPECT_EQ(found.url, expected.url);
    EXPECT_EQ(found.external_id, expected.external_id);
    EXPECT_EQ(found.tenant_id, expected.tenant_id);
    EXPECT_EQ(found.program_id, expected.program_id);
    EXPECT_EQ(found.partner_id, expected.partner_id);
    EXPECT_EQ(found.track_conversion, expected.track_conversion);
    EXPECT_EQ(found.archived, expected.archived);
    EXPECT_EQ(found.disabled_at_ms, expected.disabled_at_ms);
    EXPECT_EQ(found.expires_at_ms, expected.expires_at_ms);
    EXPECT_EQ(found.expired_url, expected.expired_url);
    EXPECT_EQ(found.title, expected.title);
    EXPECT_EQ(found.description, expected.description);
    EXPECT_EQ(found.image, expected.image);
    EXPECT_EQ(found.video, expected.video);
    EXPECT_EQ(found.comments, expected.comments);
    EXPECT_EQ(found.password, expected.password);
    EXPECT_EQ(found.ios, expected.ios);
    EXPECT_EQ(found.android, expected.android);
    EXPECT_EQ(found.geo, expected.geo);
    EXPECT_EQ(found.folder_id, expected.folder_id);
    EXPECT_EQ(found.test_variants, expected.test_variants);
    EXPECT_EQ(found.test_started_at_ms, expected.test_started_at_ms);
    EXPECT_EQ(found.test_completed_at_ms, expected.test_completed_at_ms);
    EXPECT_EQ(found.proxy, expected.proxy);
    EXPECT_EQ(found.rewrite, expected.rewrite);
    EXPECT_EQ(found.public_stats, expected.public_stats);
    EXPECT_EQ(found.do_index, expected.do_index);
    EXPECT_EQ(found.created_at_ms, expected.created_at_ms);
    EXPECT_EQ(found.updated_at_ms, expected.updated_at_ms);
}

TEST_P(LinksTest, EveryFieldIsKept) {
    auto full = link_of("link_1", "key");
    full.key = "Key \xF0\x9F\xA6\x86";
    full.external_id = "ext";
    full.tenant_id = "tenant";
    full.program_id = "prog";
    full.partner_id = "";
    full.track_conversion = true;
    full.archived = true;
    full.disabled_at_ms = Limits::min();
    full.expires_at_ms = Limits::max();
    full.expired_url = "https://gone.example";
    full.title = "T";
    full.description = "";
    full.image = "I";
    full.comments = "C'";
    full.video = "V";
    full.password = "P";
    full.ios = "I";
    full.android = "A";
    full.geo = "G";
    full.folder_id = "F";
    full.test_variants = "TV";
    full.test_started_at_ms = 5;
    full.test_completed_at_ms = 6;
    full.proxy = full.rewrite = full.public_stats = true;
    full.do_index = true;
    full.created_at_ms = 1;
    full.updated_at_ms = 2;
    auto bare = link_of("link_2", "");
    bare.url = "";
    done([&](Tx& tx) {
        EXPECT_TRUE(insert_link(tx, full));
        EXPECT_TRUE(insert_link(tx, bare));
        expect_equal(*find_link(tx, workspace_id, "link_1"), full);
        expect_equal(*find_link(tx, workspace_id, "link_2"), bare);
        expect_equal(*find_link_by_key(tx, workspace_id, domain, "key"), full);
        expect_equal(*find_link_by_external_id(tx, workspace_id, "ext"), full);
        EXPECT_FALSE(find_link(tx, "other", "link_1"));
        EXPECT_FALSE(find_link_by_key(tx, workspace_id, domain, "Key \xF0\x9F\xA6\x86"));
        EXPECT_FALSE(find_link_by_key(tx, workspace_id, "other.example", "key"));
        EXPECT_FALSE(find_link_by_external_id(tx, workspace_id, ""));

        // Everything but who it is and when it was made changes.
        auto after = bare;
        after.key = after.key_folded = "moved";
        after.url = "https://moved.example";
        after.external_id = "ext 2";
        after.tenant_id = after.program_id = after.partner_id = "x";
        after.track_conversion = after.archived = after.do_index = true;
        after.disabled_at_ms = after.expires_at_ms = 3;
        after.expired_url = after.title = after.description = after.image = after.comments = "y";
        after.updated_at_ms = 4;
        after.video = after.password = after.ios = after.android = after.geo = "z";
        after.folder_id = after.test_variants = "w";
        after.test_started_at_ms = after.test_completed_at_ms = 7;
        after.proxy = after.rewrite = after.public_stats = true;
        update_link(tx, after, bare);
        expect_equal(*find_link(tx, workspace_id, "link_2"), after);
        expect_equal(*find_link(tx, workspace_id, "link_1"), full);
        delete_link(tx, full);
        EXPECT_FALSE(find_link(tx, workspace_id, "link_1"));
        EXPECT_TRUE(find_link(tx, workspace_id, "link_2"));
        return true;
    });
}

TEST_P(LinksTest, UniqueNames) {
    auto first = link_of("link_1", "a");
    first.external_id = "x";
    const auto with_external = [&](Link link, const std::string& id) {
        link.external_id = id;
        return link;
    };
    struct Case {
        Link link;
        LinkClash clash;
        bool inserted;
    };
    const std::vector<Case> cases{
        {first, LinkClash::None, true},
        {link_of("link_2", "a"), LinkClash::Key, false},
        {with_external(link_of("link_2", "b"), "x"), LinkClash::ExternalId, false},
        {with_external(link_of("link_2", "a"), "x"), LinkClash::Key, false},
        {with_external(link_of("link_2", "b"), "X"), LinkClash::None, true},
        {link_of("link_3", "A"), LinkClash::None, true},
        {link_of("link_4", "c"), LinkClash::None, true},
        {link_of("link_5", "d"), LinkClash::None, true},  // no external ids: nulls do not clash
    };
    for (const auto& c : cases) {
        done([&](Tx& tx) {
            EXPECT_EQ(find_link_clash(tx, c.link), c.clash) << c.link.link_id << c.link.key;
            EXPECT_EQ(insert_link(tx, c.link), c.inserted) << c.link.link_id << c.link.key;
            return true;
        });
    }
    done([&](Tx& tx) {
        EXPECT_EQ(find_link_clash(tx, first, "link_1"), LinkClash::None);
        EXPECT_EQ(find_link_clash(tx, first, "link_2"), LinkClash::Key);
        return true;
    });
}

TEST_P(LinksTest, ResolvesThroughTheDomain) {
    const auto made = make_link("go");
    const auto resolve = [&](const std::string& host, const std::string& key) {
        const auto found = *db->read_now<std::optional<Link>>(
            std::string(kOperator),
            [&](Tx& tx) -> Result<std::optional<Link>> { return resolve_link(tx, host, key); });
        return found ? found->link_id : "none";
    };
    EXPECT_EQ(resolve(domain, "go"), made.link_id);
    EXPECT_EQ(resolve(domain, "GO"), "none");
    EXPECT_EQ(resolve("www." + domain, "go"), "none");
    // A domain that has moved to another workspace takes its links' traffic along.
    auto stranger = link_of("link_x", "lost");
    stranger.domain = "unknown-" + domain;
    done([&](Tx& tx) { return insert_link(tx, stranger); });
    EXPECT_EQ(resolve(stranger.domain, "lost"), "none");
}

TEST_P(LinksTest, ListsNewestFirst) {
    done([&](Tx& tx) {
        for (int i = 1; i <= 9; ++i) {
            auto link = link_of(fmt::format("link_{}", i), fmt::format("key{}", i));
            if (i == 3) link.url = "https://SHOP.example/Sale_50%";
            if (i == 4) link.tenant_id = "t";
            if (i == 5) link.archived = true;
            if (i == 6) link.domain = "other-" + domain;
            EXPECT_TRUE(insert_link(tx, link));
        }
        return true;
    });
    const auto with = [](auto change) {
        LinkFilter filter;
        change(filter);
        return filter;
    };
    struct Case {
        LinkFilter filter;
        Ids expected;
    };
    const std::vector<Case> cases{
        {{}, {"link_9", "link_8", "link_7", "link_6", "link_4", "link_3", "link_2", "link_1"}},
        {with([](LinkFilter& f) { f.limit = 2; }), {"link_9", "link_8"}},
        {with([](LinkFilter& f) { f.limit = 2, f.offset = 3; }), {"link_6", "link_4"}},
        {with([](LinkFilter& f) { f.limit = 0; }), {}},
        {with([](LinkFilter& f) { f.after = "link_3"; }), {"link_2", "link_1"}},
        {with([](LinkFilter& f) { f.before = "link_7"; }), {"link_9", "link_8"}},
        {with([](LinkFilter& f) { f.tenant_id = "t"; }), {"link_4"}},
        {with([&](LinkFilter& f) { f.domain = "other-" + domain; }), {"link_6"}},
        {with([](LinkFilter& f) { f.search = "key7"; }), {"link_7"}},
        {with([](LinkFilter& f) { f.search = "nothing"; }), {}},
        {with([](LinkFilter& f) { f.show_archived = true, f.limit = 5; }),
         {"link_9", "link_8", "link_7", "link_6", "link_5"}},
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        EXPECT_EQ(listed(cases[i].filter), cases[i].expected) << "case " << i;
    }
}

TEST_P(LinksTest, AUrlIsFoundThroughItsIndex) {
    // PostgreSQL plans by statistics, which an empty table has none of.
    if (GetParam() == EngineKind::Postgres) return;
    const auto connection = connect(url, Access::ReadOnly);
    for (const auto* query : all_queries()) {
        if (query->name() != "find_link_by_url") continue;
        const auto plan = connection->explain(*query);
        EXPECT_TRUE(plan.contains("links_by_url")) << plan;
    }
}

TEST_P(LinksTest, TheOldestLinkToAUrl) {
    const std::string start(250, 'p');
    done([&](Tx& tx) {
        int number = 0;
        for (const auto* tail : {"/a", "/b", "/a"}) {
            auto link = link_of(fmt::format("link_{}", 9 - number), fmt::format("key{}", number));
            link.url = start + tail;
            link.created_at_ms = ++number;
            EXPECT_TRUE(insert_link(tx, link));
        }
        EXPECT_EQ(find_link_by_url(tx, workspace_id, start + "/a")->link_id, "link_9");
        EXPECT_EQ(find_link_by_url(tx, workspace_id, start + "/b")->link_id, "link_8");
        EXPECT_FALSE(find_link_by_url(tx, workspace_id, start));
        EXPECT_FALSE(find_link_by_url(tx, "other", start + "/a"));
        auto moved = *find_link(tx, workspace_id, "link_8");
        moved.url = "https://elsewhere.example";
        update_link(tx, moved, *find_link(tx, workspace_id, "link_8"));
        EXPECT_EQ(find_link_by_url(tx, workspace_id, moved.url)->link_id, "link_8");
        EXPECT_FALSE(find_link_by_url(tx, workspace_id, start + "/b"));
        return true;
    });
}

TEST_P(LinksTest, TotalsAddUpAndTimesKeepTheLatest) {
    const auto add = [&](const LinkCounts& counts) {
        done([&](Tx& tx) {
            tx.counters().add(LinkTotalsKey{workspace_id, "link_1"}, counts);
            return true;
        });
    };
    const auto totals = [&](const std::string& id) {
        return done([&](Tx& tx) { return link_totals(tx, workspace_id, id); });
    };
    EXPECT_EQ(totals("link_1"), LinkCounts{});
    add({.clicks = 2, .last_click_at_ms = 50});
    add({.clicks = 1, .leads = 3, .last_click_at_ms = 40, .last_lead_at_ms = 7});
    add({.conversions = 1,
         .sales = 2,
         .sale_amount = 9'007'199'254'740'991,
         .last_conversion_at_ms = 8});
    add({.sale_amount = 9'007'199'254'740'991, .last_lead_at_ms = 6, .last_conversion_at_ms = 9});
    EXPECT_EQ(totals("link_1"), (LinkCounts{.clicks = 3,
                                            .leads = 3,
                                            .conversions = 1,
                                            .sales = 2,
                                            .sale_amount = 18'014'398'509'481'982,
                                            .last_click_at_ms = 50,
                                            .last_lead_at_ms = 7,
                                            .last_conversion_at_ms = 9}));
    EXPECT_EQ(totals("link_2"), LinkCounts{});
}

HW_ON_BOTH_ENGINES(LinksTest);

}  // namespace
}  // namespace hw
