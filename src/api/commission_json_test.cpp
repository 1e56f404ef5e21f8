// SPDX-License-Identifier: Apache-2.0
#include "api/commission_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(CommissionJson, WhatIsNotThereIsNull) {
    CommissionView view;
    view.commission.commission_id = "cm_1";
    view.commission.kind = "custom";
    view.commission.currency = "usd";
    view.state.status = "pending";
    view.state.earnings = -500;
    view.partner.partner_id = "pn_1";
    view.partner.name = "Ada";
    EXPECT_EQ(json::serialize(commission_json(view)),
              R"({"id":"cm_1","type":"custom","amount":0,"earnings":-500,"currency":"usd",)"
              R"("status":"pending","invoiceId":null,"description":null,"quantity":1,)"
              R"("userId":null,"metadata":null,"createdAt":"1970-01-01T00:00:00.000Z",)"
              R"("updatedAt":"1970-01-01T00:00:00.000Z","paidAt":null,)"
              R"("partner":{"id":"pn_1","name":"Ada","email":null,"image":null,)"
              R"("payoutsEnabledAt":null,"country":null,"groupId":null},"customer":null})");
}

}  // namespace
}  // namespace hw
