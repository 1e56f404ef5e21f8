// SPDX-License-Identifier: Apache-2.0
// Changes of what customers pay per month: append-only facts, once per key for ever. What kind of
// movement one is (new, expansion, …) follows from the ones before it when they are read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/function_ref.hpp"
#include "store/tx.hpp"

namespace hw {

struct MrrMovement {
    std::string movement_key;  // names it for ever, for example "sub:<id>:ended"
    std::string subscription_id;
    std::string customer_key;  // the merchant's id of the customer, else the processor's
    std::int64_t delta = 0;    // minor units per month
    std::string currency;      // lower case
    std::int64_t at_ms = 0;
    std::string source;                        // the processor
    std::optional<std::string> conversion_id;  // of the revenue it came with
    bool test = false;
};

bool insert_mrr_movement(Tx& tx, const MrrMovement& movement);  // false: the key is taken
std::optional<MrrMovement> find_mrr_movement(Tx& tx, std::string_view movement_key);

// By customer, then time, then key.
void each_mrr_movement(Tx& tx, FunctionRef<void(const MrrMovement&)> on_movement);

// Those of one customer, by time, then key.
void each_mrr_movement_of(Tx& tx, std::string_view customer_key,
                          FunctionRef<void(const MrrMovement&)> on_movement);

// The sum of a subscription's movements by now, test or not.
std::int64_t mrr_of_subscription(Tx& tx, std::string_view customer_key,
                                 std::string_view subscription_id);

}  // namespace hw
