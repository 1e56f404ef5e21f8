// SPDX-License-Identifier: Apache-2.0
#include "core/verify_books.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "core/close_days.hpp"
#include "tests/fixture/sale_test.hpp"

namespace hw {
namespace {

class VerifyBooksTest : public SaleTest {
  protected:
    // Two links, a bot, a repeat, a lead of three, sales with and without a rate, an orphan that
    // was completed and one that was not.
    void live() {
        link = make_link("v1");
        const auto other = make_link("v2");
        const auto click = make_click(link, 1);
        make_click(link, 1);
        make_click(link, 2, true);
        const auto second = make_click(other, 3);
        lead("ada", click);
        lead("ada", click, "Demo");
        sold(sale_of("ada", 1'000));
        env.advance_ms(2 * 3'600'000);
        auto invoiced = sale_of("ada", 500);
        invoiced.invoice_id = "inv-1";
        sold(invoiced);
        auto unrated = sale_of("ada", 700);
        unrated.currency = "xau";
        sold(unrated);
        sold(direct_sale("bob", second, 300));
        tell(sale_of("nobody", 900));
        auto refused = sale_of("ada", 40);
        refused.lead_event_name = "Later";
        refused.invoice_id = "inv-2";
        tell(refused);
        lead("ada", click, "Later");
        sold(refused);
    }
    VerifiedBooks verify() {
        return *read([](Tx& tx) -> Result<VerifiedBooks> { return verify_books(tx); });
    }
    // What is found when `sql` is done to the tables; it is undone afterwards.
    VerifiedBooks verify_after(const std::string& sql) {
        const auto connection = connect(url, Access::ReadWrite);
        connection->begin(workspace_id);
        const Param workspace(workspace_id);
        connection->exec_text(sql, {&workspace, 1});
        Tx tx(*connection, env, workspace_id);
        auto books = verify_books(tx);
        connection->rollback();
        return books;
    }

    Link link;
};

std::string text_of(const VerifiedBooks& books) {
    std::string text;
    for (const auto& difference : books.first) {
        text += fmt::format("{} {}: expected {}, found {}\n", difference.table, difference.key,
                            difference.expected, difference.found);
    }
    return text;
}

TEST_P(VerifyBooksTest, EmptyBooksAreRight) {
    EXPECT_EQ(verify().differences, 0);
}

TEST_P(VerifyBooksTest, BooksThatTheProgramKeptAreRight) {
    live();
    const auto books = verify();
    EXPECT_EQ(text_of(books), "");
    EXPECT_EQ(books.differences, 0);
    EXPECT_EQ(books.workspaces, 1);
    EXPECT_EQ(books.clicks, 2);
    EXPECT_EQ(books.conversions, 9);  // four leads, five sales
    EXPECT_EQ(books.link_totals, 2);
    EXPECT_GT(books.rollups, 10);
}

// What is done to the tables, and the table that must be named.
struct Mistake {
    std::string_view table;
    std::string_view mistake;  // SQL; $1 is the workspace
};
const std::vector<Mistake> kMistakes{
    {"link_totals", "update link_totals set clicks = clicks + 1 where workspace_id = $1"},
    {"link_totals", "update link_totals set leads = leads - 1 where workspace_id = $1"},
    {"link_totals", "update link_totals set sales = 0 where workspace_id = $1"},
    {"link_totals", "update link_totals set conversions = 9 where workspace_id = $1"},
    {"link_totals",
     "update link_totals set sale_amount = sale_amount + 1 "
     "where workspace_id = $1 and sale_amount > 0"},
    {"link_totals", "update link_totals set last_click_at_ms = 1 where workspace_id = $1"},
    {"link_totals", "update link_totals set last_lead_at_ms = 1 where workspace_id = $1"},
    {"link_totals", "update link_totals set last_conversion_at_ms = 1 where workspace_id = $1"},
    {"link_totals", "delete from link_totals where workspace_id = $1"},
    {"link_totals", "insert into link_totals values ($1, 'no link', 9, 1, 0, 0, 0, 0, 0, 0, 0)"},
    {"link_totals", "update touches set counted = 0 where workspace_id = $1"},
    {"link_totals", "delete from touches where workspace_id = $1"},
    {"rollups_hour",
     "update rollups_hour set clicks = clicks + 1 "
     "where workspace_id = $1 and dimension = 'country'"},
    {"rollups_hour",
     "update rollups_hour set leads = leads + 1 "
     "where workspace_id = $1 and dimension = 'all'"},
    {"rollups_hour",
     "update rollups_hour set sale_amount = sale_amount + 1 "
     "where workspace_id = $1 and dimension = 'link'"},
    {"rollups_hour", "delete from rollups_hour where workspace_id = $1 and dimension = 'os'"},
    {"rollups_hour", "insert into rollups_hour values ($1, 'os', 'new', 0, 0, 0, 0, 1, 0)"},
    {"rollups_hour", "update touches set country = 'XX' where workspace_id = $1 and bot = 0"},
    {"touches", "update touches set counted = 1 where workspace_id = $1 and bot = 1"},
    {"customer_totals", "update customer_totals set sales = sales + 1 where workspace_id = $1"},
    {"customer_totals", "update customer_totals set sale_amount = 0 where workspace_id = $1"},
    {"customer_totals",
     "update customer_totals set first_sale_at_ms = 1 "
     "where workspace_id = $1"},
    {"customer_totals", "delete from customer_totals where workspace_id = $1"},
    {"customer_totals", "insert into customer_totals values ($1, 'cus_none', 1, 1, 1)"},
    {"customer_links", "delete from customer_links where workspace_id = $1"},
    {"customer_links", "insert into customer_links values ($1, 'cus', 'link', 'sale_none')"},
    {"customer_links", "update customer_links set link_id = 'other' where workspace_id = $1"},
    {"attributions", "delete from attributions where workspace_id = $1 and seq = 1"},
    {"attributions", "update attributions set seq = 3 where workspace_id = $1 and seq = 2"},
    {"attributions", "delete from attributions where workspace_id = $1"},
    {"attributions", "delete from conversions where workspace_id = $1 and kind = 'purchase'"},
    {"payment_aliases", "delete from payment_aliases where workspace_id = $1"},
    {"payment_aliases",
     "update payment_aliases set conversion_id = 'sale_none' "
     "where workspace_id = $1"},
    {"payment_aliases",
     "update payment_aliases set alias = alias || 'x' "
     "where workspace_id = $1"},
    {"payment_aliases",
     "update conversions set kind = 'lead' "
     "where workspace_id = $1 and kind = 'purchase'"},
    {"payment_aliases",
     "update conversions set invoice_id = 'inv-9' "
     "where workspace_id = $1 and invoice_id is null and kind = 'purchase'"},
    {"lead_keys", "delete from lead_keys where workspace_id = $1"},
    {"lead_keys", "update lead_keys set conversion_id = 'ld_none' where workspace_id = $1"},
    {"lead_keys", "update lead_keys set event_key = event_key || 'x' where workspace_id = $1"},
    {"lead_keys",
     "update conversions set customer_id = 'cus_none' "
     "where workspace_id = $1 and kind = 'lead'"},
};

TEST_P(VerifyBooksTest, EachKindOfMistakeIsFound) {
    live();
    for (const auto& c : kMistakes) {
        const auto books = verify_after(std::string(c.mistake));
        EXPECT_GT(books.differences, 0) << c.mistake;
        const bool named = std::ranges::any_of(
            books.first, [&](const Difference& found) { return found.table == c.table; });
        EXPECT_TRUE(named) << c.mistake << "\n" << text_of(books);
    }
    EXPECT_EQ(verify().differences, 0);
}

TEST_P(VerifyBooksTest, ClosedDaysAreTheSumsOfTheirHours) {
    live();
    const auto rollups = verify().rollups;
    env.advance_ms(4 * kDayMs);
    ASSERT_GT(close_days(*db, workspace_id, 9).value(), 0U);
    EXPECT_EQ(text_of(verify()), "");
    EXPECT_GT(verify().rollups, rollups);
    const std::vector<std::string> mistakes{
        "update rollups_day set clicks = clicks + 1 "
        "where workspace_id = $1 and dimension = 'country'",
        "delete from rollups_day where workspace_id = $1 and dimension = 'link'",
        "insert into rollups_day select workspace_id, 'os', 'new', day_ms, 0, 0, 1, 0 "
        "from rollup_days where workspace_id = $1",
        "update touches set device = 'TV' where workspace_id = $1 and bot = 0",
    };
    for (const auto& mistake : mistakes) {
        const auto books = verify_after(mistake);
        const bool named = std::ranges::any_of(
            books.first, [](const Difference& found) { return found.table == "rollups_day"; });
        EXPECT_TRUE(named) << mistake << "\n" << text_of(books);
    }
    EXPECT_EQ(verify_after("update rollup_days set closed = 0 where workspace_id = $1").rollups,
              rollups);
}

TEST_P(VerifyBooksTest, ManyDifferencesAreCountedAndSomeListed) {
    const auto rollups = [](int from, int to) {
        std::string values;
        for (int i = from; i < to; ++i) {
            values += fmt::format("{}($1, 'os', 'os {:05}', 0, 0, 1, 0, 0, 0)",
                                  values.empty() ? "" : ", ", i);
        }
        return "insert into rollups_hour values " + values;
    };
    const auto books = verify_after(rollups(0, 450));
    EXPECT_EQ(books.differences, 450);
    EXPECT_EQ(books.first.size(), kDifferencesListedMax);
    EXPECT_EQ(books.first[0].key, "os 'os 00000' 0");
}

TEST_P(VerifyBooksTest, AllWorkspacesTogether) {
    const auto own = own_database(GetParam());
    db = open({.url = own.url});
    EXPECT_EQ(verify_all_books(*db)->workspaces, 0);
    for (const auto* name : {"ws_p", "ws_q"}) {
        const auto made = db->write_now<bool>(name, [&](Tx& tx) -> Result<bool> {
            Workspace workspace;
            workspace.workspace_id = workspace.slug = name;
            insert_workspace(tx, workspace);
            tx.counters().add(LinkTotalsKey{name, "link"}, {.clicks = 1});
            return true;
        });
        ASSERT_TRUE(made);
    }
    const auto books = verify_all_books(*db);
    ASSERT_TRUE(books);
    EXPECT_EQ(books->workspaces, 2);
    EXPECT_EQ(books->differences, 2);
    EXPECT_EQ(books->first.size(), 2U);
}

HW_ON_BOTH_ENGINES(VerifyBooksTest);

}  // namespace
}  // namespace hw
