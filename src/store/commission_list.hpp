// SPDX-License-Identifier: Apache-2.0
// The commissions of a programme as a list.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

// No values: every one. Negated: all but these.
struct ListedValues {
    std::vector<std::string> values;
    bool negated = false;
};

enum class CommissionOrder : std::uint8_t { CreatedAt, Amount };

// Empty texts mean "no such filter".
struct CommissionFilter {
    std::string program_id;
    ListedValues kinds;
    ListedValues statuses;
    ListedValues partner_ids;
    ListedValues group_ids;
    std::string customer_id;
    std::string payout_id;
    std::string invoice_id;  // set: also commissions that earned nothing
    std::int64_t from_ms = 0;
    std::int64_t to_ms = std::numeric_limits<std::int64_t>::max();
    CommissionOrder order = CommissionOrder::CreatedAt;
    bool descending = true;
    // Ids; only in the order of CreatedAt, and at most one of them.
    std::string after;
    std::string before;
    std::int64_t limit = 100;
    std::int64_t offset = 0;
};

std::vector<std::string> list_commission_ids(Tx& tx, const CommissionFilter& filter);

}  // namespace hw
