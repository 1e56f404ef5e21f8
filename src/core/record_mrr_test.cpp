// SPDX-License-Identifier: Apache-2.0
#include "core/record_mrr.hpp"

#include <gtest/gtest.h>

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class RecordMrrTest : public EngineTest {};

TEST_P(RecordMrrTest, OnceForEver) {
    MrrMovement movement;
    movement.movement_key = "sub:sub_1:start";
    movement.subscription_id = "sub_1";
    movement.customer_key = "cus_1";
    movement.delta = 2'999;
    movement.currency = "usd";
    movement.at_ms = env.now_ms();
    movement.source = "stripe";
    const auto record = [&] { return write([&](Tx& tx) { return record_mrr(tx, movement); }); };
    EXPECT_EQ(record(), true);
    EXPECT_EQ(record(), false);
    movement.delta = 1;
    EXPECT_EQ(record().error().message,
              "MRR movement sub:sub_1:start was told before with 2999 usd, now with 1 usd.");
    const auto sum = *read(
        [&](Tx& tx) -> Result<std::int64_t> { return mrr_of_subscription(tx, "cus_1", "sub_1"); });
    EXPECT_EQ(sum, 2'999);
}

HW_ON_BOTH_ENGINES(RecordMrrTest);

}  // namespace
}  // namespace hw
