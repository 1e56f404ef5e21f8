// SPDX-License-Identifier: Apache-2.0
#include "core/list_customers.hpp"

#include "core/keep_customer.hpp"
#include "tests/fixture/engine_test.hpp"

namespace hw {
namespace {

class ListCustomersTest : public EngineTest {
  protected:
    ListCustomersTest() { db = open({.url = url}); }
};

TEST_P(ListCustomersTest, CursorsGoThroughAllInBothDirections) {
    for (const auto* id : {"a", "b", "c", "d", "e"}) {
        env.advance_ms(1);
        ASSERT_TRUE(write([&](Tx& tx) {
            CustomerFields fields;
            fields.external_id = id;
            return add_customer(tx, fields);
        }));
    }
    for (const bool descending : {true, false}) {
        std::string seen;
        ListCustomers input;
        input.filter.limit = 2;
        input.filter.descending = descending;
        for (;;) {
            const auto page = read([&](Tx& tx) { return list_customers(tx, input); });
            ASSERT_TRUE(page);
            if (page->empty()) break;
            for (const auto& one : *page) seen += one.customer.external_id;
            input.starting_after = page->back().customer.customer_id;
        }
        EXPECT_EQ(seen, descending ? "edcba" : "abcde");
        input.ending_before = std::exchange(input.starting_after, std::nullopt);
        const auto before = read([&](Tx& tx) { return list_customers(tx, input); });
        ASSERT_TRUE(before);
        EXPECT_EQ(before->size(), 2U);
        EXPECT_EQ(before->back().customer.external_id, descending ? "b" : "d");
    }
}

HW_ON_BOTH_ENGINES(ListCustomersTest);

}  // namespace
}  // namespace hw
