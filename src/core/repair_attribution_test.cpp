// SPDX-License-Identifier: Apache-2.0
#include "core/repair_attribution.hpp"

#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "core/create_payouts.hpp"
#include "core/move_payout.hpp"
#include "core/reattribute_conversion.hpp"
#include "core/record_revenue.hpp"
#include "store/ledger.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class RepairAttributionTest : public ProgramTest {
  protected:
    RepairAttributionTest() {
        pay_at_once();
        set_inferred(InferredMatch::Off);
    }
    void set_inferred(InferredMatch inferred) {
        AttributionPolicy policy;
        policy.inferred = inferred;
        put([&](Tx& tx) { put_attribution_policy(tx, workspace_id, policy); });
    }
    // 50.00 by webhook; gives its conversion.
    std::string paid(const std::string& payment_id, const std::string& slug = "") {
        RecordRevenue revenue;
        revenue.kind = "purchase";
        revenue.payment_ids = {payment_id};
        revenue.payment_processor = "stripe";
        revenue.amount = 5'000;
        revenue.currency = "usd";
        revenue.occurred_at_ms = env.now_ms();
        revenue.processor_customer_id = "cus_" + payment_id;
        revenue.evidence.link_slug = slug;
        const auto id = write([&](Tx& tx) { return record_revenue(tx, revenue); })->conversion_id;
        env.advance_ms(1);
        return id;
    }
    FixOrphans fix(bool accept_inferred = false) {
        FixOrphans input;
        input.limit = 100;
        input.accept_inferred = accept_inferred;
        input.actor = "ada@shop.example";
        return input;
    }
    Result<RepairedAttribution> apply(const FixOrphans& input) {
        auto repaired = write([&](Tx& tx) { return fix_orphans(tx, input); });
        env.advance_ms(1);
        return repaired;
    }
    Result<RepairedAttribution> undo(const std::string& id) {
        return write([&](Tx& tx) { return undo_repair(tx, id, "ada@shop.example"); });
    }
    RepairedAttribution replay(const AttributionPolicy& rules) {
        return *write([&](Tx& tx) -> Result<RepairedAttribution> {
            return replay_attribution(tx, {.from_ms = 0,
                                           .to_ms = env.now_ms() + kDayMs,
                                           .rules = rules,
                                           .after_id = {},
                                           .limit = 100,
                                           .actor = "ada@shop.example"});
        });
    }
    // All that links, people and partners have, without the history of decisions.
    std::string digest() {
        const auto now = totals(link);
        std::string text = fmt::format("{} {} {} {} {};", now.leads, now.conversions, now.sales,
                                       now.sale_amount, rows().orphans);
        const auto balances = *read([&](Tx& tx) -> Result<std::vector<Balance>> {
            return list_balances(tx, workspace_id, "");
        });
        for (const auto& balance : balances) {
            text += fmt::format(" {}={}", balance.account, balance.amount);
        }
        return text;
    }
};

TEST_P(RepairAttributionTest, WithoutNewsNothingIsRepaired) {
    paid("in_1");
    const auto repaired = apply(fix());
    EXPECT_EQ(repaired->looked_at, 1);
    EXPECT_TRUE(repaired->conversions.empty());
    EXPECT_EQ(repaired->repair_id, "");
}

