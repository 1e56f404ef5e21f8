// SPDX-License-Identifier: Apache-2.0
#include "core/settle_commission.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "store/attributions.hpp"
#include "store/conversions.hpp"
#include "store/ledger.hpp"
#include "store/payouts.hpp"
#include "store/refunds.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

constexpr std::int64_t kHoldMs = 30 * 24 * 3'600'000LL;

class SettleCommissionTest : public EngineTest {
  protected:
    // What happens to one sale of 100.00 and its commission of 10.00, by number.
    void tell(Tx& tx, const std::string& name, int event) {
        const auto alias = "invoice:" + name;
        const auto ws = tx.workspace_id();
        switch (event) {
            case 0:
                return sell(tx, name);
            case 1:
                return refund(tx, alias, "re_1", 2'500);
            case 2:
                return refund(tx, alias, "re_2", 1'333);
            case 3:
                insert_dispute(tx, {ws, alias, "dp_1", "open", tx.now_ms()});
                return settle_payment(tx, alias, "dispute");
            case 4:
                insert_dispute(tx, {ws, alias, "dp_1", "won", tx.now_ms()});
                return settle_payment(tx, alias, "dispute");
            case 5:
                return refund(tx, alias, "re_1", 2'500);  // told again
            default:
                insert_dispute(tx, {ws, alias, "dp_2", "open", tx.now_ms()});
                insert_dispute(tx, {ws, alias, "dp_2", "won", tx.now_ms()});
                return settle_payment(tx, alias, "dispute");
        }
    }
    void refund(Tx& tx, const std::string& alias, const std::string& key, std::int64_t amount) {
        insert_refund(tx, {tx.workspace_id(), alias, key, amount, "eur", "", tx.now_ms()});
        settle_payment(tx, alias, "refund");
    }
    void sell(Tx& tx, const std::string& name) {
        Conversion sale;
        sale.workspace_id = tx.workspace_id();
        sale.conversion_id = "sale_" + name;
        sale.kind = "purchase";
        sale.event_name = "Purchase";
        sale.occurred_at_ms = tx.now_ms();
        sale.amount = 9'000;
        sale.currency = "eur";
        sale.invoice_id = name;
        insert_conversion(tx, sale);
        claim_payment_alias(tx, tx.workspace_id(), "invoice:" + name, sale.conversion_id);
        Attribution attribution;
        attribution.workspace_id = tx.workspace_id();
        attribution.conversion_id = sale.conversion_id;
        attribution.seq = 1;
        attribution.rung = "click_id";
        attribution.confidence = "certain";
        attribution.partner_id = "pn_1";
        insert_attribution(tx, attribution);
        const auto commission = commission_of(tx, name);
        insert_commission(tx, commission);
        settle_commission(tx, commission, "accrual");
    }
    Commission commission_of(Tx& tx, const std::string& name) {
        Commission commission;
        commission.workspace_id = tx.workspace_id();
        commission.commission_id = "cm_" + name;
        commission.program_id = "prog_1";
        commission.partner_id = "pn_1";
        commission.kind = "sale";
        commission.conversion_id = "sale_" + name;
        commission.invoice_id = name;
        commission.amount = 10'000;
        commission.earnings = 1'000;
        commission.currency = "usd";
        commission.occurred_at_ms = commission.created_at_ms = tx.now_ms();
        commission.matures_at_ms = tx.now_ms() + kHoldMs;
        return commission;
    }
    void review(const std::string& name, const std::string& verdict) {
        ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
            const auto commission = find_commission(tx, workspace_id, "cm_" + name);
            insert_commission_review(tx, *commission, {verdict, {}, {}, "looked at", "user_1"});
            settle_commission(tx, *commission, "review");
            return true;
        }));
    }
    void pay(const std::string& payout_id, const std::vector<PayoutItem>& items,
             const std::string& status, std::int64_t seq = 1) {
        ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
            if (seq == 1) {
                Payout payout;
                payout.workspace_id = workspace_id;
                payout.payout_id = payout_id;
                payout.program_id = "prog_1";
                payout.partner_id = "pn_1";
                payout.currency = "usd";
                for (const auto& item : items) payout.amount += item.amount;
                insert_payout(tx, payout, items);
            }
            insert_payout_step(tx, workspace_id, payout_id,
                               {seq, status, "", {}, "user_1", tx.now_ms()});
            for (const auto& item : items) {
                const auto commission = find_commission(tx, workspace_id, item.commission_id);
                settle_commission(tx, *commission, "payout");
            }
            return true;
        }));
    }
    CommissionState state_of(const std::string& name) {
        return *read([&](Tx& tx) -> Result<CommissionState> {
            return *find_commission_state(tx, workspace_id, "cm_" + name);
        });
    }
    AccountAmounts accounts_of(const std::string& name) {
        return *read([&](Tx& tx) -> Result<AccountAmounts> {
            return postings_of_commission(tx, workspace_id, "cm_" + name);
        });
    }
    // What is kept beside the postings is their sum, and all of it is nothing.
    void expect_even() {
        const auto [kept, summed] = *read([&](Tx& tx) -> Result<std::pair<Balances, Balances>> {
            return std::pair{text_of(list_balances(tx, workspace_id, "")),
                             text_of(sum_postings(tx, workspace_id))};
        });
        EXPECT_EQ(kept, summed);
        std::int64_t total = 0;
        for (const auto& [account, amount] : summed) total += amount;
        EXPECT_EQ(total, 0);
    }
    using Balances = std::map<std::string, std::int64_t>;
    static Balances text_of(const std::vector<Balance>& balances) {
        Balances texts;
        for (const auto& b : balances) texts[b.account + " " + b.currency] = b.amount;
        return texts;
    }
    void tell_one(const std::string& name, int event) {
        ASSERT_TRUE(write([&](Tx& tx) -> Result<bool> {
            tell(tx, name, event);
            return true;
        }));
    }
};

