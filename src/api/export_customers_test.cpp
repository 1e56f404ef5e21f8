// SPDX-License-Identifier: Apache-2.0
#include "api/export_customers.hpp"

#include <algorithm>

#include "store/customers.hpp"
#include "tests/fixture/track_api_test.hpp"

namespace hw {
namespace {

class ExportCustomersApiTest : public TrackApiTest {
  protected:
    void make_many(std::int64_t count) {
        const auto made = write([&](Tx& tx) -> Result<bool> {
            for (std::int64_t i = 0; i < count; ++i) {
                Customer customer;
                customer.workspace_id = workspace_id;
                customer.customer_id = tx.new_id("cus_");
                customer.external_id = "many" + std::to_string(i);
                customer.created_at_ms = tx.now_ms();
                insert_customer(tx, customer);
            }
            return true;
        });
        HW_ASSERT(made.has_value());
    }
};

TEST_P(ExportCustomersApiTest, TellsWhatTheListingTells) {
    const auto link = make_link("spring");
    lead({{"clickId", make_click(link)},
          {"eventName", "Sign up"},
          {"customerExternalId", "ann"},
          {"customerName", "=Ann"},
          {"customerEmail", "ann@shop.example"}});
    sale({{"customerExternalId", "ann"}, {"amount", 1'999}});
    const auto listed = json_of(send("GET", "/customers")).as_array().at(0).as_object();
    auto line = json_of(send("GET", "/customers/export?format=ndjson")).as_object();
    EXPECT_EQ(line.at("linkId").as_string(), link.link_id);
    line.erase("linkId");
    EXPECT_EQ(line, listed);
    const auto id = std::string(listed.at("id").as_string());
    EXPECT_EQ(send("GET", "/customers/export").body,
              "id,externalId,name,email,avatar,country,stripeCustomerId,linkId,sales,saleAmount,"
              "createdAt,firstSaleAt,subscriptionCanceledAt\r\n" +
                  id + ",ann,'=Ann,ann@shop.example,,,," + link.link_id +
                  ",1,1999,2026-09-21T14:13:20.000Z,2026-09-21T14:13:20.000Z,\r\n");
}

TEST_P(ExportCustomersApiTest, ManyPagesAndFilters) {
    make_many(2 * limits::kExportRowsAtOnce + 1);
    const struct {
        std::string query;
        std::int64_t expected;
    } rows[] = {
        {"", 2 * limits::kExportRowsAtOnce + 1},
        {"?externalId=many7", 1},
        {"?search=many1", 1 + 10 + 100 + 1'000},
        {"?email=none", 0},
        {"?country=DE", 0},
    };
    for (const auto& row : rows) {
        const auto body = send("GET", "/customers/export" + row.query).body;
        EXPECT_EQ(std::ranges::count(body, '\n'), row.expected + 1) << row.query;
    }
    // The listing beside it still goes both ways.
    EXPECT_EQ(json_of(send("GET", "/customers?pageSize=100")).as_array().size(), 100U);
    EXPECT_EQ(json_of(send("GET", "/customers?sortOrder=asc&pageSize=100")).as_array().size(),
              100U);
}

HW_ON_BOTH_ENGINES(ExportCustomersApiTest);

}  // namespace
}  // namespace hw
