// SPDX-License-Identifier: Apache-2.0
// The customers of a workspace as a list, and what their owner changes in one by hand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/customers.hpp"

namespace hw {

struct CustomerWithTotals {
    Customer customer;
    CustomerTotals totals;
};

enum class CustomerOrder : std::uint8_t {
    CreatedAt,
    SaleAmount,
    FirstSaleAt,
    SubscriptionCanceledAt,
};

// Empty texts mean "no such filter".
struct CustomerFilter {
    std::string email;
    std::string external_id;
    std::string search;  // part of name, e-mail or external id, without case
    std::string country;
    std::string link_id;
    std::string program_id;  // of the customer's link
    std::string partner_id;
    CustomerOrder order = CustomerOrder::CreatedAt;
    bool descending = true;
    // Ids; only in the order of CreatedAt, and at most one of them.
    std::string after;
    std::string before;
    std::int64_t limit = 100;
    std::int64_t offset = 0;
};
std::vector<CustomerWithTotals> list_customers(Tx& tx, const CustomerFilter& filter);

bool is_stripe_customer_taken(Tx& tx, std::string_view stripe_customer_id,
                              std::string_view except_customer_id);
void update_customer(Tx& tx, const Customer& customer);

// And the stored picture. What the customer did stays.
void delete_customer(Tx& tx, const Customer& customer);

}  // namespace hw
