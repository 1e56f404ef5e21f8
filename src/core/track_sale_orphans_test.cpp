// SPDX-License-Identifier: Apache-2.0
// Sales that cannot be attributed: what the caller is told, what is kept, how a retry completes it.
#include <thread>

#include "base/civil_time.hpp"
#include "core/track_sale.hpp"
#include "tests/fixture/sale_test.hpp"

namespace hw {
namespace {

class TrackSaleOrphansTest : public SaleTest {
  protected:
    // "reason: message", and every refusal is kept as an orphan with the same reason.
    std::string refused(const TrackSale& sale) {
        const auto tracked = tell(sale);
        if (!tracked.refusal) return "accepted";
        EXPECT_FALSE(tracked.sale || tracked.customer);
        EXPECT_EQ(tracked.refusal->code, ErrorCode::NotFound);
        EXPECT_EQ(tracked.refusal->reason, tracked.reason);
        EXPECT_TRUE(tracked.conversion_id.has_value());
        const auto decision = explain(*tracked.conversion_id).decisions.back();
        EXPECT_EQ(decision.rung, "orphan");
        EXPECT_EQ(decision.reason, tracked.reason);
        return tracked.reason + ": " + tracked.refusal->message;
    }
    Customer customer(const std::string& external_id) {
        return *read([&](Tx& tx) -> Result<Customer> {
            return *find_customer_by_external_id(tx, workspace_id, external_id);
        });
    }
};

TEST_P(TrackSaleOrphansTest, UnknownCustomersByText) {
    const auto link = make_link("direct");
    const auto disabled = make_link("disabled");
    const auto deleted = make_link("deleted");
    const auto bot = make_click(link, 2, true);
    const auto of_disabled = make_click(disabled);
    const auto of_deleted = make_click(deleted);
    change(disabled, disable);
    remove(deleted);
    struct Row {
        std::string click_id;
        std::string expected;
    };
    const Row table[] = {
        {"no-such-click", "click_not_found: Click event not found for clickId: no-such-click"},
        {bot, "bot: Click event not found for clickId: " + bot},
        {of_deleted, "link_not_found: Link not found for clickId: " + of_deleted},
        {of_disabled, "link_disabled: Link " + disabled.link_id + " for clickId " + of_disabled +
                          " is disabled, sale not tracked"},
    };
    std::int64_t count = 0;
    for (const auto& row : table) {
        EXPECT_EQ(refused(direct_sale("user-" + row.click_id, row.click_id)), row.expected);
        EXPECT_EQ(rows().orphans, ++count);
    }
    EXPECT_EQ(rows().customers, 0);
    EXPECT_EQ(rows().leads, 0);
    EXPECT_EQ(rollups("all", "").sales, 0);
}

TEST_P(TrackSaleOrphansTest, KnownCustomersByText) {
    const auto own = make_link("own");
    const auto other = make_link("other");
    const auto told = make_link("told");
    const auto told_click = make_click(told);
    lead("user-1", make_click(own), "Sign up");
    lead("user-1", make_click(other), "Demo");
    const auto id = customer("user-1").customer_id;

    auto sale = direct_sale("user-1", told_click);
    sale.lead_event_name = "Trial";
    const std::string no_trial =
        "lead_not_found: Lead event not found for externalId: user-1 and leadEventName: Trial";
    EXPECT_EQ(refused(sale), no_trial);
    // Nothing else in the request is a reason for a known customer.
    sale.click_id = "no-such-click";
    EXPECT_EQ(refused(sale), no_trial);
    change(told, disable);
    sale.click_id = told_click;
    sale.link_slug = "nothing";
    EXPECT_EQ(refused(sale), no_trial);
    EXPECT_EQ(rows().orphans, 1);  // the same sale, told three times

    // The lead's link decides and is named, whatever the customer's own link is like.
    change(other, disable);
    EXPECT_EQ(refused(sale_of("user-1")), "link_disabled: Link " + other.link_id +
                                              " for customer " + id +
                                              " is disabled, sale not tracked");
    remove(other);
    EXPECT_EQ(refused(sale_of("user-1")), "link_not_found: Link not found for customer " + id);
    // Without a lead the customer's own link comes first.
    change(own, disable);
    sale.customer.external_id = "user-1";
    EXPECT_EQ(refused(sale), "lead_not_found: Link " + own.link_id + " for customer " + id +
                                 " is disabled, sale not tracked");
    remove(own);
    EXPECT_EQ(refused(sale), "lead_not_found: Link not found for customer " + id);
}

TEST_P(TrackSaleOrphansTest, ACustomerWithoutLinkOrLead) {
    const auto made = write([&](Tx& tx) -> Result<bool> {
        Customer by_hand;
        by_hand.workspace_id = workspace_id;
        by_hand.customer_id = "cus_" + workspace_id;
        by_hand.external_id = "by-hand";
        return insert_customer(tx, by_hand);
    });
    ASSERT_TRUE(made && *made);
    EXPECT_EQ(refused(sale_of("by-hand")),
              "lead_not_found: Link not found for customer cus_" + workspace_id);

    // A deferred lead has made the customer and no lead.
    TrackLead deferred;
    deferred.customer.external_id = "deferred";
    deferred.click_id = make_click(make_link("deferred"));
    deferred.event_name = "Sign up";
    deferred.mode = LeadMode::Deferred;
    ASSERT_TRUE(write([&](Tx& tx) { return track_lead(tx, deferred); }).has_value());
    EXPECT_EQ(refused(sale_of("deferred")),
              "lead_not_found: Lead event not found for externalId: deferred and leadEventName: "
              "null");
}

TEST_P(TrackSaleOrphansTest, TheRetryCompletesTheRefusedSale) {
    const auto link = make_link("retry");
    const auto early_click = make_click(link);
    for (const bool with_invoice : {true, false}) {
        const std::string name = with_invoice ? "invoice" : "content";
        auto sale = direct_sale("user-" + name, "typo");
        sale.metadata = R"({"order":7})";
        if (with_invoice) sale.invoice_id = "in_1";
        const auto told_ms = env.now_ms();
        const auto first = tell(sale);
        ASSERT_TRUE(first.refusal.has_value());
        env.advance_ms(kDayMs);
        EXPECT_EQ(tell(sale).conversion_id, first.conversion_id);
        EXPECT_EQ(explain(*first.conversion_id).decisions.size(), 1U);  // nothing new
        sale.click_id = early_click;
        const auto done = tell(sale);
        EXPECT_EQ(done.conversion_id, first.conversion_id);
        ASSERT_TRUE(done.sale && done.customer);
        EXPECT_EQ(done.sale->occurred_at_ms, told_ms);  // when it was told first
        const auto explained = explain(*done.conversion_id);
        EXPECT_EQ(explained.decisions.size(), 2U);
        EXPECT_EQ(explained.customer->external_id, sale.customer.external_id);
        EXPECT_EQ(totals(*done.customer).sales, 1);
        EXPECT_EQ(rows().orphans, 0);
        // An equal sale is the same with an invoice id, and the next one without.
        EXPECT_EQ(tell(sale).conversion_id == first.conversion_id, with_invoice);
    }
    EXPECT_EQ(totals(link).sales, 3);
    EXPECT_EQ(totals(link).leads, 2);
    EXPECT_EQ(totals(link).conversions, 2);
}

TEST_P(TrackSaleOrphansTest, AnAcceptedOrphanIsCompletedByItsInvoice) {
    const auto link = make_link("later");
    const auto click = make_click(link);
    auto sale = sale_of("user-1");
    sale.invoice_id = "in_1";
    const auto orphan = tell(sale);
    EXPECT_FALSE(orphan.refusal || orphan.sale);
    lead("user-1", click);
    const auto done = tell(sale);
    EXPECT_EQ(done.conversion_id, orphan.conversion_id);
    EXPECT_TRUE(done.sale.has_value());
    EXPECT_FALSE(done.told_otherwise);
    EXPECT_EQ(explain("in_1").decisions.back().rung, "lead");
    EXPECT_EQ(rows().orphans, 0);
    sale.amount = 5;
    EXPECT_EQ(tell(sale).sale->amount, 1999);
    EXPECT_EQ(totals(link).sale_amount, 1999);
}

TEST_P(TrackSaleOrphansTest, ARetryThatNamesAnotherAmountIsMarked) {
    const auto link = make_link("other");
    auto sale = direct_sale("user-1", "typo", 100);
    sale.invoice_id = "in_1";
    ASSERT_TRUE(tell(sale).refusal.has_value());
    sale.click_id = make_click(link);
    sale.amount = 200;
    const auto done = tell(sale);
    ASSERT_TRUE(done.sale.has_value());
    EXPECT_EQ(done.sale->amount, 100);
    EXPECT_TRUE(done.told_otherwise);
    EXPECT_EQ(totals(link).sale_amount, 100);
}

// A click that came after the sale cannot have caused it, so the invoice stays an orphan. An equal
// sale that is told after the click is a new one.
TEST_P(TrackSaleOrphansTest, WhatCameAfterTheRefusedSaleExplainsOnlyTheNextOne) {
    const auto link = make_link("after");
    auto by_invoice = direct_sale("user-1", "typo");
    by_invoice.invoice_id = "in_1";
    auto by_content = direct_sale("user-2", "typo");
    ASSERT_TRUE(tell(by_invoice).refusal.has_value());
    const auto first = tell(by_content);
    env.advance_ms(kHourMs);
    by_invoice.click_id = make_click(link, 1);
    by_content.click_id = make_click(link, 2);
    EXPECT_EQ(refused(by_invoice),
              "after_conversion: Click event not found for clickId: " + by_invoice.click_id);
    const auto second = tell(by_content);
    ASSERT_TRUE(second.sale.has_value());
    EXPECT_NE(second.conversion_id, first.conversion_id);
    EXPECT_EQ(second.sale->occurred_at_ms, env.now_ms());
    EXPECT_EQ(rows().orphans, 2);
    EXPECT_EQ(totals(link).sales, 1);
    // The orphan does not swallow the ones after that either.
    EXPECT_NE(sold(by_content), *second.conversion_id);
    EXPECT_EQ(totals(link).sales, 2);
}

// Three days later an equal sale without invoice id is the next payment and no retry.
TEST_P(TrackSaleOrphansTest, ARetryWithoutInvoiceHasThreeDays) {
    const auto link = make_link("monthly");
    const auto click = make_click(link);
    struct Row {
        std::int64_t after_ms;
        bool same;
    };
    for (const auto& row : {Row{3 * kDayMs, true}, Row{3 * kDayMs + 1, false}}) {
        const auto external_id = "user-" + std::to_string(row.after_ms);
        auto sale = direct_sale(external_id, "typo");
        const auto first = tell(sale);
        env.advance_ms(row.after_ms);
        EXPECT_EQ(tell(sale).conversion_id == first.conversion_id, row.same);
        sale.click_id = click;
        const auto done = tell(sale);
        ASSERT_TRUE(done.sale.has_value());
        EXPECT_EQ(done.conversion_id == first.conversion_id, row.same);
        EXPECT_EQ(rows().orphans, row.same ? 0 : 1);
    }
}

// Every field of the content counts, and no two lists of fields look the same.
TEST_P(TrackSaleOrphansTest, OnlyTheSameContentIsARetry) {
    auto base = direct_sale("user", "typo", 12);
    const auto first = tell(base).conversion_id;
    const auto with = [&](void (*how)(TrackSale&)) {
        auto sale = base;
        how(sale);
        return sale;
    };
    const TrackSale others[] = {
        with([](TrackSale& s) { s.customer.external_id = "user\n1"; }),
        with([](TrackSale& s) { s.amount = 13; }),
        with([](TrackSale& s) { s.currency = "eur"; }),
        with([](TrackSale& s) { s.event_name = "Renewal"; }),
        with([](TrackSale& s) { s.payment_processor = "stripe"; }),
        with([](TrackSale& s) { s.metadata = "{}"; }),
        with([](TrackSale& s) {
            s.currency = "usd\nPurchase";
            s.event_name = "custom";
        }),
        with([](TrackSale& s) { s.event_name = "Purchase\ncustom"; }),
    };
    std::set<std::string> ids{*first};
    for (const auto& sale : others) ids.insert(*tell(sale).conversion_id);
    EXPECT_EQ(ids.size(), std::size(others) + 1);
    EXPECT_EQ(tell(base).conversion_id, first);
    base.customer.name = "Ada";  // who the customer is called is not what was paid
    EXPECT_EQ(tell(base).conversion_id, first);
}

TEST_P(TrackSaleOrphansTest, ManyRetriesAtOnceAreOneSale) {
    const auto link = make_link("together");
    const auto click = make_click(link);
    for (int round = 0; round < 5; ++round) {
        auto sale = direct_sale("user-" + std::to_string(round), "typo");
        sale.invoice_id = "in_" + std::to_string(round);
        const auto orphan = tell(sale).conversion_id;
        sale.click_id = click;
        std::atomic<int> failed{0};
        std::atomic<int> other{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 32; ++i) {
                threads.emplace_back([&] {
                    const auto told = try_sale(sale);
                    if (!told || !told->sale) ++failed;
                    if (told && told->conversion_id != orphan) ++other;
                });
            }
        }
        EXPECT_EQ(failed, 0);
        EXPECT_EQ(other, 0);
        EXPECT_EQ(totals(link).sales, round + 1);
        EXPECT_EQ(totals(link).conversions, round + 1);
    }
    EXPECT_EQ(rows().orphans, 0);
    EXPECT_EQ(rows().sales, 5);
}

// Refused at the same moment they are one orphan; completed at the same moment the first is the
// retry and the others are further sales.
TEST_P(TrackSaleOrphansTest, EqualSalesAtOnceWithoutInvoice) {
    const auto link = make_link("equal");
    auto sale = direct_sale("user-1", "typo");
    std::atomic<int> failed{0};
    const auto tell_at_once = [&] {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 16; ++i) {
            threads.emplace_back([&] {
                if (!try_sale(sale)) ++failed;
            });
        }
    };
    tell_at_once();
    EXPECT_EQ(rows(), (RowCounts{.sales = 1, .orphans = 1}));
    sale.click_id = make_click(link);
    tell_at_once();
    EXPECT_EQ(failed, 0);
    EXPECT_EQ(totals(link).sales, 16);
    EXPECT_EQ(totals(link).conversions, 1);
    EXPECT_EQ(totals(link).leads, 1);
    EXPECT_EQ(rows().sales, 16);
    EXPECT_EQ(rows().orphans, 0);
}

// Whoever makes the customer first decides which link all the others follow, in every order.
TEST_P(TrackSaleOrphansTest, DirectSalesAtOnceFollowOneLead) {
    const auto first = make_link("first");
    const auto second = make_link("second");
    for (int round = 0; round < 10; ++round) {
        const auto external_id = "user-" + std::to_string(round);
        const auto before = totals(first).sales;
        std::atomic<int> failed{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 16; ++i) {
                const auto click = make_click(i % 2 == 0 ? first : second, 100 * round + i + 1);
                threads.emplace_back([&, click] {
                    const auto told = try_sale(direct_sale(external_id, click));
                    if (!told || !told->sale) ++failed;
                });
            }
        }
        EXPECT_EQ(failed, 0);
        const auto on_first = totals(first).sales - before;
        EXPECT_TRUE(on_first == 0 || on_first == 16) << on_first;
    }
    EXPECT_EQ(totals(first).leads + totals(second).leads, 10);
    EXPECT_EQ(totals(first).conversions + totals(second).conversions, 10);
    EXPECT_EQ(rows().customers, 10);
}

HW_ON_BOTH_ENGINES(TrackSaleOrphansTest);

}  // namespace
}  // namespace hw
