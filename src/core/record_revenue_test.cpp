// SPDX-License-Identifier: Apache-2.0
#include "core/record_revenue.hpp"

#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "core/decide_conversion.hpp"
#include "core/record_refund.hpp"
#include "store/attribution_policies.hpp"
#include "store/attributions.hpp"
#include "store/revenues.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class RecordRevenueTest : public ProgramTest {
  protected:
    RecordRevenueTest() { pay_at_once(); }

    // 50.00 of somebody at a processor.
    RecordRevenue paid(const std::string& payment_id, const std::string& customer = "cus_ada") {
        RecordRevenue revenue;
        revenue.kind = "purchase";
        revenue.payment_ids = {payment_id};
        revenue.payment_processor = "stripe";
        revenue.amount = 5'000;
        revenue.currency = "usd";
        revenue.occurred_at_ms = env.now_ms();
        revenue.processor_customer_id = customer;
        return revenue;
    }
    RecordedRevenue record(const RecordRevenue& revenue) {
        const auto recorded = write([&](Tx& tx) { return record_revenue(tx, revenue); });
        EXPECT_TRUE(recorded.has_value()) << (recorded ? "" : recorded.error().message);
        env.advance_ms(1);
        return recorded.value_or(RecordedRevenue{});
    }
    Attribution decision(const std::string& conversion_id) {
        return *read([&](Tx& tx) -> Result<Attribution> {
            return *find_attribution(tx, workspace_id, conversion_id);
        });
    }
    // "rung confidence link inferred-link"
    std::string decided(const std::string& conversion_id) {
        const auto found = decision(conversion_id);
        return fmt::format("{} {} {} {}", found.rung, found.confidence, key_of(found.link_id),
                           key_of(found.inferred_link_id));
    }
    std::string key_of(const std::optional<std::string>& link_id) {
        if (!link_id) return "-";
        return read([&](Tx& tx) -> Result<std::string> {
                   return find_link(tx, workspace_id, *link_id)->key;
               })
            .value_or("?");
    }
    void set_policy(const AttributionPolicy& policy) {
        put([&](Tx& tx) { put_attribution_policy(tx, workspace_id, policy); });
    }
    void set_policy(InferredMatch inferred) {
        AttributionPolicy policy;
        policy.inferred = inferred;
        set_policy(policy);
    }
    InferredTotals inferred() {
        return *read(
            [&](Tx& tx) -> Result<InferredTotals> { return inferred_totals(tx, link.link_id); });
    }
};

