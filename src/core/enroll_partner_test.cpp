// SPDX-License-Identifier: Apache-2.0
#include "core/enroll_partner.hpp"

#include "core/programs.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class EnrollPartnerTest : public EngineTest {};

TEST_P(EnrollPartnerTest, OneWhoAppliesHasNoLinksYet) {
    const auto done = write([&](Tx& tx) -> Result<bool> {
        ProgramFields fields;
        fields.name = "Shop";
        fields.url.emplace("https://shop.example");
        HW_TRY(create_program(tx, fields));
        NewPartner input;
        input.email = "ann@mail.example";
        input.status = "pending";
        const auto made = HW_TRY(enroll_partner(tx, input));
        EXPECT_TRUE(made.is_new);
        EXPECT_TRUE(made.enrolled.links.empty());
        EXPECT_EQ(made.enrolled.partner.name, "ann@mail.example");
        const auto again = HW_TRY(enroll_partner(tx, input));
        EXPECT_FALSE(again.is_new);
        EXPECT_EQ(again.enrolled.partner.partner_id, made.enrolled.partner.partner_id);
        HW_CHECK(welcome_partner(tx, made.enrolled.enrollment, {}));
        HW_CHECK(welcome_partner(tx, made.enrolled.enrollment, {}));
        EXPECT_EQ(load_partner(tx, made.enrolled.enrollment).links.size(), 1U);
        return true;
    });
    EXPECT_TRUE(done) << done.error().message;
}

HW_ON_BOTH_ENGINES(EnrollPartnerTest);

}  // namespace
}  // namespace hw
