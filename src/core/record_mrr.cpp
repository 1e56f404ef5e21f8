// SPDX-License-Identifier: Apache-2.0
#include "core/record_mrr.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"

namespace hw {

Result<bool> record_mrr(Tx& tx, const MrrMovement& movement) {
    if (insert_mrr_movement(tx, movement)) return true;
    const auto first = find_mrr_movement(tx, movement.movement_key);
    HW_ASSERT(first);
    if (first->delta == movement.delta && first->currency == movement.currency) return false;
    return fail(ErrorCode::Conflict,
                fmt::format("MRR movement {} was told before with {} {}, now with {} {}.",
                            movement.movement_key, first->delta, first->currency, movement.delta,
                            movement.currency),
                "mrr_told_otherwise");
}

}  // namespace hw
