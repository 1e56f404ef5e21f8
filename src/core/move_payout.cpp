// SPDX-License-Identifier: Apache-2.0
#include "core/move_payout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/fault.hpp"
#include "core/settle_commission.hpp"
#include "store/commissions.hpp"
#include "store/outbox.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 5> kForward{"pending", "processing", "processed", "sent",
                                                   "completed"};

std::ptrdiff_t place_of(std::string_view status) {
    return std::ranges::find(kForward, status) - kForward.begin();
}

// Forward by any number of steps; out of the way before the money has left, or when it came back.
bool leads_to(std::string_view from, std::string_view to) {
    if (is_void_status(from)) return false;
    if (to == "canceled") return from == "pending";
    if (to == "failed") return from != "pending";
    return place_of(to) > place_of(from);
}

Result<void> check_items(Tx& tx, const Payout& payout, const std::vector<PayoutItem>& items) {
    for (const auto& item : items) {
        const auto commission = find_commission(tx, payout.workspace_id, item.commission_id);
        HW_ASSERT(commission);
        lock_commission(tx, *commission);
        const auto payable = payable_now(tx, *commission);
        if (payable == item.amount) continue;
        return fail(ErrorCode::Conflict,
                    fmt::format("Commission {} in payout {} is worth {} by now, not {}: cancel the "
                                "payout and create a new one.",
                                item.commission_id, payout.payout_id, payable, item.amount),
                    "payout_out_of_date");
    }
    return {};
}

void settle_items(Tx& tx, const Payout& payout, const std::vector<PayoutItem>& items) {
    for (const auto& item : items) {
        const auto commission = find_commission(tx, payout.workspace_id, item.commission_id);
        settle_commission(tx, *commission, "payout");
    }
}

}  // namespace

Result<MovedPayout> move_payout(Tx& tx, const MovePayout& input) {
    lock_payout(tx, tx.workspace_id(), input.payout_id);
    auto payout = find_payout(tx, tx.workspace_id(), input.payout_id);
    if (!payout) {
        return fail(ErrorCode::NotFound, fmt::format("There is no payout {}.", input.payout_id),
                    "payout_not_found");
    }
    auto last = last_payout_step(tx, tx.workspace_id(), input.payout_id);
    HW_ASSERT(last);
    if (last->status == input.status) return MovedPayout{std::move(*payout), *last, false};
    if (!leads_to(last->status, input.status)) {
        return fail(ErrorCode::Conflict,
                    fmt::format("Payout {} is {}: it cannot become {}.", input.payout_id,
                                last->status, input.status),
                    "payout_step_not_possible");
    }
    const auto items = items_of_payout(tx, tx.workspace_id(), input.payout_id);
    if (last->status == "pending" && is_paid_status(input.status)) {
        HW_CHECK(check_items(tx, *payout, items));
    }
    PayoutStep step{.seq = last->seq + 1,
                    .status = input.status,
                    .reason = input.reason,
                    .trace_id = input.trace_id ? input.trace_id : last->trace_id,
                    .decided_by = input.decided_by,
                    .decided_at_ms = tx.now_ms()};
    const bool is_next = insert_payout_step(tx, tx.workspace_id(), input.payout_id, step);
    HW_ASSERT(is_next);
    settle_items(tx, *payout, items);
    if (last->status == "pending" && is_paid_status(input.status)) {
        append_outbox(tx, "payout.confirmed", input.payout_id);
    }
    return MovedPayout{std::move(*payout), std::move(step), true};
}

}  // namespace hw
