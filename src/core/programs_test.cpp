// SPDX-License-Identifier: Apache-2.0
#include "core/programs.hpp"

#include <gtest/gtest.h>

#include "store/partners.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class ProgramsTest : public EngineTest {
  protected:
    Result<Program> make(const std::string& name, const std::string& leads_to = "") {
        env.advance_ms(1);
        return write([&](Tx& tx) {
            ProgramFields fields;
            fields.name = name;
            if (!leads_to.empty()) fields.url.emplace(leads_to);
            return create_program(tx, fields);
        });
    }
};

TEST_P(ProgramsTest, TheFirstOneIsMeantWhenNoneIsNamed) {
    const auto none = read([](Tx& tx) { return required_program(tx); });
    EXPECT_EQ(none.error().message, "Program not found");
    const auto first = make("First");
    make("Second");
    const auto meant = read([](Tx& tx) { return required_program(tx); });
    EXPECT_EQ(meant->program_id, first->program_id);
    const auto groups = *read([&](Tx& tx) -> Result<std::vector<PartnerGroup>> {
        return list_groups(tx, workspace_id, first->program_id);
    });
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].slug, "default");
}

TEST_P(ProgramsTest, WherePartnerLinksMayLead) {
    struct Row {
        std::string program_url;
        std::vector<std::string> hosts;
        std::string url;
        bool expected;
    };
    const Row rows[] = {
        {"https://shop.example/a", {}, "https://shop.example/b", true},
        {"https://shop.example", {}, "https://www.shop.example", true},
        {"https://shop.example", {}, "https://myshop.example", false},
        {"https://shop.example", {}, "https://shop.example.evil", false},
        {"https://shop.example", {"other.example"}, "https://shop.example", false},
        {"https://shop.example", {"other.example"}, "https://other.example/x", true},
        {"", {}, "https://anywhere.example", true},
        {"https://shop.example", {}, "mailto:a@shop.example", false},
    };
    for (const auto& row : rows) {
        Program program;
        if (!row.program_url.empty()) program.url = row.program_url;
        PartnerGroup group;
        group.name = "G";
        group.link_hosts = row.hosts;
        EXPECT_EQ(check_partner_url(program, group, row.url).has_value(), row.expected) << row.url;
    }
}

TEST_P(ProgramsTest, GroupsWithPartnersStay) {
    const auto program = *make("Shop");
    const auto outcome = write([&](Tx& tx) -> Result<bool> {
        GroupFields fields;
        fields.name = "Gold";
        const auto gold = HW_TRY(create_group(tx, fields));
        Enrollment enrollment;
        enrollment.workspace_id = workspace_id;
        enrollment.program_id = program.program_id;
        enrollment.partner_id = "pn_1";
        enrollment.enrollment_id = "pge_1";
        enrollment.group_id = gold.group_id;
        enrollment.status = "approved";
        insert_enrollment(tx, enrollment);
        EXPECT_EQ(delete_group(tx, gold.group_id).error().code, ErrorCode::Conflict);
        const auto basic = list_groups(tx, workspace_id, program.program_id).front();
        EXPECT_EQ(basic.slug, "default");
        EXPECT_EQ(delete_group(tx, basic.group_id).error().code, ErrorCode::Conflict);
        enrollment.group_id = basic.group_id;
        update_enrollment(tx, enrollment);
        EXPECT_EQ(HW_TRY(delete_group(tx, gold.group_id)), gold.group_id);
        EXPECT_EQ(delete_group(tx, gold.group_id).error().code, ErrorCode::NotFound);
        return true;
    });
    EXPECT_TRUE(outcome) << outcome.error().message;
}

HW_ON_BOTH_ENGINES(ProgramsTest);

}  // namespace
}  // namespace hw
