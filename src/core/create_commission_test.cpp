// SPDX-License-Identifier: Apache-2.0
#include "core/create_commission.hpp"

#include "base/civil_time.hpp"

#include "tests/fixture/program_test.hpp"

namespace hw {
namespace {

class CreateCommissionTest : public ProgramTest {
  protected:
    static CommissionFor whose(const std::string& external_id) {
        CommissionFor found;
        found.partner_id = "pn_1";
        found.customer =
            NewCustomer{.external_id = external_id, .name = {}, .email = {}, .avatar = {}};
        return found;
    }
};

TEST_P(CreateCommissionTest, TakesTheLinkThatSoldMost) {
    const auto other = partner_link("p2", "pn_1");
    lead("ada", make_click(other, 9));
    sold(sale_of("ada", 10'000));
    const auto made = write([&](Tx& tx) {
        return create_lead_commission(
            tx, {.whose = whose("bob"), .event_name = "Sign up", .metadata = {}});
    });
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ((*made)->link_id, other.link_id);
    EXPECT_EQ((*made)->earnings, 300);
    expect_clean_books();
}

TEST_P(CreateCommissionTest, ASaleOfThePastKeepsItsDate) {
    auto past = whose("ada");
    past.at_ms = env.now_ms() - 40 * kDayMs;
    TrackSale told;
    told.amount = 5'000;
    told.invoice_id = "in_1";
    const auto made =
        write([&](Tx& tx) { return create_sale_commission(tx, {.whose = past, .sale = told}); });
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ((*made)->occurred_at_ms, *past.at_ms);
    EXPECT_EQ(commissions(), Texts{"sale 1000 processed"});  // held long ago
    EXPECT_EQ(totals(link).sales, 1);
    expect_clean_books();
}

TEST_P(CreateCommissionTest, ACustomOneIsDueAtOnceAndMayBeNegative) {
    for (const std::int64_t amount : {500, -200}) {
        ASSERT_TRUE(write([&](Tx& tx) {
            return create_custom_commission(tx, {.partner_id = "pn_1",
                                                 .amount = amount,
                                                 .description = "by hand",
                                                 .at_ms = {},
                                                 .decided_by = "ada"});
        }));
        env.advance_ms(1);
    }
    EXPECT_EQ(commissions(), (Texts{"custom 500 processed", "custom -200 processed"}));
    expect_clean_books();
}

TEST_P(CreateCommissionTest, APartnerWithoutALink) {
    enroll("pn_2");
    auto other = whose("ada");
    other.partner_id = "pn_2";
    const auto made = write([&](Tx& tx) {
        return create_lead_commission(tx,
                                      {.whose = other, .event_name = "Sign up", .metadata = {}});
    });
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message, "Partner pn_2 has no link: create one first.");
}

HW_ON_BOTH_ENGINES(CreateCommissionTest);

}  // namespace
}  // namespace hw
