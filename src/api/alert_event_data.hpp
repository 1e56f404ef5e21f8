// SPDX-License-Identifier: Apache-2.0
// What events tell about the server's own work for a workspace, by the id of what they are about.
#pragma once

#include <string_view>

#include "api/json.hpp"
#include "store/tx.hpp"

namespace hw {

json::object status_changed_data(Tx& tx, std::string_view alert_id);
json::object delivery_dead_data(Tx& tx, std::string_view delivery_ref);  // store/outbox.hpp

}  // namespace hw
