// SPDX-License-Identifier: Apache-2.0
#include "core/reattribute_conversion.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"
#include "core/credit_commission.hpp"
#include "core/decide_conversion.hpp"
#include "core/match_conversion.hpp"
#include "core/rollups.hpp"
#include "core/settle_commission.hpp"
#include "store/conversions.hpp"
#include "store/customers.hpp"
#include "store/links.hpp"
#include "store/touches.hpp"

namespace hw {
namespace {

struct Move {
    Conversion conversion;
    Attribution before;
    Link link;  // the new one
    std::optional<Customer> customer;
    std::optional<Touch> touch;  // of the decision before: the new one names none
};

Result<Move> read_move(Tx& tx, const ReattributeConversion& input) {
    const auto& workspace_id = tx.workspace_id();
    auto conversion = find_conversion(tx, workspace_id, input.conversion_id);
    auto before = find_attribution(tx, workspace_id, input.conversion_id);
    if (!conversion || !before) {
        return fail(ErrorCode::NotFound,
                    fmt::format("There is no conversion {}.", input.conversion_id),
                    "conversion_not_found");
    }
    if (counts_nowhere(before->rung)) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("Conversion {} counts nowhere ({}): no link can have it.",
                                input.conversion_id, before->reason),
                    "conversion_does_not_count");
    }
    auto link = find_link(tx, workspace_id, input.link_id);
    if (!link) {
        return fail(ErrorCode::NotFound, fmt::format("There is no link {}.", input.link_id),
                    "link_not_found");
    }
    Move move{std::move(*conversion), std::move(*before), std::move(*link), {}, {}};
    if (move.before.customer_id) {
        move.customer = find_customer(tx, workspace_id, *move.before.customer_id);
    }
    const bool has_buyer = move.customer || !move.conversion.external_customer_id.empty();
    if (!has_buyer) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("Nobody is known to have bought in conversion {}: tell its "
                                "customer first.",
                                input.conversion_id),
                    "conversion_without_customer");
    }
    if (move.before.touch_id) move.touch = find_touch(tx, workspace_id, *move.before.touch_id);
    return move;
}

std::optional<Commission> move_lead(Tx& tx, const Move& move) {
    const auto& lead = move.conversion;
    const auto at_ms = lead.occurred_at_ms;
    count_lead(tx, move.touch ? &*move.touch : nullptr, *move.before.link_id, at_ms,
               Sign::TakeBack);
    count_lead(tx, nullptr, move.link.link_id, at_ms);
    settle_payment(tx, conversion_alias(lead.conversion_id), "reattribution");
    return credit_commission(tx, {.conversion = lead,
                                  .link = move.link,
                                  .customer = move.customer ? &*move.customer : nullptr});
}

// A person's word: certain, and without a touch.
Match match_of(const Move& move, const ReattributeConversion& input) {
    Match match;
    match.rung = kManualRung;
    match.confidence = "certain";
    match.link = move.link;
    match.reason = input.reason;
    match.candidates = {{.rung = std::string(kManualRung),
                         .verdict = "taken",
                         .touch_id = {},
                         .link_id = move.link.link_id,
                         .touched_at_ms = {},
                         .lead_id = {}}};
    return match;
}

Reattributed reattribute_lead(Tx& tx, const Move& move, const ReattributeConversion& input) {
    auto next = attribution_of(tx, match_of(move, input), input.conversion_id, move.before.seq + 1);
    next.decided_by = input.decided_by;
    next.customer_id = move.before.customer_id;
    Reattributed done{.attribution = std::move(next), .changed = true, .commission = {}};
    insert_attribution(tx, done.attribution);
    done.commission = move_lead(tx, move);
    return done;
}

Reattributed reattribute_sale(Tx& tx, const Move& move, const ReattributeConversion& input) {
    auto decided = apply_decision(tx, input.conversion_id, match_of(move, input), input.decided_by);
    Reattributed done{.attribution = std::move(decided.after), .changed = true, .commission = {}};
    for (auto& commission : commissions_of_conversion(tx, tx.workspace_id(), input.conversion_id)) {
        const bool is_new_partners = commission.partner_id == done.attribution.partner_id;
        if (is_new_partners && commission.kind == "sale") done.commission = std::move(commission);
    }
    return done;
}

}  // namespace

Result<Reattributed> reattribute_conversion(Tx& tx, const ReattributeConversion& input) {
    lock_payment(tx, conversion_alias(input.conversion_id));
    const auto move = HW_TRY(read_move(tx, input));
    if (move.before.link_id == move.link.link_id) {
        return Reattributed{.attribution = move.before, .changed = false, .commission = {}};
    }
    return move.conversion.kind == "lead" ? reattribute_lead(tx, move, input)
                                          : reattribute_sale(tx, move, input);
}

}  // namespace hw
