// SPDX-License-Identifier: Apache-2.0
// Makes the books agree with what the facts about one aggregate of a payment processor amount to:
// conversions, refunds, disputes, recurring revenue. Done twice it changes nothing.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.hpp"
#include "store/tx.hpp"

namespace hw {

// Whoever writes facts of payments comes here first: others wait until this transaction ends.
void lock_payments(Tx& tx, std::string_view provider);

struct SettledPayments {
    std::int64_t recorded = 0;  // conversions that are new
    // A payment was told before with another amount or currency. What was told first stands.
    bool told_otherwise = false;
    // A payment waits for a better word than its intent's; settle again by then. 0: none does.
    std::int64_t again_at_ms = 0;
};

Result<SettledPayments> settle_payments(Tx& tx, std::string_view provider,
                                        std::string_view aggregate_id);

}  // namespace hw
