// SPDX-License-Identifier: Apache-2.0
#include "core/credit_commission.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "core/seal_ledger.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

using CreditCommissionTest = ProgramTest;

TEST_P(CreditCommissionTest, ALeadAndASale) {
    lead("ada", click);
    lead("ada", click, "Demo");  // one lead commission per customer and partner
    sold(sale_of("ada", 10'000));
    EXPECT_EQ(commissions(), (Texts{"lead 300 pending", "sale 2000 pending"}));
    sold(direct_sale("bob", make_click(link, 2), 999));  // a lead too, of the same millisecond
    auto found = commissions();
    std::ranges::sort(found);
    EXPECT_EQ(found, (Texts{"lead 300 pending", "lead 300 pending", "sale 200 pending",
                            "sale 2000 pending"}));
    expect_clean_books();
    put([](Tx& tx) { EXPECT_EQ(seal_ledger(tx, 100), 4); });
    put([](Tx& tx) { EXPECT_EQ(seal_ledger(tx, 100), 0); });
    expect_clean_books();
}

TEST_P(CreditCommissionTest, TheSameInvoiceOnce) {
    lead("ada", click);
    auto sale = sale_of("ada", 10'000);
    sale.invoice_id = "inv-1";
    sold(sale);
    sold(sale);
    EXPECT_EQ(commissions(), (Texts{"lead 300 pending", "sale 2000 pending"}));
    expect_clean_books();
}

TEST_P(CreditCommissionTest, WhoMayEarn) {
    struct Case {
        std::string status;
        std::size_t commissions;
    };
    const Case cases[] = {{"approved", 1}, {"archived", 1}, {"invited", 1},     {"pending", 0},
                          {"rejected", 0}, {"declined", 0}, {"deactivated", 0}, {"banned", 0}};
    std::size_t before = 0;
    int visitor = 10;
    for (const auto& c : cases) {
        enroll("pn_1", {}, c.status);
        lead(c.status, make_click(link, ++visitor));
        EXPECT_EQ(commissions().size() - before, c.commissions) << c.status;
        before = commissions().size();
    }
    expect_clean_books();
}

TEST_P(CreditCommissionTest, ForHowLong) {
    struct Case {
        std::optional<std::int64_t> months;
        std::int64_t later_ms;
        std::size_t sales;  // that earn, of two
    };
    const Case cases[] = {
        {std::nullopt, 3'650 * kDayMs, 2},
        {0, kDayMs, 1},
        {1, 20 * kDayMs, 2},
        {1, 32 * kDayMs, 1},
        {12, 364 * kDayMs, 2},
        {12, 366 * kDayMs, 1},
    };
    int number = 100;
    for (const auto& c : cases) {
        make_reward("rw_sale", "sale", {true, 1'000, c.months});
        const auto before = commissions().size();
        const auto name = std::to_string(++number);
        lead(name, make_click(link, number));
        sold(sale_of(name, 1'000));
        env.advance_ms(c.later_ms);
        sold(sale_of(name, 1'000));
        EXPECT_EQ(commissions().size() - before - 1, c.sales)
            << c.months.value_or(-1) << " months, " << c.later_ms / kDayMs << " days";
    }
    expect_clean_books();
}

TEST_P(CreditCommissionTest, TheSpendLimitCutsAndEnds) {
    make_reward("rw_sale", "sale", {true, 1'000, {}}, [](Reward& reward) {
        reward.spend_limit = 250;
        reward.spend_limit_interval = "month";
    });
    lead("ada", click);
    for (int i = 0; i < 4; ++i) sold(sale_of("ada", 1'000));
    EXPECT_EQ(commissions(), (Texts{"lead 300 pending", "sale 100 pending", "sale 100 pending",
                                    "sale 50 pending"}));
    env.advance_ms(40 * kDayMs);  // another month
    sold(sale_of("ada", 1'000));
    EXPECT_EQ(commissions().size(), 5U);
    expect_clean_books();
}

TEST_P(CreditCommissionTest, ModifiersSeeTheFacts) {
    struct Case {
        std::string entity, attribute, comparison, value, field;
        std::int64_t earnings;  // 1 where it holds, else 100
    };
    const Case cases[] = {
        {"partner", "country", "equals_to", "DE", "", 1},
        {"partner", "totalLeads", "greater_than_or_equal", "1", "", 1},
        {"partner", "totalCommissions", "greater_than", "0", "", 1},
        {"sale", "amount", "less_than", "1001", "", 1},
        {"sale", "type", "equals_to", "new", "", 1},
        {"sale", "metadata", "equals_to", "pro", "plan", 1},
        {"sale", "metadata", "greater_than", "9", "seats", 1},
        {"sale", "metadata", "equals_to", "x", "missing", 100},
        {"customer", "country", "not_equals", "XX", "", 100},  // it is not known
        {"customer", "subscriptionDurationMonths", "equals_to", "0", "", 1},
        {"customer", "signupDate", "greater_than", "2020-01-01", "", 1},
        {"customer", "source", "equals_to", "tracked", "", 1},
        {"sale", "productId", "equals_to", "prod_1", "", 100},
    };
    int number = 200;
    for (const auto& c : cases) {
        make_reward("rw_sale", "sale", {true, 1'000, {}}, [&](Reward& reward) {
            reward.modifiers = {{"m1",
                                 true,
                                 {{c.entity, c.attribute, c.comparison, {c.value}, true, c.field}},
                                 {false, 1, {}}}};
        });
        const auto name = std::to_string(++number);
        auto visit = make_click(link, number);
        lead(name, visit);
        auto sale = sale_of(name, 1'000);
        sale.metadata = R"({"plan":"pro","seats":10})";
        sold(sale);
        EXPECT_EQ(commissions().back(), fmt::format("sale {} pending", c.earnings))
            << c.entity << " " << c.attribute << " " << c.comparison << " " << c.value;
    }
    expect_clean_books();
}

TEST_P(CreditCommissionTest, AChangedBookIsFound) {
    lead("ada", click);
    sold(sale_of("ada", 10'000));
    put([](Tx& tx) { seal_ledger(tx, 100); });
    struct Case {
        std::string sql;
        std::string table;
    };
    const Case cases[] = {
        {"update postings set amount = amount + 1 where workspace_id = $1 and amount = 2000",
         "ledger_seals"},
        {"delete from ledger_transactions where workspace_id = $1", "ledger_seals"},
        {"update ledger_balances set balance = 1 where workspace_id = $1", "ledger_balances"},
        {"update commission_states set earnings = 9 where workspace_id = $1", "commission_states"},
        {"delete from postings where workspace_id = $1", "ledger_seals"},
        {"update ledger_seals set hash = 'x' where workspace_id = $1 and seq = 1", "ledger_seals"},
    };
    for (const auto& c : cases) {
        const auto connection = connect(url, Access::ReadWrite);
        connection->begin(workspace_id);
        const Param workspace(workspace_id);
        connection->exec_text(c.sql, {&workspace, 1});
        Tx tx(*connection, env, workspace_id);
        const auto books = verify_books(tx);
        connection->rollback();
        ASSERT_GT(books.differences, 0) << c.sql;
        EXPECT_EQ(books.first[0].table, c.table) << c.sql;
    }
}

HW_ON_BOTH_ENGINES(CreditCommissionTest);

}  // namespace
}  // namespace hw
