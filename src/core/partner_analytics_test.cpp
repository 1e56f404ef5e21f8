// SPDX-License-Identifier: Apache-2.0
#include "core/partner_analytics.hpp"

#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class PartnerAnalyticsTest : public EngineTest {};

TEST_P(PartnerAnalyticsTest, NeedsAPartner) {
    const auto ask = [&](const PartnerReference& reference) {
        return read([&](Tx& tx) { return partner_analytics(tx, reference, {}); }).error().message;
    };
    EXPECT_EQ(ask({}), "Either `partnerId` or `tenantId` must be provided.");
    EXPECT_EQ(ask({.partner_id = "pn_1", .tenant_id = {}}), "Program not found");
}

HW_ON_BOTH_ENGINES(PartnerAnalyticsTest);

}  // namespace
}  // namespace hw
