// SPDX-License-Identifier: Apache-2.0
#include "core/create_payouts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/fault.hpp"
#include "core/settle_commission.hpp"
#include "store/advisory_lock.hpp"
#include "store/commissions.hpp"
#include "store/partners.hpp"
#include "store/programs.hpp"

namespace hw {
namespace {

struct Collected {
    Payout payout;
    std::vector<PayoutItem> items;
};

// A payout is of one currency. A workspace changes its reporting currency rarely, so mostly there
// is one.
std::vector<Collected> collect(Tx& tx, const CreatePayouts& input, const std::string& partner_id) {
    std::map<std::string, Collected> by_currency;
    for (const auto& due : due_commissions(tx, tx.workspace_id(), partner_id, input.program_id)) {
        auto& [payout, items] = by_currency[due.currency];
        if (items.empty()) {
            payout.workspace_id = tx.workspace_id();
            payout.payout_id = tx.new_id("po_");
            payout.program_id = input.program_id;
            payout.partner_id = partner_id;
            payout.currency = due.currency;
            payout.description = input.description;
            payout.period_start_ms = payout.period_end_ms = due.occurred_at_ms;
            payout.created_at_ms = tx.now_ms();
        }
        payout.amount += due.due;
        payout.period_start_ms = std::min(payout.period_start_ms, due.occurred_at_ms);
        payout.period_end_ms = std::max(payout.period_end_ms, due.occurred_at_ms);
        items.push_back({payout.payout_id, due.commission_id, due.due});
    }
    std::vector<Collected> collected;
    for (auto& [currency, one] : by_currency) collected.push_back(std::move(one));
    return collected;
}

void book(Tx& tx, const Collected& collected, const std::string& decided_by) {
    const auto& [payout, items] = collected;
    insert_payout(tx, payout, items);
    insert_payout_step(tx, payout.workspace_id, payout.payout_id,
                       {.seq = 1,
                        .status = "pending",
                        .reason = {},
                        .trace_id = {},
                        .decided_by = decided_by,
                        .decided_at_ms = tx.now_ms()});
    for (const auto& item : items) {
        const auto commission = find_commission(tx, payout.workspace_id, item.commission_id);
        HW_ASSERT(commission);
        settle_commission(tx, *commission, "payout");
    }
}

}  // namespace

Result<CreatedPayouts> create_payouts(Tx& tx, const CreatePayouts& input) {
    const auto program = find_program(tx, tx.workspace_id(), input.program_id);
    if (!program) return fail(ErrorCode::NotFound, "Program not found", "program_not_found");
    if (input.partner_id && !find_partner(tx, tx.workspace_id(), *input.partner_id)) {
        return fail(ErrorCode::NotFound, fmt::format("There is no partner {}.", *input.partner_id),
                    "partner_not_found");
    }
    // Others wait, and then find what is taken taken.
    wait_advisory_lock(tx, fmt::format("payouts:{}", tx.workspace_id()));
    CreatedPayouts created;
    std::size_t looked_at = 0;
    auto partner_id = input.partner_id
                          ? input.partner_id
                          : next_partner_with_due(tx, tx.workspace_id(), input.after_partner_id);
    while (partner_id) {
        for (auto& collected : collect(tx, input, *partner_id)) {
            const auto least = std::max<std::int64_t>(program->min_payout_amount, 1);
            if (collected.payout.amount < least) continue;
            book(tx, collected, input.decided_by);
            created.payouts.push_back(std::move(collected.payout));
        }
        if (input.partner_id) break;
        if (++looked_at == kPayoutsAtOnceMax) {
            created.last_partner_id = *partner_id;
            break;
        }
        partner_id = next_partner_with_due(tx, tx.workspace_id(), *partner_id);
    }
    return created;
}

}  // namespace hw
