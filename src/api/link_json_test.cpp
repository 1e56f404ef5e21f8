// SPDX-License-Identifier: Apache-2.0
#include "api/link_json.hpp"

#include <gtest/gtest.h>

namespace hw {
namespace {

TEST(LinkJson, AddressesAndTotals) {
    LinkWithTotals linked;
    linked.link.workspace_id = "ws_1";
    linked.link.domain = "go.example";
    linked.link.url = "https://a.example/?utm_source=x%20y";
    linked.totals = {.clicks = 5,
                     .leads = 4,
                     .conversions = 3,
                     .sales = 2,
                     .sale_amount = 1999,
                     .last_click_at_ms = 1'000,
                     .last_lead_at_ms = 0,
                     .last_conversion_at_ms = 0};
    struct Row {
        std::string_view stored_key;
        std::string_view key;
        std::string_view short_link;
        std::string_view qr_code;
    };
    const Row rows[] = {
        {"Sale", "Sale", "https://go.example/Sale",
         "https://h.example/qr?url=https://go.example/Sale?qr=1"},
        {"_root", "_root", "https://go.example",
         "https://h.example/qr?url=https://go.example?qr=1"},
        {"xn--tda", "\u00FC", "https://go.example/\u00FC",
         "https://h.example/qr?url=https://go.example/\u00FC?qr=1"},
    };
    for (const auto& row : rows) {
        linked.link.key = row.stored_key;
        const auto out = link_json(linked, "https://h.example");
        EXPECT_EQ(out.at("key").as_string(), row.key);
        EXPECT_EQ(out.at("shortLink").as_string(), row.short_link);
        EXPECT_EQ(out.at("qrCode").as_string(), row.qr_code);
        EXPECT_EQ(out.at("utm_source").as_string(), "x y");
        EXPECT_EQ(out.at("clicks").as_int64(), 5);
        EXPECT_EQ(out.at("leads").as_int64(), 4);
        EXPECT_EQ(out.at("conversions").as_int64(), 3);
        EXPECT_EQ(out.at("sales").as_int64(), 2);
        EXPECT_EQ(out.at("saleAmount").as_int64(), 1999);
        EXPECT_EQ(out.at("lastClicked").as_string(), "1970-01-01T00:00:01.000Z");
        EXPECT_EQ(out.at("projectId").as_string(), "1");
    }
}

}  // namespace
}  // namespace hw
