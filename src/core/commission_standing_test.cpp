// SPDX-License-Identifier: Apache-2.0
#include "core/commission_standing.hpp"

#include <gtest/gtest.h>

#include <random>

namespace hw {
namespace {

constexpr std::int64_t kDue = 1'000;

// 10 % of a sale of 100.00, held until kDue.
CommissionFacts facts() {
    CommissionFacts f;
    f.partner_id = "pn_1";
    f.amount = 10'000;
    f.earnings = 1'000;
    f.sold = 9'000;  // in the sale's own currency
    f.matures_at_ms = kDue;
    return f;
}

std::int64_t of(const CommissionStanding& standing, std::string_view place) {
    const auto found = standing.accounts.find("partner:pn_1:" + std::string(place));
    return found == standing.accounts.end() ? 0 : found->second;
}

TEST(CommissionStanding, Tables) {
    struct Case {
        std::string_view what;
        void (*change)(CommissionFacts&);
        std::int64_t now_ms;
        std::string_view status;
        std::int64_t earnings;
        std::int64_t pending, held, payable, paid, clawback;
    };
    using F = CommissionFacts;
    const Case cases[] = {
        {"new", [](F&) {}, 0, "pending", 1'000, 1'000, 0, 0, 0, 0},
        {"the last moment", [](F&) {}, kDue - 1, "pending", 1'000, 1'000, 0, 0, 0, 0},
        {"due", [](F&) {}, kDue, "processed", 1'000, 0, 0, 1'000, 0, 0},
        {"held", [](F& f) { f.verdict = "hold"; }, kDue, "hold", 1'000, 0, 1'000, 0, 0, 0},
        {"disputed", [](F& f) { f.dispute = DisputeState::Open; }, kDue, "hold", 1'000, 0, 1'000, 0,
         0, 0},
        {"dispute won", [](F& f) { f.dispute = DisputeState::Won; }, kDue, "processed", 1'000, 0, 0,
         1'000, 0, 0},
        {"dispute lost", [](F& f) { f.dispute = DisputeState::Lost; }, kDue, "refunded", 0, 0, 0, 0,
         0, 0},
        {"half refunded", [](F& f) { f.refunded = 4'500; }, 0, "pending", 500, 500, 0, 0, 0, 0},
        {"a third", [](F& f) { f.refunded = 3'000; }, 0, "pending", 667, 667, 0, 0, 0, 0},
        {"refunded", [](F& f) { f.refunded = 9'000; }, 0, "refunded", 0, 0, 0, 0, 0, 0},
        {"refunded over", [](F& f) { f.refunded = 90'000; }, 0, "refunded", 0, 0, 0, 0, 0, 0},
        {"paid", [](F& f) { f.paid_out = 1'000; }, kDue, "paid", 1'000, 0, 0, 0, 1'000, 0},
        {"paid, then half refunded",
         [](F& f) {
             f.paid_out = 1'000;
             f.refunded = 4'500;
         },
         kDue, "paid", 500, 0, 0, 0, 1'000, -500},
        {"paid, refunded, carried",
         [](F& f) {
             f.paid_out = 500;
             f.refunded = 4'500;
         },
         kDue, "paid", 500, 0, 0, 0, 500, 0},
        {"paid, then all refunded",
         [](F& f) {
             f.paid_out = 1'000;
             f.refunded = 9'000;
         },
         kDue, "refunded", 0, 0, 0, 0, 1'000, -1'000},
        {"paid, then disputed",
         [](F& f) {
             f.paid_out = 1'000;
             f.dispute = DisputeState::Open;
         },
         kDue, "paid", 1'000, 0, 0, 0, 1'000, 0},
        {"paid, then another's",
         [](F& f) {
             f.paid_out = 1'000;
             f.attributed = false;
         },
         kDue, "canceled", 0, 0, 0, 0, 1'000, -1'000},
        {"fraud", [](F& f) { f.verdict = "fraud"; }, kDue, "fraud", 0, 0, 0, 0, 0, 0},
        {"duplicate", [](F& f) { f.verdict = "duplicate"; }, 0, "duplicate", 0, 0, 0, 0, 0, 0},
        {"another's now", [](F& f) { f.attributed = false; }, 0, "canceled", 0, 0, 0, 0, 0, 0},
        {"amended",
         [](F& f) {
             f.amended_amount = 20'000;
             f.amended_earnings = 2'000;
             f.refunded = 4'500;
         },
         kDue, "processed", 1'000, 0, 0, 1'000, 0, 0},
        {"amended upwards after it was paid",
         [](F& f) {
             f.paid_out = 1'000;
             f.amended_earnings = 1'200;
         },
         kDue, "processed", 1'200, 0, 0, 200, 1'000, 0},
        {"clawback by hand",
         [](F& f) {
             f.earnings = -300;
             f.sold = 0;
         },
         kDue, "processed", -300, 0, 0, 0, 0, -300},
        {"clawback by hand, collected",
         [](F& f) {
             f.earnings = f.paid_out = -300;
             f.sold = 0;
         },
         kDue, "paid", -300, 0, 0, 0, -300, 0},
    };
    for (const auto& c : cases) {
        auto f = facts();
        c.change(f);
        const auto standing = commission_standing(f, c.now_ms);
        EXPECT_EQ(standing.status, c.status) << c.what;
        EXPECT_EQ(standing.earnings, c.earnings) << c.what;
        EXPECT_EQ(of(standing, "pending"), c.pending) << c.what;
        EXPECT_EQ(of(standing, "held"), c.held) << c.what;
        EXPECT_EQ(of(standing, "payable"), c.payable) << c.what;
        EXPECT_EQ(of(standing, "paid"), c.paid) << c.what;
        EXPECT_EQ(of(standing, "clawback"), c.clawback) << c.what;
    }
}

TEST(CommissionStanding, ARefundTakesFromTheSaleWhateverItEarned) {
    struct Row {
        std::int64_t earnings;
        std::int64_t refunded;
        std::int64_t amount;  // left of the sale of 100.00
        std::string_view expected;
    };
    const Row rows[] = {
        {1'000, 4'500, 5'000, "pending"}, {0, 4'500, 5'000, "pending"}, {0, 9'000, 0, "refunded"}};
    for (const auto& row : rows) {
        auto f = facts();
        f.amended_earnings = row.earnings;
        f.refunded = row.refunded;
        const auto standing = commission_standing(f, 0);
        EXPECT_EQ(standing.amount, row.amount) << row.earnings;
        EXPECT_EQ(standing.status, row.expected) << row.earnings;
    }
}

TEST(CommissionStanding, AlwaysSumsToZero) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 dice(seed);
    const auto roll = [&](std::int64_t most) {
        return static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(most + 1));
    };
    constexpr std::string_view kVerdicts[] = {"none",      "hold",  "refunded",
                                              "duplicate", "fraud", "canceled"};
    for (int i = 0; i < 100'000; ++i) {
        CommissionFacts f;
        f.partner_id = "pn_1";
        f.amount = roll(1'000'000'000);
        f.earnings = roll(1'000'000) - 1'000;
        f.attributed = roll(9) > 0;
        f.verdict = kVerdicts[roll(5)];
        if (roll(4) == 0) f.amended_earnings = roll(1'000'000);
        f.sold = roll(1) * roll(1'000'000);
        f.refunded = roll(1) * roll(1'500'000);
        f.dispute = static_cast<DisputeState>(roll(3));
        f.paid_out = roll(1) * (roll(1'000'000) - 1'000);
        f.matures_at_ms = roll(10);
        const auto standing = commission_standing(f, roll(10));
        std::int64_t sum = 0;
        for (const auto& [account, amount] : standing.accounts) sum += amount;
        ASSERT_EQ(sum, 0) << i;
    }
}

// However a refund is cut into parts, the same comes back, and never more than there was.
TEST(ClawbackOf, ByTheTotal) {
    struct Case {
        std::int64_t earnings, refunded, sold, expected;
    };
    const Case cases[] = {{1'000, 0, 9'000, 0},
                          {1'000, 9'000, 9'000, 1'000},
                          {1'000, 10'000, 9'000, 1'000},
                          {1'000, 3'000, 9'000, 333},
                          {1'000, 6'000, 9'000, 667},
                          {1, 1, 2, 1},
                          {1, 1, 3, 0},
                          {5, 1, 10, 1},
                          {1'000, 1, 0, 0},
                          {1'000, -1, 9'000, 0},
                          {9'223'372'036'854'775'807, 1, 2, 4'611'686'018'427'387'904}};
    for (const auto& c : cases) {
        EXPECT_EQ(clawback_of(c.earnings, c.refunded, c.sold), c.expected)
            << c.earnings << " " << c.refunded << "/" << c.sold;
    }
}

}  // namespace
}  // namespace hw
