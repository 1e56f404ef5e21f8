// SPDX-License-Identifier: Apache-2.0
// GET /payouts: a page of the programme's payouts (reference: dub, 2.10).
#pragma once

#include "base/error.hpp"
#include "store/partners.hpp"
#include "store/payout_list.hpp"

namespace hw {

struct ListPayouts {
    PayoutFilter filter;    // without programme and offset
    std::string tenant_id;  // of the partner; empty: no such filter
    std::int64_t page = 1;
};

struct PayoutView {
    ListedPayout listed;
    Partner partner;
    std::optional<std::string> group_id;
    std::optional<std::string> tenant_id;
};

// 404 without a programme, and for a tenant id that nobody has.
Result<std::vector<PayoutView>> list_payouts(Tx& tx, const ListPayouts& input);

// All of them a page at a time, by id after `after_id`; the page and the order do not count.
Result<std::vector<PayoutView>> export_payouts(Tx& tx, const ListPayouts& input,
                                               std::string_view after_id);

// 404 when the workspace has no such payout.
Result<PayoutView> get_payout(Tx& tx, std::string_view payout_id);

}  // namespace hw
