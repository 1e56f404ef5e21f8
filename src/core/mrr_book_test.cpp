// SPDX-License-Identifier: Apache-2.0
#include "core/mrr_book.hpp"

#include <random>

#include "core/record_mrr.hpp"
#include "core/verify_books.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

TEST(MrrKindOf, FollowsFromWhatWasBefore) {
    using enum MrrKind;
    struct Case {
        MrrStep step;
        std::optional<MrrKind> expected;
    };
    const Case table[] = {
        {{.before = 0, .after = 10, .paid_before = false}, New},
        {{.before = 0, .after = 10, .paid_before = true}, Reactivation},
        {{.before = 10, .after = 20, .paid_before = true}, Expansion},
        {{.before = 20, .after = 10, .paid_before = true}, Contraction},
        {{.before = 10, .after = 0, .paid_before = true}, Churn},
        {{.before = 10, .after = 10, .paid_before = true}, std::nullopt},
        // Within an hour of its begin it is one movement.
        {{.before = 10, .after = 20, .paid_before = true, .open_kind = New}, New},
        {{.before = 20, .after = 10, .paid_before = true, .open_kind = New}, New},
        {{.before = 10, .after = 0, .paid_before = true, .open_kind = New}, Churn},
        {{.before = 10, .after = 20, .paid_before = true, .open_kind = Reactivation}, Reactivation},
    };
    for (const auto& row : table) EXPECT_EQ(mrr_kind(row.step), row.expected);
}

class MrrBookTest : public EngineTest {
  protected:
    void record(const MrrMovement& movement) {
        const auto done = write([&](Tx& tx) { return record_mrr(tx, movement); });
        ASSERT_TRUE(done && *done);
    }
    MrrMovement movement(int number) {
        MrrMovement made;
        made.movement_key = std::to_string(number);
        made.subscription_id = "sub";
        made.customer_key = "cus_1";
        made.delta = 100;
        made.currency = "usd";
        made.at_ms = env.now_ms();
        made.source = "stripe";
        return made;
    }
    std::string difference() {
        const auto books = *read([](Tx& tx) -> Result<VerifiedBooks> { return verify_books(tx); });
        if (books.first.empty()) return "";
        return books.first[0].table + " " + books.first[0].key + ": " + books.first[0].found +
               " for " + books.first[0].expected;
    }
};

// Late ones among them, in two currencies and from two sources.
TEST_P(MrrBookTest, WhatIsKeptIsWhatAllMovementsAddUpTo) {
    constexpr int kMovements = 300;
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const auto upto = [&](int most) { return static_cast<int>(random() % most); };
    const auto began_ms = env.now_ms();
    for (int i = 0; i < kMovements; ++i) {
        auto made = movement(i);
        made.customer_key = "cus_" + std::to_string(upto(12));
        made.delta = (upto(40) - 18) * 10;
        made.currency = upto(4) == 0 ? "eur" : "usd";
        made.source = upto(3) == 0 ? "paddle" : "stripe";
        made.at_ms = began_ms + upto(200) * 1'800'000LL * (1 + upto(40));
        made.test = upto(5) == 0;
        record(made);
    }
    for (const bool test : {false, true}) {
        const auto [kept, walked] = *read([&](Tx& tx) -> Result<std::pair<MrrSums, MrrSums>> {
            return std::pair{find_mrr_sums(tx, test).value(), sum_mrr(tx, test)};
        });
        EXPECT_EQ(kept, walked);
        EXPECT_GT(walked.months.size(), 10U);
    }
    EXPECT_EQ(difference(), "");
}

// As a server of before left it: movements, and no sums.
TEST_P(MrrBookTest, OldMovementsAreSummedUpWithTheNext) {
    const auto done =
        write([&](Tx& tx) -> Result<bool> { return insert_mrr_movement(tx, movement(1)); });
    ASSERT_TRUE(done && *done);
    EXPECT_EQ(difference(), "");
    const auto is_kept = [&] {
        return *read([](Tx& tx) -> Result<bool> { return has_mrr_sums(tx, false); });
    };
    EXPECT_FALSE(is_kept());
    record(movement(2));
    EXPECT_TRUE(is_kept());
    EXPECT_EQ(difference(), "");
}

TEST_P(MrrBookTest, SumsThatAreWrongAreFound) {
    record(movement(1));
    const auto done = write([](Tx& tx) -> Result<bool> {
        MrrSums more;
        more.customers = 1;
        add_mrr_sums(tx, false, more);
        return true;
    });
    ASSERT_TRUE(done);
    EXPECT_EQ(difference(),
              "mrr_months live: customers 2; 2026-09 usd new 100 of 1; stripe usd 100 for "
              "customers 1; 2026-09 usd new 100 of 1; stripe usd 100");
}

HW_ON_BOTH_ENGINES(MrrBookTest);

}  // namespace
}  // namespace hw
