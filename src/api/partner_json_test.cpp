// SPDX-License-Identifier: Apache-2.0
#include "api/partner_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

EnrolledPartner banned() {
    EnrolledPartner enrolled;
    enrolled.partner.partner_id = "pn_1";
    enrolled.partner.name = "Ann";
    enrolled.enrollment.partner_id = "pn_1";
    enrolled.enrollment.status = "banned";
    enrolled.group.emplace();
    enrolled.group->sale_reward_id = "rw_1";
    return enrolled;
}

TEST(PartnerJson, WhoIsBannedHasNoRewards) {
    auto enrolled = banned();
    EXPECT_TRUE(enrolled_partner_json(enrolled).at("saleRewardId").is_null());
    enrolled.enrollment.status = "approved";
    EXPECT_EQ(enrolled_partner_json(enrolled).at("saleRewardId").as_string(), "rw_1");
}

TEST(PartnerJson, AnApplicationWithoutAFormHasNone) {
    struct Row {
        std::string_view form_data;
        std::string_view expected;
    };
    const Row rows[] = {
        {"[]", "null"},
        {R"([{"label":"Why","value":null}])", R"([{"label":"Why","value":null}])"},
    };
    for (const auto& row : rows) {
        PartnerApplication application;
        application.application_id = "pga_1";
        application.form_data = row.form_data;
        const auto body = application_json(banned(), application);
        EXPECT_EQ(json::serialize(body.at("applicationFormData")), row.expected);
    }
}

}  // namespace
}  // namespace hw
