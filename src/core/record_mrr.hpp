// SPDX-License-Identifier: Apache-2.0
// A change of what a customer pays per month, told by a processor or as a revenue event. Which kind
// of movement it is follows from the ones before it, when they are read (reference: payments, 4.3).
#pragma once

#include "base/error.hpp"
#include "store/mrr_movements.hpp"

namespace hw {

// True when it is new. Told again it changes nothing; with another change it is a Conflict.
Result<bool> record_mrr(Tx& tx, const MrrMovement& movement);

}  // namespace hw
