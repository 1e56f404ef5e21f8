// SPDX-License-Identifier: Apache-2.0
#include "core/processor_events.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "core/payment_provider.hpp"

namespace hw {
namespace {

TEST(ProcessorEvents, EachProcessorTellsOfPayments) {
    std::set<std::string> names;
    std::set<std::string> paying;
    for (const auto& event : processor_events()) {
        const auto provider = std::string(event.provider);
        EXPECT_TRUE(names.insert(provider + " " + std::string(event.type)).second) << event.type;
        if (event.payment) paying.insert(provider);
    }
    EXPECT_EQ(paying,
              std::set<std::string>(kPaymentProviderNames.begin(), kPaymentProviderNames.end()));
}

}  // namespace
}  // namespace hw
