// SPDX-License-Identifier: Apache-2.0
// Payouts: which commissions are paid together, and how far that is. Items and steps are
// append-only; the step with the highest `seq` stands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Payout {
    std::string workspace_id;
    std::string payout_id;
    std::string program_id;
    std::string partner_id;
    std::int64_t amount = 0;  // the sum of its items
    std::string currency;
    std::optional<std::string> description;
    std::int64_t period_start_ms = 0;
    std::int64_t period_end_ms = 0;
    std::int64_t created_at_ms = 0;
};

struct PayoutItem {
    std::string payout_id;
    std::string commission_id;
    std::int64_t amount = 0;  // negative: what was paid too much before
};

struct PayoutStep {
    std::int64_t seq = 0;
    std::string status;  // pending, processing, processed, sent, completed, failed, canceled
    std::string reason;
    std::optional<std::string> trace_id;
    std::string decided_by;
    std::int64_t decided_at_ms = 0;
};

// The money is on its way or there: the commissions count as paid.
bool is_paid_status(std::string_view status);
// Nothing will come of it: its commissions are free for another one.
bool is_void_status(std::string_view status);

// The columns of a payout at the front of a row.
Payout payout_from(const Row& row);

void insert_payout(Tx& tx, const Payout& payout, const std::vector<PayoutItem>& items);
std::optional<Payout> find_payout(Tx& tx, std::string_view workspace_id,
                                  std::string_view payout_id);
// Whoever moves a payout on comes here first: others wait until this transaction ends.
void lock_payout(Tx& tx, std::string_view workspace_id, std::string_view payout_id);
// False when another transaction made this step.
bool insert_payout_step(Tx& tx, std::string_view workspace_id, std::string_view payout_id,
                        const PayoutStep& step);
std::optional<PayoutStep> last_payout_step(Tx& tx, std::string_view workspace_id,
                                           std::string_view payout_id);
std::vector<PayoutItem> items_of_payout(Tx& tx, std::string_view workspace_id,
                                        std::string_view payout_id);

// Items of that commission with the status of their payout, oldest first.
struct PaidItem {
    std::string payout_id;
    std::int64_t amount = 0;
    std::string status;
    std::int64_t decided_at_ms = 0;
};
std::vector<PaidItem> items_of_commission(Tx& tx, std::string_view workspace_id,
                                          std::string_view commission_id);

}  // namespace hw
