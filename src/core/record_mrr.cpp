// SPDX-License-Identifier: Apache-2.0
#include "core/record_mrr.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"
#include "core/mrr_book.hpp"
#include "store/advisory_lock.hpp"

namespace hw {
namespace {

// One movement may change what the customer's later ones were, so all of theirs are summed again.
bool insert_and_sum(Tx& tx, const MrrMovement& movement) {
    const bool is_summed = has_mrr_sums(tx, movement.test);
    const auto before = sum_mrr_of_customer(tx, movement.customer_key, movement.test);
    if (!insert_mrr_movement(tx, movement)) return false;
    if (!is_summed) {
        add_mrr_sums(tx, movement.test, sum_mrr(tx, movement.test));
        return true;
    }
    auto change = sum_mrr_of_customer(tx, movement.customer_key, movement.test);
    change.add(before, -1);
    add_mrr_sums(tx, movement.test, change);
    return true;
}

}  // namespace

Result<bool> record_mrr(Tx& tx, const MrrMovement& movement) {
    // Sums of one customer that two transactions change at once would miss each other's part.
    wait_advisory_lock(tx, fmt::format("mrr:{}", tx.workspace_id()));
    if (insert_and_sum(tx, movement)) return true;
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
