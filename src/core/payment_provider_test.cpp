// SPDX-License-Identifier: Apache-2.0
#include "core/payment_provider.hpp"

#include <gtest/gtest.h>

#include "tests/fixture/fake_provider.hpp"

namespace hw {
namespace {

TEST(PaymentProviderTest, HeadersWithoutRegardToCase) {
    const InboundMessage message{"", {{"Stripe-Signature", "t=1"}, {"user-agent", "x"}}, 0};
    EXPECT_EQ(message.header("stripe-signature"), "t=1");
    EXPECT_EQ(message.header("User-Agent"), "x");
    EXPECT_EQ(message.header("Cookie"), "");
}

TEST(PaymentProviderTest, ByName) {
    const FakeProvider fake;
    const PaymentProviders providers{&fake};
    EXPECT_EQ(find_provider(providers, "stripe"), &fake);
    EXPECT_EQ(find_provider(providers, "paddle"), nullptr);
    EXPECT_EQ(find_provider({}, "stripe"), nullptr);
}

}  // namespace
}  // namespace hw
