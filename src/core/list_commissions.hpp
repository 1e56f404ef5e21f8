// SPDX-License-Identifier: Apache-2.0
// GET /commissions: a page of a programme's commissions (reference: dub, 2.9).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "core/analytics_range.hpp"
#include "store/commission_list.hpp"
#include "store/commissions.hpp"
#include "store/customer_list.hpp"
#include "store/partners.hpp"

namespace hw {

// A commission with what stands beside it wherever it is shown.
struct CommissionView {
    Commission commission;
    CommissionState state;
    std::int64_t updated_at_ms = 0;
    Partner partner;
    std::optional<std::string> group_id;
    std::optional<CustomerWithTotals> customer;
};

struct ListCommissions {
    CommissionFilter filter;  // without programme, cursors and offset
    std::string tenant_id;    // of the partner; empty: no such filter
    AskedRange range;
    // Of the metadata's JSON; empty: every one.
    std::function<bool(std::string_view json)> metadata{};
    std::int64_t page = 1;
    bool page_given = false;
    std::optional<std::string> starting_after;
    std::optional<std::string> ending_before;
};

// Hidden, unless asked for: what earns nothing; and without any filter of status, type, customer,
// payout or partner also duplicates, frauds and canceled ones. An invoice id overrides every other
// filter.
Result<std::vector<CommissionView>> list_commissions(Tx& tx, const ListCommissions& input);

// 404 when the workspace has no such commission.
Result<CommissionView> get_commission(Tx& tx, std::string_view commission_id);

}  // namespace hw
