// SPDX-License-Identifier: Apache-2.0
// A revenue event of a shop: books its money, its refund and its change of monthly revenue, once
// for ever. What its fields may be is judged before (api/revenue_body.hpp).
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/revenue_events.hpp"

namespace hw {

struct RecordedRevenueEvent {
    bool duplicate = false;
    std::vector<std::string> warnings{};
};

// Conflict "Duplicate transaction" when it was told before with another amount, currency or
// subscription, and for a second start of a subscription that has not ended.
Result<RecordedRevenueEvent> record_revenue_event(Tx& tx, RevenueEvent event);

}  // namespace hw
