// SPDX-License-Identifier: Apache-2.0
#include "api/track_body.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hw {
namespace {

struct Case {
    const char* body;
    const char* outcome;  // the external id, or the refusal
};

TEST(TrackBody, ExternalIdAndItsOldNames) {
    const std::vector<Case> rows{
        {R"({"customerExternalId":"a"})", "a"},
        {R"({"externalId":"b"})", "b"},
        {R"({"customerId":"c"})", "c"},
        {R"({"customerExternalId":"a","externalId":"b","customerId":"c"})", "a"},
        {R"({"customerExternalId":"","externalId":"b"})", "b"},
        {R"({"customerExternalId":null,"customerId":"c"})", "c"},
        {R"({})", "customerExternalId is required"},
        {R"({"customerExternalId":null})", "customerExternalId is required"},
        {R"({"customerExternalId":1})",
         "invalid_type: customerExternalId: Invalid input: expected string, received number"},
    };
    for (const auto& row : rows) {
        const auto told = read_external_id(json::parse(row.body).as_object());
        const auto id = told ? required_external_id(*told) : std::unexpected(told.error());
        EXPECT_EQ(id ? *id : id.error().message, row.outcome) << row.body;
    }
}

TEST(TrackBody, ShortLinks) {
    Link link;
    link.domain = "go.shop.example";
    link.key = "summer";
    EXPECT_EQ(short_link(link), "https://go.shop.example/summer");
    link.key = "_root";
    EXPECT_EQ(short_link(link), "https://go.shop.example");
    EXPECT_TRUE(link_summary(std::nullopt).is_null());
    EXPECT_EQ(link_summary(link).as_object().size(), 9U);
}

}  // namespace
}  // namespace hw
