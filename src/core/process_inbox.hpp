// SPDX-License-Identifier: Apache-2.0
// What a delivery said becomes facts, and the books follow them.
#pragma once

#include <span>
#include <string_view>

#include "base/error.hpp"
#include "store/payment_facts.hpp"
#include "store/tx.hpp"

namespace hw {

// `facts` are what the connector read in the delivery. Facts that are known change nothing.
Result<void> process_inbox(Tx& tx, std::string_view provider, std::string_view inbox_id,
                           std::span<const PaymentFact> facts);

}  // namespace hw
