// SPDX-License-Identifier: Apache-2.0
// GET and POST /customers; GET, PATCH and DELETE /customers/{id}.
#pragma once

#include <string_view>

#include "api/call.hpp"
#include "store/customer_list.hpp"

namespace hw::api {

// Which customers: without order and page.
Result<CustomerFilter> read_customer_filter(std::string_view query);

Result<Work> list_customers(const Call& call);
Result<Work> add_customer(const Call& call);
Result<Work> get_customer(const Call& call);
Result<Work> change_customer(const Call& call);
Result<Work> remove_customer(const Call& call);

}  // namespace hw::api
