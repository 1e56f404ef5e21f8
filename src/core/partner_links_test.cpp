// SPDX-License-Identifier: Apache-2.0
#include "core/partner_links.hpp"

#include "core/enroll_partner.hpp"
#include "core/programs.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class PartnerLinksTest : public EngineTest {};

TEST_P(PartnerLinksTest, OnlyWhoMayEarnHasLinksMade) {
    struct Row {
        std::string_view status;
        bool expected;
    };
    const Row rows[] = {{"approved", true},  {"archived", true},     {"invited", true},
                        {"pending", false},  {"deactivated", false}, {"banned", false},
                        {"declined", false}, {"rejected", false}};
    const auto done = write([&](Tx& tx) -> Result<bool> {
        ProgramFields fields;
        fields.name = "Shop";
        fields.url.emplace("https://shop.example");
        HW_TRY(create_program(tx, fields));
        NewPartner input;
        input.email = "ann@mail.example";
        auto enrollment = HW_TRY(enroll_partner(tx, input)).enrolled.enrollment;
        for (const auto& row : rows) {
            enrollment.status = row.status;
            update_enrollment(tx, enrollment);
            PartnerLink link;
            link.partner.partner_id = enrollment.partner_id;
            EXPECT_EQ(create_partner_link(tx, link).has_value(), row.expected) << row.status;
            link.url = "https://shop.example/upsert";
            EXPECT_EQ(upsert_partner_link(tx, link).has_value(), row.expected) << row.status;
        }
        return true;
    });
    EXPECT_TRUE(done) << done.error().message;
}

HW_ON_BOTH_ENGINES(PartnerLinksTest);

}  // namespace
}  // namespace hw
