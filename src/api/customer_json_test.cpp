// SPDX-License-Identifier: Apache-2.0
#include "api/customer_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(CustomerJson, SaysWhatIsKnown) {
    CustomerWithTotals found;
    found.customer.customer_id = "cus_1";
    found.customer.external_id = "ann";
    found.customer.name = "Ann";
    found.totals = {.sales = 1, .sale_amount = 100, .first_sale_at_ms = 1'000};
    auto out = customer_json(found);
    EXPECT_EQ(out.size(), 12U);
    EXPECT_EQ(out.at("firstSaleAt"), "1970-01-01T00:00:01.000Z");
    EXPECT_EQ(out.at("email"), nullptr);
    Link link;
    link.link_id = "link_1";
    link.domain = "go.example";
    link.key = "a";
    link.program_id = "prog_1";
    link.partner_id = "pn_1";
    add_expanded_fields(out, link);
    EXPECT_EQ(out.at("link").at("shortLink"), "https://go.example/a");
    EXPECT_EQ(out.at("programId"), "prog_1");
    EXPECT_EQ(out.at("partner").at("id"), "pn_1");
    add_expanded_fields(out, std::nullopt);
    EXPECT_EQ(out.at("link"), nullptr);
    EXPECT_EQ(out.at("partner"), nullptr);
}

}  // namespace
}  // namespace hw
