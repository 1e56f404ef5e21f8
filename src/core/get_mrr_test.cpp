// SPDX-License-Identifier: Apache-2.0
#include "core/get_mrr.hpp"

#include "core/record_mrr.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class GetMrrTest : public EngineTest {
  protected:
    void move(const std::string& customer, std::int64_t delta, std::int64_t at_ms,
              const std::string& currency = "usd") {
        const auto moved = write([&](Tx& tx) {
            return record_mrr(tx, {.movement_key = std::to_string(++last_),
                                   .subscription_id = "sub",
                                   .customer_key = customer,
                                   .delta = delta,
                                   .currency = currency,
                                   .at_ms = at_ms,
                                   .source = "stripe",
                                   .conversion_id = std::nullopt});
        });
        ASSERT_TRUE(moved && *moved);
    }
    Mrr mrr() {
        return *read([](Tx& tx) -> Result<Mrr> { return get_mrr(tx, {}); });
    }

  private:
    int last_ = 0;
};

TEST_P(GetMrrTest, TheOrderOfArrivalIsNoMatter) {
    const auto t = env.now_ms();
    constexpr std::int64_t kDay = 86'400'000;
    move("late", -500, t + 40 * kDay);  // the end is told first
    move("late", 500, t);
    move("euro", 700, t, "lak");
    move("shrinks", 300, t);
    move("shrinks", -100, t + kDay);
    const auto now = mrr();
    EXPECT_EQ(now.current, (std::map<std::string, std::int64_t>{{"lak", 700}, {"usd", 200}}));
    EXPECT_EQ(now.customers, 2);
    ASSERT_EQ(now.months.size(), 3U);
    EXPECT_EQ(now.months[0].month, "2026-09");
    EXPECT_EQ(now.months[0].currency, "lak");
    EXPECT_EQ(now.months[1].amounts, (std::array<std::int64_t, 5>{800, 0, -100, 0, 0}));
    EXPECT_EQ(now.months[1].counts, (std::array<std::int64_t, 5>{2, 0, 1, 0, 0}));
    EXPECT_EQ(now.months[2].month, "2026-10");
    EXPECT_EQ(now.months[2].amounts, (std::array<std::int64_t, 5>{0, 0, 0, -500, 0}));
    EXPECT_EQ(now.current_converted, std::nullopt);  // no rate for kip
    std::int64_t net = 0;
    for (const auto& month : now.months) net += month.net();
    EXPECT_EQ(net, 900);
}

HW_ON_BOTH_ENGINES(GetMrrTest);

}  // namespace
}  // namespace hw
