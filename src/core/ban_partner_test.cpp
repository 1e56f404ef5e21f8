// SPDX-License-Identifier: Apache-2.0
#include "core/ban_partner.hpp"

#include "core/seed_program.hpp"
#include "core/verify_books.hpp"
#include "store/payouts.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class BanPartnerTest : public EngineTest {
  protected:
    std::string status(const std::string& commission_id) {
        const auto state = read([&](Tx& tx) -> Result<std::optional<CommissionState>> {
            return find_commission_state(tx, workspace_id, commission_id);
        });
        return (*state)->status;
    }
};

TEST_P(BanPartnerTest, WhatIsPaidStaysPaid) {
    SeedProgramme seed;
    seed.programs.resize(1);
    seed.programs[0].name = seed.programs[0].slug = "shop";
    seed.partners.resize(1);
    seed.partners[0].partner.partner_id = "pn_1";
    seed.partners[0].partner.name = "Ann";
    const auto add = [&](const std::string& id, const std::string& state, std::int64_t earnings) {
        SeedCommission one;
        one.commission.commission_id = id;
        one.commission.partner_id = "pn_1";
        one.commission.earnings = earnings;
        one.status = state;
        seed.commissions.push_back(one);
    };
    add("cm_pending", "pending", 100);
    add("cm_hold", "hold", 100);
    add("cm_due", "processed", 100);
    add("cm_paid", "paid", 100);
    add("cm_owed", "processed", -50);
    add("cm_waiting", "processed", 100);
    add("cm_sent", "processed", 100);
    seed.payouts.resize(2);
    seed.payouts[0].payout.payout_id = "po_waiting";
    seed.payouts[0].commission_ids = {"cm_waiting"};
    seed.payouts[1].payout.payout_id = "po_sent";
    seed.payouts[1].commission_ids = {"cm_sent"};
    seed.payouts[1].status = "sent";
    ASSERT_TRUE(normalize_programme("w", seed));
    const auto seeded = db->write_now<bool>(std::string(kOperator), [&](Tx& tx) -> Result<bool> {
        const auto workspace = find_workspace(tx, workspace_id);
        SeedProgrammeCounts counts;
        HW_CHECK(seed_partners(tx, "w", *workspace, seed, counts));
        HW_CHECK(seed_earnings(tx, "w", *workspace, seed, counts));
        return true;
    });
    ASSERT_TRUE(seeded) << seeded.error().message;
    const auto banned = write(
        [](Tx& tx) { return ban_partner(tx, {.partner_id = "pn_1", .tenant_id = {}}, "spam"); });
    ASSERT_TRUE(banned) << banned.error().message;
    struct Row {
        std::string id;
        std::string expected;
    };
    const Row rows[] = {{"cm_pending", "canceled"}, {"cm_hold", "canceled"},
                        {"cm_due", "canceled"},     {"cm_paid", "paid"},
                        {"cm_owed", "processed"},   {"cm_waiting", "canceled"},
                        {"cm_sent", "paid"}};
    for (const auto& row : rows) EXPECT_EQ(status(row.id), row.expected) << row.id;
    const auto step = [&](const std::string& payout_id) {
        return (*read([&](Tx& tx) -> Result<std::optional<PayoutStep>> {
                   return last_payout_step(tx, workspace_id, payout_id);
               }))
            ->status;
    };
    EXPECT_EQ(step("po_waiting"), "canceled");
    EXPECT_EQ(step("po_sent"), "sent");
    const auto books = read([](Tx& tx) -> Result<VerifiedBooks> { return verify_books(tx); });
    EXPECT_EQ(books->differences, 0);
}

HW_ON_BOTH_ENGINES(BanPartnerTest);

}  // namespace
}  // namespace hw
