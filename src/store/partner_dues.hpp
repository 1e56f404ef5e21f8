// SPDX-License-Identifier: Apache-2.0
// What a partner has earned over time, and what of it was not paid out yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.hpp"
#include "store/tx.hpp"

namespace hw {

// Ids of commissions of the partner that are still to be paid and are no clawback.
std::vector<std::string> unpaid_commissions(Tx& tx, std::string_view workspace_id,
                                            std::string_view partner_id);

// Ids of payouts of the partner on which nothing was done yet.
std::vector<std::string> waiting_payouts(Tx& tx, std::string_view workspace_id,
                                         std::string_view partner_id);

struct PartnerEarning {
    std::int64_t at_ms = 0;
    std::optional<std::string> link_id;
    std::int64_t earnings = 0;
};
// Of commissions that happened then, without those on hold.
void each_earning(Tx& tx, std::string_view partner_id, std::int64_t from_ms, std::int64_t to_ms,
                  FunctionRef<void(const PartnerEarning&)> on_earning);

struct StatusSum {
    std::string status;
    std::int64_t count = 0;
    std::int64_t earnings = 0;
};
std::vector<StatusSum> commissions_by_status(Tx& tx, std::string_view workspace_id,
                                             std::string_view partner_id);

}  // namespace hw
