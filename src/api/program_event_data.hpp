// SPDX-License-Identifier: Apache-2.0
// What events tell of a partner programme (reference: dub, 4.1), by the id of what they are about.
#pragma once

#include <string_view>

#include "api/json.hpp"
#include "store/tx.hpp"

namespace hw {

json::object enrolled_data(Tx& tx, std::string_view partner_id);  // has exact numbers
json::object application_data(Tx& tx, std::string_view application_id);
json::object payout_data(Tx& tx, std::string_view payout_id);
json::object discount_code_data(Tx& tx, std::string_view discount_code_id);  // exact numbers, too
json::object bounty_data(Tx& tx, std::string_view bounty_id);
json::object campaign_data(Tx& tx, std::string_view run_id);  // of a workflow

}  // namespace hw
