// SPDX-License-Identifier: Apache-2.0
#include "core/record_refund.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/fault.hpp"

namespace hw {
namespace {

Refund told_before(Tx& tx, const Refund& refund) {
    const auto told = refunds_of(tx, refund.workspace_id, refund.payment_alias);
    const auto found = std::ranges::find(told, refund.refund_key, &Refund::refund_key);
    HW_ASSERT(found != told.end());
    return *found;
}

}  // namespace

Result<RecordedRefund> record_refund(Tx& tx, Refund refund) {
    refund.workspace_id = tx.workspace_id();
    if (refund.at_ms == 0) refund.at_ms = tx.now_ms();
    lock_payment(tx, refund.payment_alias);
    const auto conversion_id = conversion_of_payment(tx, refund.payment_alias);
    if (insert_refund(tx, refund)) {
        settle_payment(tx, refund.payment_alias, "refund");
        return RecordedRefund{std::move(refund), conversion_id, true};
    }
    auto first = told_before(tx, refund);
    if (first.amount != refund.amount || first.currency != refund.currency) {
        return fail(
            ErrorCode::Conflict,
            fmt::format("Refund {} was told before with {} {}, now with {} {}.", refund.refund_key,
                        first.amount, first.currency, refund.amount, refund.currency),
            "refund_told_otherwise");
    }
    return RecordedRefund{std::move(first), conversion_id, false};
}

}  // namespace hw