TEST_P(RecordRevenueTest, AClickIdMakesCustomerLeadSaleAndCommission) {
    auto revenue = paid("in_1");
    revenue.evidence.click_id = click;
    const auto recorded = record(revenue);
    EXPECT_TRUE(recorded.is_new);
    EXPECT_EQ(decided(recorded.conversion_id), "click_id certain p1 -");
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(totals(link).leads, 1);
    EXPECT_EQ(totals(link).sale_amount, 5'000);
    EXPECT_EQ(commissions(), (Texts{"sale 1000 processed"}));
    EXPECT_EQ(rows().sale_events, 1);
    expect_clean_books();
}

TEST_P(RecordRevenueTest, OnePaymentByAnyOfItsNames) {
    auto first = paid("cs_1");
    first.evidence.click_id = click;
    first.payment_ids = {"cs_1", "pi_1"};
    auto second = paid("in_1");
    second.payment_ids = {"in_1", "pi_1"};
    const auto one = record(first);
    const auto other = record(second);
    EXPECT_EQ(one.conversion_id, other.conversion_id);
    EXPECT_FALSE(other.is_new);
    EXPECT_EQ(rows().sales, 1);
    EXPECT_EQ(totals(link).sales, 1);
    expect_clean_books();
}

TEST_P(RecordRevenueTest, TwoThatTurnOutToBeOneCountOnce) {
    auto first = paid("pi_1");
    first.evidence.click_id = click;
    auto second = paid("in_1");
    second.evidence.click_id = click;
    auto joined = paid("in_1");
    joined.payment_ids = {"in_1", "pi_1"};
    const auto stays = record(first).conversion_id;
    const auto goes = record(second).conversion_id;
    EXPECT_EQ(totals(link).sales, 2);
    EXPECT_EQ(record(joined).conversion_id, stays);
    EXPECT_EQ(decided(goes), "void none - -");
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(totals(link).sale_amount, 5'000);
    EXPECT_EQ(commissions().size(), 2U);
    EXPECT_EQ(commissions()[1], "sale 0 canceled");
    expect_clean_books();
    EXPECT_EQ(record(joined).conversion_id, stays);
    EXPECT_EQ(totals(link).sales, 1);
    expect_clean_books();
}

TEST_P(RecordRevenueTest, ToldByApiAndByWebhookInEitherOrder) {
    for (const bool api_first : {true, false}) {
        const auto name = api_first ? std::string("a") : std::string("b");
        auto told = direct_sale("ada-" + name, make_click(link, api_first ? 11 : 12), 5'000);
        told.invoice_id = "in_" + name;
        const auto webhook = paid("in_" + name, "cus_" + name);
        const auto before = totals(link).sales;
        if (api_first) sold(told);
        record(webhook);
        if (!api_first) tell(told);
        EXPECT_EQ(totals(link).sales, before + 1) << name;
    }
    EXPECT_EQ(rows().sales, 2);
    EXPECT_EQ(commissions(), (Texts{"sale 1000 processed", "sale 1000 processed"}));
    expect_clean_books();
}

TEST_P(RecordRevenueTest, ABetterWordTakesThePlaceOfAWorseOne) {
    auto worse = paid("pi_1");
    worse.amount = 5'950;
    worse.evidence.click_id = click;
    const auto first = record(worse).conversion_id;
    auto better = paid("in_1");
    better.payment_ids = {"in_1", "pi_1"};
    better.corrects = true;
    const auto stays = record(better);
    EXPECT_NE(stays.conversion_id, first);
    EXPECT_FALSE(stays.told_otherwise);
    EXPECT_EQ(decided(first), "void none - -");
    EXPECT_EQ(decided(stays.conversion_id), "click_id certain p1 -") << "with what that one knew";
    EXPECT_EQ(record(better).conversion_id, stays.conversion_id);
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(totals(link).leads, 1);
    EXPECT_EQ(totals(link).sale_amount, 5'000);
    EXPECT_EQ(commissions(), (Texts{"sale 0 canceled", "sale 1000 processed"}));
    expect_clean_books();
}

TEST_P(RecordRevenueTest, OnlyTheWordOfTheWebhookIsCorrected) {
    auto by_person = paid("pi_1");
    by_person.evidence.click_id = click;
    const auto first = record(by_person).conversion_id;
    put([&](Tx& tx) {
        const auto decision = *find_attribution(tx, workspace_id, first);
        auto match = match_of_decision(tx, decision);
        match.rung = kManualRung;
        apply_decision(tx, first, match, "user");
    });
    auto by_api = direct_sale("ada", make_click(link, 11), 7'000);
    by_api.invoice_id = "pi_2";
    sold(by_api);
    for (const auto* name : {"pi_1", "pi_2"}) {
        auto better = paid(name, std::string("cus_") + name);
        better.amount = 4'000;
        better.corrects = true;
        EXPECT_TRUE(record(better).told_otherwise) << name;
    }
    EXPECT_EQ(rows().sales, 2);
    EXPECT_EQ(totals(link).sale_amount, 12'000);
    expect_clean_books();
}

TEST_P(RecordRevenueTest, WithoutProofItIsReportedByItself) {
    struct Case {
        InferredMatch policy;
        std::string expected;
        std::int64_t sales;
        std::int64_t inferred;
    };
    const Case cases[] = {
        {InferredMatch::Off, "orphan none - -", 0, 0},
        {InferredMatch::Suggest, "orphan none - -", 0, 0},
        {InferredMatch::Attribute, "workspace_60d inferred - p1", 0, 1},
        {InferredMatch::AttributeAndPay, "workspace_60d accepted p1 -", 1, 1},
    };
    int number = 0;
    for (const auto& c : cases) {
        set_policy(c.policy);
        const auto name = std::to_string(++number);
        const auto recorded = record(paid("in_" + name, "cus_" + name));
        EXPECT_EQ(decided(recorded.conversion_id), c.expected);
        EXPECT_EQ(totals(link).sales, c.sales) << c.expected;
        EXPECT_EQ(inferred().sales, c.inferred) << c.expected;
    }
    EXPECT_EQ(commissions(), (Texts{"sale 1000 processed"}));
    expect_clean_books();
}

TEST_P(RecordRevenueTest, AnOrphanFindsItsLinkWhenItsPersonBecomesKnown) {
    set_policy(InferredMatch::Off);
    auto revenue = paid("in_1");
    revenue.customer_external_id = "ada";
    const auto orphan = record(revenue);
    EXPECT_TRUE(orphan.orphan);
    const auto id = orphan.conversion_id;
    EXPECT_EQ(totals(link).sales, 0);
    lead("ada", click);
    EXPECT_EQ(decided(id), "lead certain p1 -");
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(commissions(), (Texts{"sale 1000 processed"}));
    EXPECT_EQ(explain(id).decisions.size(), 2U);
    expect_clean_books();
}

TEST_P(RecordRevenueTest, BetterEvidenceMovesTheSaleAndItsMoney) {
    const auto other = partner_link("p2", "pn_1");
    const auto other_click = make_click(other, 5);
    auto revenue = paid("in_1");
    revenue.evidence.link_slug = "p1";
    const auto id = record(revenue).conversion_id;
    EXPECT_EQ(decided(id), "link_slug certain p1 -");
    revenue.evidence = {};
    revenue.evidence.click_id = other_click;
    record(revenue);
    EXPECT_EQ(decided(id), "click_id certain p2 -");
    EXPECT_EQ(totals(link).sales, 0);
    EXPECT_EQ(totals(other).sales, 1);
    expect_clean_books();
}

TEST_P(RecordRevenueTest, TestMoneyCountsNowhere) {
    auto revenue = paid("in_1");
    revenue.test = true;
    revenue.evidence.click_id = click;
    const auto id = record(revenue).conversion_id;
    EXPECT_EQ(decided(id), "test none - -");
    EXPECT_EQ(totals(link).sales, 0);
    EXPECT_EQ(commissions(), Texts{});
    record(revenue);
    EXPECT_EQ(explain(id).decisions.size(), 1U);
    expect_clean_books();
}

TEST_P(RecordRevenueTest, WhoBought) {
    lead("ada", click);
    put([&](Tx& tx) {
        const auto ada = find_customer_by_external_id(tx, workspace_id, "ada");
        set_stripe_id_once(tx, *ada, "cus_ada");
    });
    struct Case {
        std::string external_id;
        std::string processor_id;
        std::string expected;
    };
    const Case cases[] = {
        {"ada", "", "lead certain p1 -"},
        {"", "cus_ada", "lead certain p1 -"},
        {"ada", "cus_other", "lead certain p1 -"},
        {"bob", "cus_ada", "workspace_60d inferred - p1"},
        {"", "", "workspace_60d inferred - p1"},
    };
    int number = 0;
    for (const auto& c : cases) {
        auto revenue = paid("in_" + std::to_string(++number), c.processor_id);
        revenue.customer_external_id = c.external_id;
        EXPECT_EQ(decided(record(revenue).conversion_id), c.expected)
            << c.external_id << "/" << c.processor_id;
    }
    expect_clean_books();
}

TEST_P(RecordRevenueTest, ARefundByAnyNameTakesItsShareBack) {
    auto revenue = paid("in_1");
    revenue.payment_ids = {"in_1", "pi_1"};
    revenue.evidence.click_id = click;
    record(revenue);
    put([&](Tx& tx) {
        Refund refund;
        refund.payment_alias = "invoice:pi_1";
        refund.refund_key = "re_1";
        refund.amount = 2'500;
        refund.currency = "usd";
        HW_ASSERT(record_refund(tx, refund).has_value());
    });
    EXPECT_EQ(commissions(), (Texts{"sale 500 processed"}));
    expect_clean_books();
}

TEST_P(RecordRevenueTest, ItsKindMayBeJudgedAgain) {
    auto revenue = paid("in_1");
    revenue.kind = "renewal";
    const auto id = record(revenue).conversion_id;
    put([&](Tx& tx) { relabel_revenue(tx, id, "subscription"); });
    const auto kind =
        *read([&](Tx& tx) -> Result<std::string> { return find_revenue(tx, id)->kind; });
    EXPECT_EQ(kind, "subscription");
}

TEST_P(RecordRevenueTest, NothingNamesIt) {
    auto revenue = paid("in_1");
    revenue.payment_ids.clear();
    const auto refused = write([&](Tx& tx) { return record_revenue(tx, revenue); });
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().message,
              "Nothing names the payment: a transaction or invoice id is needed.");
}

HW_ON_BOTH_ENGINES(RecordRevenueTest);

}  // namespace
}  // namespace hw
