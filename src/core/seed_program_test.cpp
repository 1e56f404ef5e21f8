// SPDX-License-Identifier: Apache-2.0
#include "core/seed_program.hpp"

#include "core/settle_commission.hpp"
#include "core/verify_books.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

SeedProgramme seed_of() {
    SeedProgramme seed;
    seed.programs.resize(1);
    seed.programs[0].program_id = "prog_1";
    seed.programs[0].name = "My Shop";
    seed.rewards.resize(1);
    seed.rewards[0].reward_id = "rw_1";
    seed.rewards[0].event = "sale";
    seed.rewards[0].base = {.is_percentage = true, .amount = 1'000, .max_duration_months = {}};
    seed.groups.resize(1);
    seed.groups[0].group_id = "grp_1";
    seed.groups[0].name = "Default";
    seed.groups[0].sale_reward_id = "rw_1";
    seed.partners.resize(1);
    seed.partners[0].partner.partner_id = "pn_1";
    seed.partners[0].partner.email = "ann@mail.example";
    return seed;
}

SeedCommission commission_of(const std::string& id, const std::string& status,
                             std::int64_t earnings = 100) {
    SeedCommission seed;
    seed.commission.commission_id = id;
    seed.commission.partner_id = "pn_1";
    seed.commission.earnings = earnings;
    seed.status = status;
    return seed;
}

class SeedProgramTest : public EngineTest {
  protected:
    // What was made, or the refusal.
    std::string seed(SeedProgramme programme) {
        const auto good = normalize_programme("w", programme);
        if (!good) return good.error().message;
        SeedProgrammeCounts counts;
        const auto done = db->write_now<bool>(std::string(kOperator), [&](Tx& tx) -> Result<bool> {
            counts = {};
            const auto workspace = find_workspace(tx, workspace_id);
            HW_CHECK(seed_partners(tx, "w", *workspace, programme, counts));
            HW_CHECK(seed_earnings(tx, "w", *workspace, programme, counts));
            return true;
        });
        if (!done) return done.error().message;
        std::string made;
        for (const auto& tally : {counts.programs, counts.groups, counts.rewards, counts.discounts,
                                  counts.partners, counts.commissions, counts.payouts}) {
            made += std::to_string(tally.made) + ",";
        }
        return made;
    }
    std::string status(const std::string& commission_id) {
        const auto state = read([&](Tx& tx) -> Result<std::optional<CommissionState>> {
            return find_commission_state(tx, workspace_id, commission_id);
        });
        return *state ? (*state)->status : "none";
    }
};

TEST_P(SeedProgramTest, CommissionsReachTheirStatusByTheBooks) {
    const char* const statuses[] = {"pending",  "hold",      "processed", "paid",
                                    "refunded", "duplicate", "fraud",     "canceled"};
    auto programme = seed_of();
    for (const std::string each : statuses) {
        programme.commissions.push_back(commission_of("cm_" + each, each));
    }
    programme.commissions.push_back(commission_of("cm_sent", "processed", 70));
    programme.commissions.push_back(commission_of("cm_waits", "processed", 30));
    programme.payouts.resize(2);
    programme.payouts[0].payout.payout_id = "po_sent";
    programme.payouts[0].commission_ids = {"cm_sent"};
    programme.payouts[0].status = "completed";
    programme.payouts[1].payout.payout_id = "po_waits";
    programme.payouts[1].commission_ids = {"cm_waits"};
    EXPECT_EQ(seed(programme), "1,1,1,0,1,10,2,");
    for (const std::string each : statuses) EXPECT_EQ(status("cm_" + each), each);
    EXPECT_EQ(status("cm_sent"), "paid");
    EXPECT_EQ(status("cm_waits"), "processed");
    EXPECT_EQ(seed(programme), "0,0,0,0,0,0,0,") << "the same again";
    const auto books = read([](Tx& tx) -> Result<VerifiedBooks> { return verify_books(tx); });
    EXPECT_EQ(books->differences, 0);
    const auto payout = read([&](Tx& tx) -> Result<std::optional<Payout>> {
        return find_payout(tx, workspace_id, "po_sent");
    });
    EXPECT_EQ((*payout)->amount, 70);
    EXPECT_EQ((*payout)->partner_id, "pn_1");
}

TEST_P(SeedProgramTest, RefusesWhatContradicts) {
    EXPECT_EQ(seed(seed_of()), "1,1,1,0,1,0,0,");
    struct Row {
        std::function<void(SeedProgramme&)> change;
        std::string expected;
    };
    const Row rows[] = {
        {[](SeedProgramme& s) { s.programs[0].name = ""; }, "w.programs[0].name: give it a name"},
        {[](SeedProgramme& s) { s.programs[0].slug = "A"; },
         "w.programs[0].slug: 'A' is no slug: use a-z, 0-9 and '-'"},
        {[](SeedProgramme& s) { s.programs[0].program_id = "prog_2"; },
         "w.programs[0]: its id or slug is another program's in the database"},
        {[](SeedProgramme& s) { s.rewards[0].reward_id = ""; }, "w.rewards[0].id: give it an id"},
        {[](SeedProgramme& s) { s.rewards[0].base.amount = 10'001; },
         "w.rewards[0]: custom: amountInPercentage: give a percentage from 0 to 100"},
        {[](SeedProgramme& s) { s.rewards.push_back(s.rewards[0]); },
         "w.rewards[1].id: 'rw_1' stands in this file twice: remove one"},
        {[](SeedProgramme& s) { s.groups[0].program_id = "prog_9"; },
         "w.groups[0].programId: the workspace has no program 'prog_9'"},
        {[](SeedProgramme& s) { s.groups[0].lead_reward_id = "rw_9"; },
         "w.groups[0]: the workspace has no reward 'rw_9'"},
        {[](SeedProgramme& s) { s.groups[0].discount_id = "disc_9"; },
         "w.groups[0]: the workspace has no discount 'disc_9'"},
        {[](SeedProgramme& s) { s.partners[0].enrollment.group_id = "grp_9"; },
         "w.partners[0].groupId: the program has no group 'grp_9'"},
        {[](SeedProgramme& s) { s.partners[0].partner.partner_id = "pn_2"; },
         "w.partners[0].id: ann@mail.example has the id pn_1 in the database: write that one, or "
         "none"},
        {[](SeedProgramme& s) { s.partners[0].enrollment.status = "gone"; },
         "w.partners[0].status: 'gone' is unknown"},
        {[](SeedProgramme& s) { s.commissions = {commission_of("cm_1", "late")}; },
         "w.commissions[0].status: 'late' is unknown"},
        {[](SeedProgramme& s) {
             s.commissions = {commission_of("cm_1", "paid")};
             s.commissions[0].commission.partner_id = "pn_9";
         },
         "w.commissions[0].partnerId: the program has no partner 'pn_9'"},
        {[](SeedProgramme& s) {
             s.payouts.resize(1);
             s.payouts[0].payout.payout_id = "po_1";
             s.payouts[0].commission_ids = {"cm_9"};
         },
         "w.payouts[0].commissionIds: 'cm_9' is no commission of this partner"},
    };
    for (const auto& row : rows) {
        auto programme = seed_of();
        row.change(programme);
        EXPECT_EQ(seed(programme), row.expected);
    }
}

HW_ON_BOTH_ENGINES(SeedProgramTest);

}  // namespace
}  // namespace hw
