// SPDX-License-Identifier: Apache-2.0
#include "core/credit_clicks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "base/civil_time.hpp"
#include "store/counters.hpp"
#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class CreditClicksTest : public ProgramTest {
  protected:
    CreditClicksTest() { pay_for_clicks("rw_click"); }

    void pay_for_clicks(const std::optional<std::string>& reward_id) {
        make_reward("rw_click", "click", {false, 10, 0});
        put([&](Tx& tx) {
            auto group = *find_group(tx, workspace_id, "grp_1");
            group.click_reward_id = reward_id;
            update_group(tx, group);
        });
    }
    std::size_t credit(std::size_t at_most = 100) {
        const auto done = credit_clicks(*db, workspace_id, at_most);
        EXPECT_TRUE(done) << (done ? "" : done.error().message);
        return done.value_or(0);
    }
    // Until the day that is now is final.
    void end_day() { env.set_now_ms(start_of_day_ms(env.now_ms()) + kDayMs + kDayFinalAfterMs); }
    std::vector<Commission> credited() {
        std::vector<Commission> found;
        put([&](Tx& tx) {
            each_commission(tx, workspace_id,
                            [&](const Commission& commission) { found.push_back(commission); });
        });
        return found;
    }
};

TEST_P(CreditClicksTest, OneCommissionForEachLinkAndDay) {
    const auto other = partner_link("p2", "pn_1");
    const auto nobody = make_link("nobody");
    for (int visitor = 2; visitor <= 3; ++visitor) make_click(link, visitor);
    make_click(link, 1);        // within the hour of the first: not counted
    make_click(link, 9, true);  // a bot
    make_click(other, 1);
    make_click(nobody, 1);
    const auto day_ms = start_of_day_ms(env.now_ms());
    EXPECT_EQ(credit(), 0U) << "the day is not over";
    env.set_now_ms(day_ms + kDayMs + kDayFinalAfterMs - 1);
    EXPECT_EQ(credit(), 0U) << "and not final";
    env.advance_ms(1);
    EXPECT_EQ(credit(), 1U);
    auto found = credited();
    ASSERT_EQ(found.size(), 2U);
    std::ranges::sort(found, std::ranges::greater{}, &Commission::quantity);
    const auto& first = found[0];
    EXPECT_EQ(first.kind, "click");
    EXPECT_EQ(first.quantity, 3);
    EXPECT_EQ(first.earnings, 30);
    EXPECT_EQ(first.amount, 0);
    EXPECT_EQ(first.link_id, link.link_id);
    EXPECT_EQ(first.invoice_id, link.link_id + "-" + date_text(day_ms));
    EXPECT_EQ(first.occurred_at_ms, day_ms + kDayMs - 1);
    EXPECT_EQ(first.matures_at_ms, first.occurred_at_ms + 30 * kDayMs);
    EXPECT_EQ(found[1].earnings, 10);
    EXPECT_EQ(outbox("commission.created"), 2);
    expect_clean_books();
}

TEST_P(CreditClicksTest, ADayIsCreditedOnceForEver) {
    end_day();
    const auto both = [&] { return credit_clicks(*db, workspace_id, 100).has_value(); };
    auto other = std::async(std::launch::async, both);
    EXPECT_TRUE(both());
    EXPECT_TRUE(other.get());
    EXPECT_EQ(commissions(), (Texts{"click 10 pending"}));
    make_reward("rw_click", "click", {false, 500, 0});
    EXPECT_EQ(credit(), 0U);
    make_click(link, 5);
    EXPECT_EQ(credit(), 0U);
    end_day();
    EXPECT_EQ(credit(), 1U);
    EXPECT_EQ(commissions(), (Texts{"click 10 pending", "click 500 pending"}));
    expect_clean_books();
}

TEST_P(CreditClicksTest, DaysThatNobodyWasThereFor) {
    for (int day = 0; day < 3; ++day) {
        env.advance_ms(kDayMs);
        if (day != 1) make_click(link, 7);
    }
    end_day();
    EXPECT_EQ(credit(1), 1U);
    EXPECT_EQ(credit(), 3U);
    EXPECT_EQ(commissions().size(), 3U) << "one day had no clicks";
    expect_clean_books();
}

TEST_P(CreditClicksTest, NothingInHindsight) {
    pay_for_clicks(std::nullopt);
    end_day();
    EXPECT_EQ(credit(), 1U);
    pay_for_clicks("rw_click");
    EXPECT_EQ(credit(), 0U);
    EXPECT_EQ(commissions(), Texts{});
    make_click(link, 2);
    end_day();
    EXPECT_EQ(credit(), 1U);
    EXPECT_EQ(commissions(), (Texts{"click 10 pending"}));
}

TEST_P(CreditClicksTest, AnOldWorkspaceBeginsNow) {
    env.advance_ms(9 * kDayMs);
    make_click(link, 2);
    EXPECT_EQ(credit(), 0U);
    EXPECT_EQ(commissions(), Texts{});
    end_day();
    EXPECT_EQ(credit(), 1U);
    EXPECT_EQ(commissions(), (Texts{"click 10 pending"}));
}

TEST_P(CreditClicksTest, WhatAClickPays) {
    struct Case {
        std::string name;
        std::function<void()> change;
        Texts expected;
    };
    const auto limited = [](Reward& reward) {
        reward.spend_limit = 15;
        reward.spend_limit_interval = "day";
    };
    const auto by_country = [](Reward& reward) {
        RewardModifier modifier;
        modifier.modifier_id = "mod_1";
        modifier.conditions.push_back({.entity = "customer",
                                       .attribute = "country",
                                       .comparison = "equals_to",
                                       .values = {"Unknown"},
                                       .metadata_field = {}});
        modifier.amount = {false, 99, 0};
        reward.modifiers.push_back(modifier);
    };
    const auto by_partner = [](Reward& reward) {
        RewardModifier modifier;
        modifier.modifier_id = "mod_1";
        modifier.conditions.push_back({.entity = "partner",
                                       .attribute = "country",
                                       .comparison = "equals_to",
                                       .values = {"DE"},
                                       .metadata_field = {}});
        modifier.amount = {false, 25, 0};
        reward.modifiers.push_back(modifier);
    };
    const Case cases[] = {
        {"flat", [&] { make_reward("rw_click", "click", {false, 7, 0}); }, {"click 14 pending"}},
        {"limit",
         [&] { make_reward("rw_click", "click", {false, 10, 0}, limited); },
         {"click 15 pending"}},
        {"a visitor of an unknown country is of none",
         [&] { make_reward("rw_click", "click", {false, 10, 0}, by_country); },
         {"click 20 pending"}},
        {"partner",
         [&] { make_reward("rw_click", "click", {false, 10, 0}, by_partner); },
         {"click 50 pending"}},
        {"nothing", [&] { make_reward("rw_click", "click", {false, 0, 0}); }, {}},
        {"banned", [&] { enroll("pn_1", {}, "banned"); }, {}},
    };
    end_day();
    credit();
    auto before = commissions().size();
    int visitor = 10;
    for (const auto& row : cases) {
        for (int i = 0; i < 2; ++i) make_click(link, ++visitor);
        row.change();
        end_day();
        EXPECT_EQ(credit(), 1U) << row.name;
        auto found = commissions();
        found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(before));
        EXPECT_EQ(found, row.expected) << row.name;
        before += found.size();
    }
    expect_clean_books();
}

HW_ON_BOTH_ENGINES(CreditClicksTest);

}  // namespace
}  // namespace hw
