// SPDX-License-Identifier: Apache-2.0
// Commissions: what an event of a partner's link was worth when it was credited (a fact), what
// people decided about it since (append-only), and where it stands (derived from these).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.hpp"
#include "store/tx.hpp"

namespace hw {

struct Commission {
    std::string workspace_id;
    std::string commission_id;
    std::string program_id;
    std::string partner_id;
    std::string kind;  // click, lead, sale, referral, custom
    std::optional<std::string> link_id;
    std::optional<std::string> customer_id;
    std::optional<std::string> conversion_id;
    std::optional<std::string> invoice_id;
    std::optional<std::string> reward_id;
    std::string modifier_id;  // empty when the reward's base paid
    std::optional<std::int64_t> max_duration_months;
    std::int64_t quantity = 1;
    std::int64_t amount = 0;    // of the sale, 0 for the others; minor units of `currency`
    std::int64_t earnings = 0;  // negative: a clawback
    std::string currency;       // the reporting currency
    std::optional<std::string> description;
    std::optional<std::string> metadata;  // JSON
    std::optional<std::string> user_id;   // who made it by hand
    std::int64_t occurred_at_ms = 0;
    std::int64_t matures_at_ms = 0;  // end of the holding period
    std::int64_t created_at_ms = 0;
};

void insert_commission(Tx& tx, const Commission& commission);
std::optional<Commission> find_commission(Tx& tx, std::string_view workspace_id,
                                          std::string_view commission_id);
std::vector<Commission> commissions_of_conversion(Tx& tx, std::string_view workspace_id,
                                                  std::string_view conversion_id);

// One commission per business event, for ever. Gives the one that has the key already.
std::optional<std::string> claim_commission_key(Tx& tx, std::string_view workspace_id,
                                                std::string_view key,
                                                std::string_view commission_id);

// All of the workspace, in pieces.
void each_commission(Tx& tx, std::string_view workspace_id,
                     FunctionRef<void(const Commission&)> on_commission);

// The partner's first one for that customer.
std::optional<Commission> find_first_commission(Tx& tx, std::string_view workspace_id,
                                                std::string_view partner_id,
                                                std::string_view customer_id,
                                                std::string_view kind);

struct Spending {
    std::string_view workspace_id;
    std::string_view partner_id;
    std::string_view kind;
    std::optional<std::string> customer_id;  // nothing: of all customers
    std::int64_t since_ms = 0;
};
// Earnings that are pending, held, processed or paid.
std::int64_t spent_on(Tx& tx, const Spending& spending);

// All that the partner's commissions come to, without those on hold.
std::int64_t earned_by_partner(Tx& tx, std::string_view workspace_id, std::string_view partner_id);

struct CommissionReview {
    std::string verdict;  // none, hold, refunded, duplicate, fraud, canceled, amended
    std::optional<std::int64_t> amount;    // amended: the sale amount ...
    std::optional<std::int64_t> earnings;  // ... and what it earns
    std::string reason;
    std::string decided_by;
};
// Behind those that there are. Others who decide about the commission wait.
void insert_commission_review(Tx& tx, const Commission& commission, const CommissionReview& review);
// Oldest first.
std::vector<CommissionReview> reviews_of_commission(Tx& tx, std::string_view workspace_id,
                                                    std::string_view commission_id);

struct CommissionState {
    std::string status;  // pending, hold, processed, paid, refunded, duplicate, fraud, canceled
    std::int64_t amount = 0;
    std::int64_t earnings = 0;
    std::optional<std::string> payout_id;
    std::optional<std::int64_t> paid_at_ms;
    std::int64_t due = 0;  // what the next payout takes; negative: takes back
    bool operator==(const CommissionState&) const = default;
};
// Whoever settles a commission comes here first: others wait until this transaction ends.
void lock_commission(Tx& tx, const Commission& commission);
void put_commission_state(Tx& tx, std::string_view workspace_id, std::string_view commission_id,
                          const CommissionState& state);
std::optional<CommissionState> find_commission_state(Tx& tx, std::string_view workspace_id,
                                                     std::string_view commission_id);
std::int64_t commission_updated_at_ms(Tx& tx, std::string_view workspace_id,
                                      std::string_view commission_id);

// The next partner, by id, whom a payout could concern.
std::optional<std::string> next_partner_with_due(Tx& tx, std::string_view workspace_id,
                                                 std::string_view after_partner_id);

struct DueCommission {
    std::string commission_id;
    std::int64_t due = 0;
    std::string currency;
    std::int64_t occurred_at_ms = 0;
};
std::vector<DueCommission> due_commissions(Tx& tx, std::string_view workspace_id,
                                           std::string_view partner_id,
                                           std::string_view program_id);

// Pending ones whose holding period has ended.
std::vector<std::string> matured_commissions(Tx& tx, std::string_view workspace_id,
                                             std::string_view after_id, std::int64_t limit);

}  // namespace hw
