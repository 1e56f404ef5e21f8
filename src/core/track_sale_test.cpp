// SPDX-License-Identifier: Apache-2.0
// What a sale does, one test per promise. Refusals and orphans: track_sale_orphans_test.cpp.
#include "core/track_sale.hpp"

#include "base/civil_time.hpp"
#include "tests/fixture/sale_test.hpp"

namespace hw {
namespace {

class TrackSaleTest : public SaleTest {};

TEST_P(TrackSaleTest, A1_KnownCustomerFollowsTheLatestOrTheNamedLead) {
    const auto first = make_link("first");
    const auto second = make_link("second");
    const auto told = make_link("told");
    const auto first_click = make_click(first);
    const auto second_click = make_click(second);
    lead("user-1", first_click, "Sign up");
    lead("user-1", second_click, "Demo");

    struct Row {
        std::optional<std::string> lead_event_name;
        std::string click_id;  // ignored: a known customer follows the lead
        std::string slug;
        std::string expected;
    };
    const Row rows[] = {
        {std::nullopt, "", "", second_click},
        {"Demo", "", "", second_click},
        {"Sign up", "", "", first_click},
        {"Sign up", make_click(told), "", first_click},
        {std::nullopt, make_click(told, 2), "told", second_click},
        {std::nullopt, "no-such-click", "", second_click},
        {std::nullopt, make_click(told, 3, true), "", second_click},
    };
    for (const auto& row : rows) {
        auto sale = direct_sale("user-1", row.click_id);
        sale.lead_event_name = row.lead_event_name;
        sale.link_slug = row.slug;
        const auto explained = explain(sold(sale));
        EXPECT_EQ(explained.decisions.back().rung, "lead");
        EXPECT_EQ(explained.touch->touch_id, row.expected) << row.lead_event_name.value_or("-");
        EXPECT_EQ(explained.conversion.told_click_id, row.click_id);
    }
    EXPECT_EQ(totals(first).sales, 2);
    EXPECT_EQ(totals(second).sales, 5);
    EXPECT_EQ(totals(told).sales, 0);
    EXPECT_EQ(totals(told).leads, 0);
}

TEST_P(TrackSaleTest, A2_UnknownCustomerWithClickBringsCustomerLeadAndSale) {
    const auto link = make_link("direct");
    struct Row {
        std::optional<std::string> lead_event_name;
        std::string expected_lead;
    };
    const Row names[] = {{std::nullopt, "Sign up"}, {"Checkout", "Checkout"}};
    std::int64_t count = 0;
    for (const auto& row : names) {
        ++count;
        const auto external_id = "user-" + std::to_string(count);
        auto sale = direct_sale(external_id, make_click(link, count));
        sale.lead_event_name = row.lead_event_name;
        sale.metadata = R"({"plan":"pro"})";
        sale.customer.name = "Ada";
        sale.customer.avatar = "https://shop.example/ada.png";
        const auto tracked = tell(sale);
        ASSERT_TRUE(tracked.sale && tracked.customer);
        EXPECT_EQ(tracked.customer->name, "Ada");
        EXPECT_EQ(tracked.customer->touch_id, sale.click_id);
        EXPECT_EQ(tracked.customer->link_id, link.link_id);
        EXPECT_EQ(explain(*tracked.conversion_id).decisions.back().rung, "click_id");

        const auto found = *read([&](Tx& tx) -> Result<std::optional<AttributedLead>> {
            return find_attributed_lead(tx, workspace_id, tracked.customer->customer_id,
                                        row.expected_lead, env.now_ms());
        });
        ASSERT_TRUE(found.has_value()) << row.expected_lead;
        const auto of_lead = explain(found->lead_id);
        EXPECT_EQ(of_lead.conversion.source, "direct");
        EXPECT_EQ(of_lead.conversion.metadata, sale.metadata);
        EXPECT_EQ(of_lead.conversion.told_click_id, sale.click_id);
        EXPECT_EQ(of_lead.touch->touch_id, sale.click_id);

        EXPECT_EQ(rows(), (RowCounts{.leads = count,
                                     .sales = count,
                                     .customers = count,
                                     .lead_events = count,
                                     .sale_events = count,
                                     .clicks = count}));
        EXPECT_EQ(totals(link).leads, count);
        EXPECT_EQ(totals(link).sales, count);
        EXPECT_EQ(totals(link).conversions, count);
    }
    // From now on these are known customers.
    EXPECT_EQ(explain(sold(sale_of("user-1"))).decisions.back().rung, "lead");
    EXPECT_EQ(rows().leads, count);
}

TEST_P(TrackSaleTest, A2_ALinkKeyInTheMetadataIsEnough) {
    const auto link = make_link("creator");
    auto sale = sale_of("user-1");
    sale.link_slug = "Creator";
    const auto explained = explain(sold(sale));
    EXPECT_EQ(explained.decisions.back().rung, "link_slug");
    EXPECT_EQ(explained.link->link_id, link.link_id);
    EXPECT_FALSE(explained.touch.has_value());
    EXPECT_FALSE(explained.customer->touch_id.has_value());
    EXPECT_EQ(totals(link).leads, 1);
    EXPECT_EQ(totals(link).sales, 1);
    // Without a click nothing is known of the visitor.
    EXPECT_EQ(rollups("all", "").sales, 1);
    EXPECT_EQ(rollups("device", "Desktop").sales, 0);
    EXPECT_EQ(explain(sold(sale_of("user-1"))).link->link_id, link.link_id);
}

TEST_P(TrackSaleTest, A3_NeitherCustomerNorClickIsStoredAsAnOrphan) {
    for (std::int64_t count = 1; count <= 2; ++count) {
        const auto tracked = tell(sale_of("nobody"));
        EXPECT_FALSE(tracked.sale.has_value());
        EXPECT_FALSE(tracked.customer.has_value());
        EXPECT_FALSE(tracked.refusal.has_value());
        EXPECT_EQ(tracked.event_name, "Purchase");
        EXPECT_EQ(tracked.reason, "no_customer_and_no_click");
        ASSERT_TRUE(tracked.conversion_id.has_value());
        const auto explained = explain(*tracked.conversion_id);
        EXPECT_EQ(explained.decisions.back().rung, "orphan");
        EXPECT_EQ(explained.decisions.back().confidence, "none");
        EXPECT_EQ(explained.decisions.back().reason, "no_customer_and_no_click");
        EXPECT_EQ(explained.conversion.amount, 1999);
        EXPECT_EQ(explained.conversion.external_customer_id, "nobody");
        // Accepted is accepted: the next one without invoice id is another sale.
        EXPECT_EQ(rows(), (RowCounts{.sales = count, .orphans = count}));
    }
    EXPECT_EQ(rollups("all", "").sales, 0);
}

TEST_P(TrackSaleTest, A4_AnInvoiceIsOnePaymentForEver) {
    const auto link = make_link("invoice");
    lead("user-1", make_click(link));
    auto sale = sale_of("user-1");
    sale.invoice_id = "in_1";
    const auto first = tell(sale);
    ASSERT_TRUE(first.sale.has_value());
    EXPECT_FALSE(first.told_otherwise);
    for (const auto wait_ms : {std::int64_t{0}, 8 * kDayMs, 4000 * kDayMs}) {
        env.advance_ms(wait_ms);
        const auto again = tell(sale);
        EXPECT_EQ(again.conversion_id, first.conversion_id);
        EXPECT_EQ(again.sale->amount, 1999);
        EXPECT_EQ(again.customer->customer_id, first.customer->customer_id);
        EXPECT_FALSE(again.told_otherwise);
    }
    auto other = sale_of("user-2", 5);
    other.invoice_id = "in_1";
    const auto told_otherwise = tell(other);
    EXPECT_EQ(told_otherwise.conversion_id, first.conversion_id);
    EXPECT_EQ(told_otherwise.sale->amount, 1999);
    EXPECT_TRUE(told_otherwise.told_otherwise);
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(totals(link).sale_amount, 1999);

    // Without an invoice id every call is a sale, and another invoice is another payment.
    sale.invoice_id.reset();
    EXPECT_NE(sold(sale), first.conversion_id);
    sale.invoice_id = "in_2";
    EXPECT_NE(sold(sale), first.conversion_id);
    EXPECT_EQ(totals(link).sales, 3);
    // Ids of the two key spaces do not meet.
    sale.invoice_id = "invoice:in_1";
    EXPECT_NE(sold(sale), first.conversion_id);
}

TEST_P(TrackSaleTest, A5_TheSaleKeepsItsOwnMoneyBesideTheConvertedAmount) {
    import_rates();
    const auto link = make_link("money");
    env.set_now_ms(*parse_time("2026-06-15T12:00:00Z"));
    lead("user-1", make_click(link));
    struct Row {
        std::int64_t amount;
        std::string currency;
        std::string reporting;
        std::optional<std::int64_t> expected;
    };
    const Row table[] = {
        {1999, "usd", "usd", 1999},
        {1580, "jpy", "usd", 1007},  // no minor unit: 1580 / 182.75 * 1.1648
        {1000, "eur", "usd", 1165},
        {1165, "usd", "eur", 1000},
        {1000, "gbp", "eur", 1154},
        {1000, "eur", "jpy", 1828},          // 10 euros in whole yen
        {1000, "kwd", "usd", std::nullopt},  // the table has no dinars
        {1000, "quatloos", "usd", std::nullopt},
    };
    std::int64_t total = 0;
    for (const auto& row : table) {
        auto sale = sale_of("user-1", row.amount);
        sale.currency = row.currency;
        sale.reporting_currency = row.reporting;
        const auto tracked = tell(sale);
        ASSERT_TRUE(tracked.sale.has_value());
        EXPECT_EQ(tracked.sale->amount, row.amount);
        EXPECT_EQ(tracked.sale->currency, row.currency);
        EXPECT_EQ(tracked.sale->converted_amount, row.expected) << row.currency;
        EXPECT_EQ(tracked.sale->fx_rate.has_value(),
                  row.expected.has_value() && row.currency != row.reporting);
        if (tracked.sale->fx_rate) {
            EXPECT_EQ(tracked.sale->fx_date, "2026-06-01");
            EXPECT_EQ(tracked.sale->fx_source, "starter");
        }
        total += row.expected.value_or(0);
        // What was answered is what was stored.
        const auto stored = explain(*tracked.conversion_id).conversion;
        EXPECT_EQ(stored.converted_amount, row.expected);
        EXPECT_EQ(stored.fx_rate, tracked.sale->fx_rate);
    }
    // An amount without a rate is a sale and is never summed as if it were dollars.
    EXPECT_EQ(totals(link).sales, static_cast<std::int64_t>(std::size(table)));
    EXPECT_EQ(totals(link).sale_amount, total);
    EXPECT_EQ(rollups("all", "").sale_amount, total);
}

TEST_P(TrackSaleTest, A6_ADirectSaleNamesItsCustomer) {
    const auto link = make_link("named");
    struct Row {
        std::optional<std::string> name;
        std::optional<std::string> email;
        std::string expected;  // empty: made up
    };
    const Row table[] = {{"Ada", "ada@shop.example", "Ada"},
                         {std::nullopt, "ada@shop.example", "ada@shop.example"},
                         {"", "ada@shop.example", "ada@shop.example"},
                         {std::nullopt, std::nullopt, ""},
                         {"", "", ""}};
    std::int64_t count = 0;
    for (const auto& row : table) {
        ++count;
        auto sale = direct_sale("user-" + std::to_string(count), make_click(link, count));
        sale.customer.name = row.name;
        sale.customer.email = row.email;
        const auto tracked = tell(sale);
        ASSERT_TRUE(tracked.customer.has_value());
        EXPECT_FALSE(tracked.customer->name.empty());
        if (!row.expected.empty()) {
            EXPECT_EQ(tracked.customer->name, row.expected);
        }
        // A known customer keeps the name.
        sale.customer.name = "Other";
        EXPECT_EQ(tell(sale).customer->name, tracked.customer->name);
    }
}

TEST_P(TrackSaleTest, A7_LinkWorkspaceAndCustomerTotalsMoveTogether) {
    const auto first = make_link("first");
    const auto second = make_link("second");
    const auto t = env.now_ms();
    lead("user-1", make_click(first), "Sign up");
    const auto first_lead_ms = t;
    env.advance_ms(1000);
    const auto sale_ms = env.now_ms();
    const auto customer = *tell(sale_of("user-1", 100)).customer;
    env.advance_ms(1000);
    sold(sale_of("user-1", 200));
    env.advance_ms(1000);
    lead("user-1", make_click(second), "Demo");
    const auto conversion_ms = env.now_ms();
    sold(sale_of("user-1", 400));

    const auto of_first = totals(first);
    EXPECT_EQ(of_first.clicks, 1);
    EXPECT_EQ(of_first.leads, 1);
    EXPECT_EQ(of_first.sales, 2);
    EXPECT_EQ(of_first.sale_amount, 300);
    EXPECT_EQ(of_first.conversions, 1);  // the first sale of a customer on the link
    EXPECT_EQ(of_first.last_lead_at_ms, first_lead_ms);
    EXPECT_EQ(of_first.last_conversion_at_ms, sale_ms);
    const auto of_second = totals(second);
    EXPECT_EQ(of_second.sales, 1);
    EXPECT_EQ(of_second.conversions, 1);  // and the first one on another link
    EXPECT_EQ(of_second.last_conversion_at_ms, conversion_ms);

    const auto of_customer = totals(customer);
    EXPECT_EQ(of_customer.sales, 3);
    EXPECT_EQ(of_customer.sale_amount, 700);
    EXPECT_EQ(of_customer.first_sale_at_ms, sale_ms);

    for (const auto& [dimension, value] : {std::pair<std::string, std::string>{"all", ""},
                                           {"country", "Unknown"},
                                           {"device", "Desktop"},
                                           {"referer", "(direct)"},
                                           {"trigger", "link"}}) {
        const auto counts = rollups(dimension, value);
        EXPECT_EQ(counts.clicks, 2) << dimension;
        EXPECT_EQ(counts.leads, 2) << dimension;
        EXPECT_EQ(counts.sales, 3) << dimension;
        EXPECT_EQ(counts.sale_amount, 700) << dimension;
    }
    EXPECT_EQ(rollups("link", first.link_id).sale_amount, 300);
    EXPECT_EQ(rollups("link", second.link_id).sale_amount, 400);
    EXPECT_EQ(rows().sale_events, 3);
}

TEST_P(TrackSaleTest, A10_ReadsSeeWhatWasAcknowledged) {
    const auto link = make_link("prompt");
    for (int i = 0; i < 50; ++i) {
        const auto external_id = "user-" + std::to_string(i);
        lead(external_id, make_click(link, i + 1));
        sold(sale_of(external_id));
        sold(direct_sale("direct-" + external_id, make_click(link, 1000 + i)));
        EXPECT_EQ(totals(link).sales, 2 * (i + 1));
    }
}

TEST_P(TrackSaleTest, AnAmountOfZeroIsNoSaleAndItsLeadStands) {
    const auto link = make_link("free");
    auto sale = direct_sale("user-1", make_click(link), 0);
    sale.invoice_id = "in_free";
    for (int i = 0; i < 2; ++i) {
        const auto tracked = tell(sale);
        EXPECT_FALSE(tracked.sale || tracked.customer || tracked.conversion_id);
        EXPECT_EQ(tracked.reason, "amount_is_zero");
        EXPECT_EQ(rows(), (RowCounts{.leads = 1, .customers = 1, .lead_events = 1, .clicks = 1}));
    }
    EXPECT_EQ(totals(link).leads, 1);
    EXPECT_EQ(totals(link).conversions, 0);
    // The invoice is still free for the payment itself.
    sale.amount = 500;
    sold(sale);
    EXPECT_EQ(totals(link).sale_amount, 500);

    // A known customer's amount of 0 is refused for the same reasons as any other.
    auto unknown_lead = sale_of("user-1", 0);
    unknown_lead.lead_event_name = "Demo";
    const auto refused = try_sale(unknown_lead);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().reason, "lead_not_found");
    EXPECT_FALSE(tell(sale_of("nobody", 0)).conversion_id.has_value());
    EXPECT_EQ(rows().sales, 1);
}

HW_ON_BOTH_ENGINES(TrackSaleTest);

}  // namespace
}  // namespace hw
