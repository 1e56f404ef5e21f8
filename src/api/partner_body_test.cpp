// SPDX-License-Identifier: Apache-2.0
#include "api/partner_body.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(PartnerBody, ReadsWhoIsMeant) {
    struct Row {
        std::string_view body;
        std::string expected;  // partner id and tenant id
    };
    const Row rows[] = {
        {R"({"partnerId":" pn_1 "})", "pn_1 -"},
        {R"({"partnerId":null,"tenantId":"t"})", "- t"},
        {R"({"partnerId":"","tenantId":""})", "- -"},
        {R"({"partnerId":7})",
         "invalid_type: partnerId: Invalid input: expected string, received number"},
    };
    for (const auto& row : rows) {
        const auto read = read_partner_reference(*parse_object(row.body));
        EXPECT_EQ(read ? read->partner_id.value_or("-") + " " + read->tenant_id.value_or("-")
                       : read.error().message,
                  row.expected);
    }
}

TEST(PartnerBody, LinkPropsSayNothingOfKeyAndDestination) {
    const ApiOptions options;
    const auto link = read_partner_link_props(
        *parse_object(R"({"linkProps":{"url":"https://x.example","key":"k","domain":"d",)"
                      R"("partnerId":"pn_2","title":"T","prefix":"p//","trackConversion":false}})"),
        options);
    ASSERT_TRUE(link);
    EXPECT_FALSE(link->props.url || link->props.key || link->props.domain);
    EXPECT_FALSE(link->props.partner_id || link->props.track_conversion);
    EXPECT_EQ(link->props.title, std::optional<std::string>("T"));
    EXPECT_EQ(link->prefix, "p");
}

}  // namespace
}  // namespace hw
