// SPDX-License-Identifier: Apache-2.0
#include "core/list_partners.hpp"

#include "core/enroll_partner.hpp"
#include "core/programs.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class ListPartnersTest : public EngineTest {};

TEST_P(ListPartnersTest, TheSumOfTheirLinksIsTheirTotal) {
    const auto partner = write([&](Tx& tx) -> Result<EnrolledPartner> {
        ProgramFields fields;
        fields.name = "Shop";
        fields.url.emplace("https://shop.example");
        HW_TRY(create_program(tx, fields));
        NewPartner input;
        input.email = "ann@mail.example";
        const auto made = HW_TRY(enroll_partner(tx, input));
        PartnerLink link;
        link.partner.partner_id = made.enrolled.partner.partner_id;
        HW_TRY(create_partner_link(tx, link));
        return load_partner(tx, made.enrolled.enrollment);
    });
    ASSERT_TRUE(partner) << partner.error().message;
    ASSERT_EQ(partner->links.size(), 2U);
    make_click(partner->links[0].link, 1);
    make_click(partner->links[1].link, 2);
    make_click(partner->links[1].link, 3);
    const auto found = read([](Tx& tx) { return list_partners(tx, {}); });
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->front().totals.clicks, 3);
    EXPECT_EQ(found->front().links[1].totals.clicks, 2);
    const auto totals = read([&](Tx& tx) -> Result<PartnerTotals> {
        return totals_of_partner(tx, workspace_id, partner->partner.partner_id);
    });
    EXPECT_EQ(totals->clicks, 3);
}

TEST_P(ListPartnersTest, NoPartnersAreNoTrouble) {
    const auto none =
        read([](Tx& tx) -> Result<std::vector<EnrolledPartner>> { return load_partners(tx, {}); });
    EXPECT_TRUE(none && none->empty());
    EXPECT_EQ(read([](Tx& tx) { return list_partners(tx, {}); }).error().message,
              "Program not found");
}

HW_ON_BOTH_ENGINES(ListPartnersTest);

}  // namespace
}  // namespace hw