// Every order of seven events about one sale, each told twice in a row now and then.
TEST_P(SettleCommissionTest, EveryOrderEndsInTheSameBooks) {
    const bool all = GetParam() == EngineKind::Sqlite || std::getenv("HW_LONG") != nullptr;
    std::array<int, 7> order{0, 1, 2, 3, 4, 5, 6};
    const CommissionState expected{.status = "pending",
                                   .amount = 5'741,
                                   .earnings = 574,
                                   .payout_id = {},
                                   .paid_at_ms = {},
                                   .due = 0};
    const AccountAmounts accounts{{"expense:commissions", -574}, {"partner:pn_1:pending", 574}};
    int number = 0;
    do {
        ++number;
        // Every 41st on PostgreSQL, where a round trip costs more; all with HW_LONG=1.
        if (!all && number % 41 != 0) continue;
        const auto name = std::to_string(number);
        const auto told = write([&](Tx& tx) -> Result<CommissionState> {
            for (const int event : order) {
                tell(tx, name, event);
                if (event != 0 && number % 3 == event % 3) tell(tx, name, event);
            }
            return *find_commission_state(tx, workspace_id, "cm_" + name);
        });
        ASSERT_TRUE(told);
        ASSERT_EQ(*told, expected) << fmt::format("{}", fmt::join(order, " "));
        ASSERT_EQ(accounts_of(name), accounts) << fmt::format("{}", fmt::join(order, " "));
    } while (std::ranges::next_permutation(order).found);
    EXPECT_EQ(number, 5'040);
    expect_even();
}

TEST_P(SettleCommissionTest, ALifeWithRefundAfterPayout) {
    tell_one("a", 0);
    EXPECT_EQ(state_of("a").status, "pending");
    env.advance_ms(kHoldMs);
    ASSERT_TRUE(write([](Tx& tx) -> Result<std::string> { return settle_matured(tx, "", 10); }));
    EXPECT_EQ(state_of("a").status, "processed");
    pay("po_1", {{"po_1", "cm_a", 1'000}}, "pending");
    EXPECT_EQ(state_of("a").payout_id, "po_1");
    EXPECT_EQ(accounts_of("a").at("partner:pn_1:payable"), 1'000);
    pay("po_1", {{"po_1", "cm_a", 1'000}}, "completed", 2);
    EXPECT_EQ(state_of("a").status, "paid");
    tell_one("a", 1);
    EXPECT_EQ(accounts_of("a"), (AccountAmounts{{"expense:commissions", -722},
                                                {"partner:pn_1:clawback", -278},
                                                {"partner:pn_1:paid", 1'000}}));
    // The next payout takes it back.
    tell_one("b", 0);
    env.advance_ms(kHoldMs);
    ASSERT_TRUE(write([](Tx& tx) -> Result<std::string> { return settle_matured(tx, "", 10); }));
    pay("po_2", {{"po_2", "cm_a", -278}, {"po_2", "cm_b", 1'000}}, "completed");
    EXPECT_EQ(accounts_of("a"),
              (AccountAmounts{{"expense:commissions", -722}, {"partner:pn_1:paid", 722}}));
    EXPECT_EQ(state_of("b").status, "paid");
    expect_even();
}

TEST_P(SettleCommissionTest, ReversingEverythingLeavesNothing) {
    tell_one("a", 0);
    tell_one("a", 2);
    review("a", "hold");
    EXPECT_EQ(state_of("a").status, "hold");
    review("a", "none");
    env.advance_ms(kHoldMs);
    ASSERT_TRUE(write([](Tx& tx) -> Result<std::string> { return settle_matured(tx, "", 10); }));
    pay("po_1", {{"po_1", "cm_a", 852}}, "completed");
    EXPECT_EQ(state_of("a").status, "paid");
    pay("po_1", {{"po_1", "cm_a", 852}}, "failed", 2);
    EXPECT_EQ(state_of("a").status, "processed");
    review("a", "canceled");
    EXPECT_EQ(accounts_of("a"), AccountAmounts{});
    EXPECT_EQ(state_of("a").status, "canceled");
    expect_even();
}

HW_ON_BOTH_ENGINES(SettleCommissionTest);

}  // namespace
}  // namespace hw