TEST_P(RepairAttributionTest, AppliedAndUndoneEverythingIsAsBefore) {
    paid("in_1");
    paid("in_2");
    const auto before = digest();
    const auto repaired = apply(fix(true));
    ASSERT_TRUE(repaired.has_value());
    EXPECT_EQ(repaired->conversions.size(), 2U);
    EXPECT_EQ(repaired->earnings_of_partners.at("pn_1"), 2'000);
    EXPECT_EQ(totals(link).sales, 2);
    EXPECT_EQ(rows().orphans, 0);
    expect_clean_books();
    const auto undone = undo(repaired->repair_id);
    ASSERT_TRUE(undone.has_value()) << undone.error().message;
    EXPECT_EQ(undone->earnings_of_partners.at("pn_1"), -2'000);
    EXPECT_EQ(digest(), before);
    expect_clean_books();
    EXPECT_EQ(undo(repaired->repair_id).error().message,
              "Repair " + repaired->repair_id + " was undone before.");
}

TEST_P(RepairAttributionTest, APreviewChangesNothing) {
    paid("in_1");
    const auto before = digest();
    const auto preview = db->dry_run_now<RepairedAttribution>(
        workspace_id, [&](Tx& tx) { return fix_orphans(tx, fix(true)); });
    EXPECT_EQ(preview->conversions.size(), 1U);
    EXPECT_EQ(preview->conversions[0].after.link_id, link.link_id);
    EXPECT_EQ(preview->conversions[0].earnings, 1'000);
    EXPECT_EQ(digest(), before);
}

TEST_P(RepairAttributionTest, SomeOfThem) {
    const auto one = paid("in_1");
    paid("in_2");
    auto input = fix(true);
    input.conversion_ids = {one};
    EXPECT_EQ(apply(input)->conversions.size(), 1U);
    EXPECT_EQ(totals(link).sales, 1);
    EXPECT_EQ(apply(input).error().message,
              "Conversion " + one + " is no orphan: it was decided by workspace_60d.");
    input.conversion_ids = {"sale_x"};
    EXPECT_EQ(apply(input).error().message, "There is no conversion sale_x.");
}

TEST_P(RepairAttributionTest, PageByPage) {
    paid("in_1");
    paid("in_2");
    auto input = fix(true);
    input.limit = 1;
    const auto first = apply(input);
    EXPECT_NE(first->next_id, "");
    input.after_id = first->next_id;
    EXPECT_EQ(apply(input)->conversions.size(), 1U);
    EXPECT_EQ(totals(link).sales, 2);
}

TEST_P(RepairAttributionTest, WhatWasPaidIsNotUndone) {
    const auto id = paid("in_1");
    const auto repaired = apply(fix(true));
    put([&](Tx& tx) {
        const auto created = create_payouts(
            tx, {.program_id = "prog_1", .partner_id = {}, .description = {}, .decided_by = "ada"});
        const MovePayout paid_out{.payout_id = created->payouts.at(0).payout_id,
                                  .status = "completed",
                                  .decided_by = "ada"};
        HW_ASSERT(move_payout(tx, paid_out).has_value());
    });
    EXPECT_EQ(undo(repaired->repair_id).error().message,
              "Repair " + repaired->repair_id + " cannot be undone: a commission of conversion " +
                  id + " was paid. Move that conversion by hand.");
    EXPECT_EQ(undo("rep_x").error().message, "There is no repair rep_x.");
    expect_clean_books();
}

TEST_P(RepairAttributionTest, WhatAPersonDecidedSinceStays) {
    const auto id = paid("in_1");
    const auto other = partner_link("p2", "pn_1");
    const auto repaired = apply(fix(true));
    put([&](Tx& tx) {
        const ReattributeConversion moved{
            .conversion_id = id, .link_id = other.link_id, .reason = "theirs", .decided_by = "ada"};
        HW_ASSERT(reattribute_conversion(tx, moved).has_value());
    });
    EXPECT_TRUE(undo(repaired->repair_id)->conversions.empty());
    EXPECT_EQ(totals(other).sales, 1);
    expect_clean_books();
}

TEST_P(RepairAttributionTest, ReplayedByTheSameRulesNothingChanges) {
    set_inferred(InferredMatch::Attribute);
    paid("in_1");
    paid("in_2", "p1");
    lead("ada", click);
    sold(sale_of("ada"));
    sold(direct_sale("bob", make_click(link, 7)));
    tell(sale_of("nobody"));
    const auto before = digest();
    const auto rules = *read([&](Tx& tx) -> Result<AttributionPolicy> {
        return find_attribution_policy(tx, workspace_id);
    });
    const auto replayed = replay(rules);
    EXPECT_EQ(replayed.looked_at, 5);
    for (const auto& changed : replayed.conversions) {
        ADD_FAILURE() << changed.before.rung << " -> " << changed.after.rung;
    }
    EXPECT_EQ(digest(), before);
    expect_clean_books();
}

TEST_P(RepairAttributionTest, ReplayedByOtherRulesMoneyFollows) {
    set_inferred(InferredMatch::AttributeAndPay);
    const auto id = paid("in_1");
    paid("in_2", "p1");
    AttributionPolicy strict;
    strict.inferred = InferredMatch::Off;
    const auto replayed = replay(strict);
    ASSERT_EQ(replayed.conversions.size(), 1U);
    EXPECT_EQ(replayed.conversions[0].before.conversion_id, id);
    EXPECT_EQ(replayed.conversions[0].after.rung, "orphan");
    EXPECT_EQ(replayed.conversions[0].earnings, -1'000);
    EXPECT_EQ(totals(link).sales, 1);
    expect_clean_books();
    AttributionPolicy lax;
    lax.inferred = InferredMatch::AttributeAndPay;
    EXPECT_EQ(replay(lax).earnings_of_partners.at("pn_1"), 1'000);
    EXPECT_EQ(totals(link).sales, 2);
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(RepairAttributionTest);

}  // namespace
}  // namespace hw
