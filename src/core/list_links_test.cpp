// SPDX-License-Identifier: Apache-2.0
#include "core/list_links.hpp"

#include <fmt/format.h>

#include "core/update_link.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class ListLinksTest : public EngineTest {
  protected:
    // Keys of the links found, newest first, or the refusal.
    std::string keys(const ListLinks& input) {
        const auto found = read([&](Tx& tx) { return list_links(tx, input); });
        if (!found) return found.error().message;
        std::string text;
        for (const auto& each : *found) text += each.link.key + " ";
        return text;
    }
    // Links k1 to kN, each a millisecond later.
    void make_links(int count) {
        for (int i = 1; i <= count; ++i) {
            links.push_back(make_link(fmt::format("k{}", i)));
            env.advance_ms(1);
        }
    }
    std::vector<Link> links;
};

TEST_P(ListLinksTest, PagesAndCursors) {
    make_links(5);
    const auto id = [&](int number) {
        return links.at(static_cast<std::size_t>(number - 1)).link_id;
    };
    struct Row {
        ListLinks input;
        std::string keys;
    };
    const auto paged = [](std::int64_t page, std::int64_t size) {
        ListLinks input;
        input.page = page;
        input.page_size = size;
        return input;
    };
    const auto after = [&](int number) {
        auto input = paged(1, 2);
        input.starting_after = id(number);
        return input;
    };
    const auto before = [&](int number) {
        auto input = paged(1, 2);
        input.ending_before = id(number);
        return input;
    };
    const Row rows[] = {
        {{}, "k5 k4 k3 k2 k1 "}, {paged(1, 2), "k5 k4 "}, {paged(2, 2), "k3 k2 "},
        {paged(3, 2), "k1 "},    {paged(4, 2), ""},       {after(4), "k3 k2 "},
        {after(1), ""},          {before(1), "k3 k2 "},   {before(4), "k5 "},
        {before(5), ""},
    };
    for (const auto& row : rows) EXPECT_EQ(keys(row.input), row.keys);
}

TEST_P(ListLinksTest, RefusesInTheKnownWords) {
    make_links(1);
    struct Row {
        bool after;
        bool before;
        std::int64_t page;  // 0: not given
        std::string message;
    };
    const Row rows[] = {
        {true, true, 0, "You cannot use both startingAfter and endingBefore at the same time."},
        {true, false, 1,
         "You cannot use both page and startingAfter/endingBefore at the same time. Please use one "
         "pagination method."},
        {false, false, 1'001,
         "Page is too big (cannot be more than 1000), recommend using cursor-based pagination "
         "instead."},
        {true, false, 0, "Invalid cursor: the provided ID does not exist."},
        {false, true, 0, "Invalid cursor: the provided ID does not exist."},
        {false, false, 1'000, ""},
    };
    for (const auto& row : rows) {
        ListLinks input;
        if (row.after) input.starting_after = "link_none";
        if (row.before) input.ending_before = "link_none";
        input.page_given = row.page > 0;
        input.page = std::max<std::int64_t>(row.page, 1);
        EXPECT_EQ(keys(input), row.message);
    }
}

TEST_P(ListLinksTest, Filters) {
    make_link("Plain", "https://shop.example/100%25");
    make_link("under_score", "https://SHOP.example/a");
    UpdateLink archive{.reference = make_link("old").link_id, .fields = {}, .key_reserved = {}};
    archive.fields.archived = true;
    archive.fields.tenant_id = "t1";
    ASSERT_TRUE(write([&](Tx& tx) { return update_link(tx, archive); }).has_value());
    struct Row {
        std::string search;
        std::string host;
        std::string tenant;
        bool archived;
        std::size_t count;
    };
    const Row rows[] = {
        {"", "", "", false, 2},          {"", "", "", true, 3},
        {"", domain, "", true, 3},       {"", "D" + domain.substr(1), "", true, 3},
        {"", "no.example", "", true, 0}, {"", "", "t1", true, 1},
        {"", "", "t1", false, 0},        {"SHOP.EXAMPLE", "", "", false, 2},
        {"r_s", "", "", false, 1},       {"%", "", "", false, 1},
        {"_", "", "", false, 1},         {"\\", "", "", false, 0},
        {"zzz", "", "", false, 0},
    };
    for (const auto& row : rows) {
        ListLinks input;
        input.which.search = row.search;
        if (!row.host.empty()) input.which.domain = row.host;
        if (!row.tenant.empty()) input.which.tenant_id = row.tenant;
        input.which.show_archived = row.archived;
        const auto found = read([&](Tx& tx) { return list_links(tx, input); });
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(found->size(), row.count) << row.search << " " << row.host << " " << row.tenant;
    }
}

TEST_P(ListLinksTest, Orders) {
    make_links(3);
    make_click(links[1], 1);
    make_click(links[1], 2);
    env.advance_ms(1);
    make_click(links[0], 1);
    struct Row {
        LinkSort sort;
        bool ascending;
        std::string keys;
    };
    const Row rows[] = {
        {LinkSort::Created, false, "k3 k2 k1 "},     {LinkSort::Created, true, "k1 k2 k3 "},
        {LinkSort::Clicks, false, "k2 k1 k3 "},      {LinkSort::Clicks, true, "k3 k1 k2 "},
        {LinkSort::LastClicked, false, "k1 k2 k3 "}, {LinkSort::LastClicked, true, "k3 k2 k1 "},
        {LinkSort::SaleAmount, false, "k3 k2 k1 "},  {LinkSort::SaleAmount, true, "k3 k2 k1 "},
    };
    for (const auto& row : rows) {
        ListLinks input{.sort = row.sort, .ascending = row.ascending};
        EXPECT_EQ(keys(input), row.keys);
        input.page = 2;
        input.page_size = 2;
        EXPECT_EQ(keys(input), row.keys.substr(6));
    }
    ListLinks after{.ascending = true};
    after.starting_after = links[0].link_id;
    EXPECT_EQ(keys(after), "k2 k3 ");
    ListLinks before{.ascending = true};
    before.ending_before = links[2].link_id;
    EXPECT_EQ(keys(before), "k1 k2 ");
    after.sort = LinkSort::Clicks;
    EXPECT_EQ(keys(after),
              "Cursor-based pagination only supports sorting by `createdAt`. Use offset-based "
              "pagination (page/pageSize) for other sort fields.");
}

TEST_P(ListLinksTest, EachLinkHasItsOwnTotals) {
    make_links(3);
    make_click(links[0], 1);
    make_click(links[2], 1);
    make_click(links[2], 2);
    const auto found = read([&](Tx& tx) { return list_links(tx, {}); });
    ASSERT_TRUE(found.has_value());
    ASSERT_EQ(found->size(), 3U);
    EXPECT_EQ(found->at(0).totals.clicks, 2);
    EXPECT_EQ(found->at(1).totals.clicks, 0);
    EXPECT_EQ(found->at(2).totals.clicks, 1);
    EXPECT_EQ(found->at(2).totals.last_click_at_ms, env.now_ms());
}

HW_ON_BOTH_ENGINES(ListLinksTest);

}  // namespace
}  // namespace hw
