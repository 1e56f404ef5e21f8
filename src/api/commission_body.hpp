// SPDX-License-Identifier: Apache-2.0
// The bodies of POST and PATCH /commissions: the present names of the fields, and the flat ones
// that older clients send (reference: dub, 2.9 and 7.4).
#pragma once

#include <variant>

#include "api/json.hpp"
#include "core/create_commission.hpp"
#include "core/update_commission.hpp"

namespace hw {

using NewCommission = std::variant<CustomCommission, LeadCommission, SaleCommission>;

Result<NewCommission> read_new_commission(const json::object& body);
Result<UpdateCommission> read_commission_update(const json::object& body);
Result<UpdateCommissions> read_commission_updates(const json::object& body);

}  // namespace hw
