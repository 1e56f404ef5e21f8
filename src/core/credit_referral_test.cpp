// SPDX-License-Identifier: Apache-2.0
#include "core/credit_referral.hpp"

#include "core/enroll_partner.hpp"
#include "core/programs.hpp"
#include "core/rewards.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class CreditReferralTest : public EngineTest {
  protected:
    Result<Enrollment> enroll(Tx& tx, const std::string& name,
                              const std::optional<std::string>& referrer = {}) {
        NewPartner input;
        input.email = name + "@mail.example";
        input.referred_by_partner_id = referrer;
        return HW_TRY(enroll_partner(tx, input)).enrolled.enrollment;
    }
};

TEST_P(CreditReferralTest, OnceForEachPartnerWhoIsApproved) {
    const auto done = write([&](Tx& tx) -> Result<bool> {
        ProgramFields fields;
        fields.name = "Shop";
        const auto program = HW_TRY(create_program(tx, fields));
        auto ann = HW_TRY(enroll(tx, "ann"));
        const auto bob = HW_TRY(enroll(tx, "bob", ann.partner_id));
        EXPECT_EQ(earned_by_partner(tx, workspace_id, ann.partner_id), 0) << "no reward yet";
        Reward reward;
        reward.event = "referral";
        reward.base = {.is_percentage = false, .amount = 2'500, .max_duration_months = {}};
        GroupFields group;
        group.referral_reward_id.emplace(HW_TRY(create_reward(tx, reward)).reward_id);
        HW_TRY(update_group(tx, ann.group_id, group));
        const auto cid = HW_TRY(enroll(tx, "cid", ann.partner_id));
        EXPECT_EQ(earned_by_partner(tx, workspace_id, ann.partner_id), 2'500);
        EXPECT_FALSE(credit_referral(tx, cid)) << "once";
        EXPECT_FALSE(credit_referral(tx, ann)) << "nobody brought her";
        const auto made = credit_referral(tx, bob);
        EXPECT_TRUE(made && made->kind == "referral");
        if (!made) return true;
        const auto state = find_commission_state(tx, workspace_id, made->commission_id);
        EXPECT_EQ(state->status, "processed") << "payable at once";
        ann.status = "banned";
        update_enrollment(tx, ann);
        HW_TRY(enroll(tx, "dan", ann.partner_id));
        EXPECT_EQ(earned_by_partner(tx, workspace_id, ann.partner_id), 5'000);
        return true;
    });
    EXPECT_TRUE(done) << done.error().message;
}

HW_ON_BOTH_ENGINES(CreditReferralTest);

}  // namespace
}  // namespace hw
