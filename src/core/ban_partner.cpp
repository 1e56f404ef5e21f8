// SPDX-License-Identifier: Apache-2.0
#include "core/ban_partner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/fault.hpp"
#include "core/settle_commission.hpp"
#include "store/discount_codes.hpp"
#include "store/partner_dues.hpp"
#include "store/payouts.hpp"

namespace hw {
namespace {

constexpr auto kDecidedBy = "api";

void end_links(Tx& tx, const Enrollment& enrollment, bool disable) {
    const std::vector<std::string> partner{enrollment.partner_id};
    for (const auto& before : links_of_partners(tx, enrollment.workspace_id, partner)) {
        if (before.program_id != enrollment.program_id) continue;
        auto link = before;
        link.expires_at_ms = std::min(link.expires_at_ms.value_or(tx.now_ms()), tx.now_ms());
        if (disable && !link.disabled_at_ms) link.disabled_at_ms = tx.now_ms();
        link.updated_at_ms = tx.now_ms();
        update_link(tx, link, before);
    }
}

void cancel_payouts(Tx& tx, const Enrollment& enrollment, const std::string& reason) {
    const auto& ws = enrollment.workspace_id;
    for (const auto& payout_id : waiting_payouts(tx, ws, enrollment.partner_id)) {
        lock_payout(tx, ws, payout_id);
        // Somebody may have moved it on before the lock.
        const auto last = last_payout_step(tx, ws, payout_id);
        if (!last || last->status != "pending") continue;
        insert_payout_step(tx, ws, payout_id,
                           {.seq = last->seq + 1,
                            .status = "canceled",
                            .reason = reason,
                            .trace_id = {},
                            .decided_by = kDecidedBy,
                            .decided_at_ms = tx.now_ms()});
        for (const auto& item : items_of_payout(tx, ws, payout_id)) {
            const auto commission = find_commission(tx, ws, item.commission_id);
            HW_ASSERT(commission);
            settle_commission(tx, *commission, "payout");
        }
    }
}

void cancel_commissions(Tx& tx, const Enrollment& enrollment, const std::string& reason) {
    const auto& ws = enrollment.workspace_id;
    for (const auto& id : unpaid_commissions(tx, ws, enrollment.partner_id)) {
        const auto commission = find_commission(tx, ws, id);
        HW_ASSERT(commission);
        insert_commission_review(tx, *commission,
                                 {.verdict = "canceled",
                                  .amount = {},
                                  .earnings = {},
                                  .reason = reason,
                                  .decided_by = kDecidedBy});
        settle_commission(tx, *commission, "review");
    }
}

}  // namespace

Result<std::string> ban_partner(Tx& tx, const PartnerReference& reference,
                                std::string_view reason) {
    auto enrollment = HW_TRY(find_enrolled(tx, reference));
    if (enrollment.status == "banned") return enrollment.partner_id;
    enrollment.status = "banned";
    enrollment.banned_at_ms = enrollment.updated_at_ms = tx.now_ms();
    enrollment.banned_reason = reason;
    update_enrollment(tx, enrollment);
    end_links(tx, enrollment, true);
    disable_codes_of_partner(tx, enrollment.workspace_id, enrollment.partner_id);
    const auto why = fmt::format("partner banned: {}", reason);
    cancel_payouts(tx, enrollment, why);
    cancel_commissions(tx, enrollment, why);
    return enrollment.partner_id;
}

Result<std::string> deactivate_partner(Tx& tx, const PartnerReference& reference) {
    auto enrollment = HW_TRY(find_enrolled(tx, reference));
    if (enrollment.status != "approved" && enrollment.status != "archived") {
        return fail(ErrorCode::BadRequest,
                    fmt::format("Only approved and archived partners can be deactivated; this one "
                                "is {}.",
                                enrollment.status),
                    "partner_inactive");
    }
    enrollment.status = "deactivated";
    enrollment.updated_at_ms = tx.now_ms();
    update_enrollment(tx, enrollment);
    end_links(tx, enrollment, false);
    return enrollment.partner_id;
}

}  // namespace hw
