// SPDX-License-Identifier: Apache-2.0
// Customers: persons the merchant knows, by the merchant's own id.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/tx.hpp"

namespace hw {

struct Customer {
    std::string workspace_id;
    std::string customer_id;
    std::string external_id;
    std::string name;
    std::optional<std::string> email;
    std::optional<std::string> avatar;
    std::optional<std::string> country;
    std::optional<std::string> touch_id;  // the click the customer came from
    std::optional<std::string> link_id;   // and its link
    std::optional<std::int64_t> clicked_at_ms;
    std::int64_t created_at_ms = 0;
    std::optional<std::string> stripe_customer_id{};
    std::optional<std::int64_t> subscription_canceled_at_ms{};
};

// The columns of a customer at the front of a row, in the order of this file's statements.
Customer customer_from(const Row& row);

struct CustomerTotals {
    std::int64_t sales = 0;
    std::int64_t sale_amount = 0;  // minor units of the reporting currency
    std::int64_t first_sale_at_ms = 0;
};

// False when a customer with this external id exists: another request made it at the same moment.
bool insert_customer(Tx& tx, const Customer& customer);
void set_customer_avatar(Tx& tx, std::string_view workspace_id, std::string_view customer_id,
                         std::optional<std::string_view> avatar);

std::optional<Customer> find_customer(Tx& tx, std::string_view workspace_id,
                                      std::string_view customer_id);
std::optional<Customer> find_customer_by_external_id(Tx& tx, std::string_view workspace_id,
                                                     std::string_view external_id);

std::optional<Customer> find_customer_by_stripe_id(Tx& tx, std::string_view workspace_id,
                                                   std::string_view stripe_customer_id);
// Whoever has that e-mail, in any case; nothing when it is more than one.
std::optional<Customer> find_only_customer_by_email(Tx& tx, std::string_view workspace_id,
                                                    std::string_view email);

// What a customer without them gets: the payment processor's name for them, and the link and click
// they came from.
void set_stripe_id_once(Tx& tx, const Customer& customer, std::string_view stripe_customer_id);
void set_origin_once(Tx& tx, const Customer& customer);

// Counts the customer's sales again, after one has left.
void recount_customer(Tx& tx, const Customer& customer);

void add_customer_sale(Tx& tx, const Customer& customer, std::int64_t amount, std::int64_t at_ms);
CustomerTotals customer_totals(Tx& tx, std::string_view workspace_id, std::string_view customer_id);

// True the first time for this customer and link: this sale is the conversion.
bool claim_first_sale(Tx& tx, const Customer& customer, std::string_view link_id,
                      std::string_view conversion_id);

// Whether the sale is the customer's conversion on that link.
bool is_first_sale(Tx& tx, const Customer& customer, std::string_view link_id,
                   std::string_view conversion_id);

// The sale has left the link: the customer's oldest other one there takes its place. When that one
// was; nothing when there is none.
std::optional<std::int64_t> replace_first_sale(Tx& tx, const Customer& customer,
                                               std::string_view link_id);

// The stored copy of a customer's picture.
struct Avatar {
    std::string content_type;
    std::string image;
};
void put_avatar(Tx& tx, std::string_view workspace_id, std::string_view customer_id,
                const Avatar& avatar);
std::optional<Avatar> find_avatar(Tx& tx, std::string_view workspace_id,
                                  std::string_view customer_id);

}  // namespace hw
