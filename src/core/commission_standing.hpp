// SPDX-License-Identifier: Apache-2.0
// Where a commission stands, and what its postings must add up to, as a pure function of the facts.
// Booking is then the difference between this and what is posted: so the order in which facts
// arrive, and how often, cannot matter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/commissions.hpp"
#include "store/ledger.hpp"

namespace hw {

enum class DisputeState : std::uint8_t { None, Open, Won, Lost };

struct CommissionFacts {
    std::string_view partner_id;
    std::int64_t amount = 0;            // of the sale, minor units of the reporting currency
    std::int64_t earnings = 0;          // as credited; negative: a clawback
    bool attributed = true;             // the conversion still belongs to this partner
    std::string_view verdict = "none";  // of the review that stands
    std::optional<std::int64_t> amended_amount;
    std::optional<std::int64_t> amended_earnings;
    std::int64_t sold = 0;      // the sale in its own currency, minor units; 0: no sale
    std::int64_t refunded = 0;  // of it, all refunds together
    DisputeState dispute = DisputeState::None;
    std::int64_t paid_out = 0;  // by payouts that went out, negative carries included
    bool in_payout = false;     // one that has not gone out yet has it
    std::int64_t matures_at_ms = 0;
};

struct CommissionStanding {
    std::string status;
    std::int64_t amount = 0;    // of the sale, less what was refunded
    std::int64_t earnings = 0;  // what the partner is owed for it in the end
    AccountAmounts accounts;    // sums to zero
    std::int64_t payable = 0;   // what a payout may pay by now; negative: take back
    std::int64_t due = 0;       // of that, what no payout has yet
};

// The share of `earnings` that goes back when `refunded` of `sold` did: half a minor unit rounded
// up, never more than all. By the total of all refunds, so that their number does not matter.
std::int64_t clawback_of(std::int64_t earnings, std::int64_t refunded, std::int64_t sold);

// What the last review says about whether it is owed, amendments of amounts aside. "none" without
// one. Oldest first.
std::string standing_verdict(const std::vector<CommissionReview>& reviews);

CommissionStanding commission_standing(const CommissionFacts& facts, std::int64_t now_ms);

}  // namespace hw
