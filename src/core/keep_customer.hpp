// SPDX-License-Identifier: Apache-2.0
// A customer as the merchant keeps it by hand: found, added, changed, removed (reference:
// dub, 2.7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "core/link_fields.hpp"
#include "store/customer_list.hpp"

namespace hw {

// `reference` is a customer's id, or "ext_" and its external id.
Result<CustomerWithTotals> get_customer(Tx& tx, std::string_view reference);

struct CustomerFields {
    std::optional<std::string> external_id;
    std::optional<std::string> name;
    Patch<std::string> email;
    Patch<std::string> avatar;  // an address elsewhere is copied by a job
    std::optional<std::string> country;
    Patch<std::string> stripe_customer_id;
};

// `fields.external_id` must be there. The customer came by no link, so no sale follows one.
Result<CustomerWithTotals> add_customer(Tx& tx, const CustomerFields& fields);
Result<CustomerWithTotals> change_customer(Tx& tx, std::string_view reference,
                                           const CustomerFields& fields);

// Gives the id. Clicks, leads and sales of the customer stay as they are.
Result<std::string> remove_customer(Tx& tx, std::string_view reference);

}  // namespace hw
