// SPDX-License-Identifier: Apache-2.0
#include "api/seed_program.hpp"

#include <gtest/gtest.h>

#include "api/seed_file.hpp"

namespace hw {
namespace {

Result<SeedWorld> world(const std::string& collections) {
    return read_seed_file(R"({"workspaces":[{"slug":"s",)" + collections + "}]}");
}

TEST(SeedProgram, EveryCollectionIsRead) {
    const auto read = world(R"(
        "programs":[{"id":"prog_1","name":"Shop","slug":"shop","domain":"go.example",
            "url":"https://shop.example"}],
        "groups":[{"id":"grp_1","programId":"prog_1","name":"Gold","slug":"gold",
            "holdingPeriodDays":30,"saleRewardId":"rw_1","discountId":"disc_1",
            "defaultLinks":[{"url":"https://shop.example"}]}],
        "rewards":[{"id":"rw_1","programId":"prog_1","event":"sale","type":"percentage",
            "amountInPercentage":12.25,"maxDuration":12,"modifiers":[{"id":"m","conditions":[
            {"entity":"sale","attribute":"amount","operator":"greater_than","value":99.50}],
            "amountInPercentage":20}]}],
        "discounts":[{"id":"disc_1","amount":7.5,"type":"percentage","couponId":"C"}],
        "partners":[{"id":"pn_1","programId":"prog_1","groupId":"grp_1","name":"Ann",
            "email":"ann@mail.example","status":"approved","tenantId":"t"}],
        "commissions":[{"id":"cm_1","partnerId":"pn_1","type":"sale","amount":1000,
            "earnings":100,"status":"paid","createdAt":"2026-01-02"}],
        "payouts":[{"id":"po_1","partnerId":"pn_1","commissionIds":["cm_1"],
            "status":"completed"}])");
    ASSERT_TRUE(read) << read.error().message;
    const auto& seed = read->workspaces[0].programme;
    EXPECT_EQ(seed.programs.at(0).domain, "go.example");
    EXPECT_EQ(seed.groups.at(0).holding_period_days, 30);
    EXPECT_EQ(seed.groups.at(0).default_links.at(0).url, "https://shop.example");
    const auto& reward = seed.rewards.at(0);
    EXPECT_EQ(reward.reward_id, "rw_1");
    EXPECT_EQ(reward.base.amount, 1'225);
    EXPECT_EQ(reward.modifiers.at(0).amount.amount, 2'000);
    EXPECT_EQ(reward.modifiers.at(0).amount.max_duration_months, 12);
    EXPECT_EQ(reward.modifiers.at(0).conditions.at(0).values.at(0), "99.50");
    EXPECT_EQ(seed.discounts.at(0).amount, 750);
    EXPECT_EQ(seed.partners.at(0).enrollment.tenant_id, "t");
    EXPECT_EQ(seed.commissions.at(0).commission.kind, "sale");
    EXPECT_EQ(seed.commissions.at(0).commission.earnings, 100);
    EXPECT_EQ(seed.commissions.at(0).commission.occurred_at_ms, 1'767'312'000'000);
    EXPECT_EQ(seed.payouts.at(0).commission_ids, std::vector<std::string>{"cm_1"});
}

TEST(SeedProgram, RefusalsNameThePlace) {
    struct Row {
        std::string collections;
        std::string expected;
    };
    const Row rows[] = {
        {R"("rewards":[{"id":"r","event":"sale","amountInPercentage":1.234}])",
         "workspaces[0].rewards[0].amountInPercentage: '1.234' is no percentage: give a number "
         "with at most two decimals"},
        {R"("commissions":[{"id":"c"}])",
         "workspaces[0].commissions[0].partnerId: Invalid input: expected string, received "
         "undefined"},
        {R"("payouts":[{"id":"p","commissionIds":[1]}])",
         "workspaces[0].payouts[0].commissionIds: expected texts only"},
        {R"("programs":{})", "workspaces[0].programs: expected an array"},
    };
    for (const auto& row : rows) {
        const auto read = world(row.collections);
        ASSERT_FALSE(read) << row.collections;
        EXPECT_EQ(read.error().message, row.expected);
    }
}

}  // namespace
}  // namespace hw
