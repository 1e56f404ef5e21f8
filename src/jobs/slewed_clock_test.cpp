// SPDX-License-Identifier: Apache-2.0
#include "jobs/slewed_clock.hpp"

#include <gtest/gtest.h>

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

TEST(SlewedClock, GoesOnFromWhereItWasAndMakesGoodTheJump) {
    struct Row {
        std::int64_t jump_ms;
        std::int64_t passed_ms;  // since then
        std::int64_t expected;   // of the clock, since then
    };
    const Row rows[] = {
        {0, 1'000, 1'000},
        {1'999, 0, 1'999},  // set with care: believed
        {-1'999, 0, -1'999},
        {kHourMs, 0, 0},
        {-kHourMs, 0, 0},
        {kHourMs, 1'000, 1'500},
        {-kHourMs, 1'000, 500},
        {kHourMs, kHourMs, kHourMs * 3 / 2},
        {-kHourMs, kHourMs, kHourMs / 2},
        {kHourMs, 2 * kHourMs, 3 * kHourMs},  // agreed again
        {-kHourMs, 2 * kHourMs, kHourMs},
        {kHourMs, 5 * kHourMs, 6 * kHourMs},
        {-kHourMs, 5 * kHourMs, 4 * kHourMs},
    };
    for (const auto& row : rows) {
        TestEnv env;
        std::int64_t steady_ms = 77;
        SlewedClock clock(env, [&] { return steady_ms; });
        const auto begun_ms = clock.now_ms();
        EXPECT_EQ(begun_ms, env.now_ms());
        env.advance_ms(row.jump_ms);
        clock.now_ms();
        env.advance_ms(row.passed_ms);
        steady_ms += row.passed_ms;
        EXPECT_EQ(clock.now_ms() - begun_ms, row.expected)
            << row.jump_ms << " then " << row.passed_ms;
    }
}

TEST(SlewedClock, MakesGoodInStepsOfAMillisecondToo) {
    TestEnv env;
    std::int64_t steady_ms = 0;
    SlewedClock clock(env, [&] { return steady_ms; });
    env.advance_ms(kHourMs);
    const auto begun_ms = clock.now_ms();
    for (int i = 0; i < 1'000; ++i) {
        env.advance_ms(1);
        ++steady_ms;
        clock.now_ms();
    }
    EXPECT_EQ(clock.now_ms() - begun_ms, 1'500);
}

TEST(SlewedClock, WithoutASteadyClockTheWallIsBelieved) {
    TestEnv env;
    SlewedClock clock(env, {});
    env.advance_ms(kHourMs);
    EXPECT_EQ(clock.now_ms(), env.now_ms());
    EXPECT_EQ(clock.steady_ms(), env.now_ms());
}

}  // namespace
}  // namespace hw
