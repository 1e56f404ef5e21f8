// SPDX-License-Identifier: Apache-2.0
// A commission as the commissions API and webhooks answer it (reference: dub, 2.9).
#pragma once

#include "api/json.hpp"
#include "core/list_commissions.hpp"

namespace hw {

json::object commission_json(const CommissionView& view);

// The partner as it stands inside of commissions and payouts.
json::object partner_summary_json(const Partner& partner,
                                  const std::optional<std::string>& group_id);

}  // namespace hw
