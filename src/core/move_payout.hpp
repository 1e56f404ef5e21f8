// SPDX-License-Identifier: Apache-2.0
// How far a payout is: pending, then on its way, then completed; or canceled, or failed. The
// commissions in it count as paid while it is on its way or there.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "store/payouts.hpp"

namespace hw {

struct MovePayout {
    std::string payout_id;
    std::string status;  // processing, processed, sent, completed, failed, canceled
    std::string reason{};
    std::optional<std::string> trace_id{};  // of the bank or provider
    std::string decided_by;
};

struct MovedPayout {
    Payout payout;
    PayoutStep step;  // that stands now
    bool changed = false;
};

// To the status that it has: nothing changes, however often and by how many at once. 404 for an
// unknown payout, 409 for a step that leads nowhere from where it is, and when a commission in it
// is no longer worth what it was when it was put there (refunded, held): then cancel it and make a
// new one.
Result<MovedPayout> move_payout(Tx& tx, const MovePayout& input);

}  // namespace hw
