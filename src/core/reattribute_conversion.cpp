// SPDX-License-Identifier: Apache-2.0
#include "core/reattribute_conversion.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"
#include "core/book_sale.hpp"
#include "core/credit_commission.hpp"
#include "core/match_conversion.hpp"
#include "core/rollups.hpp"
#include "core/settle_commission.hpp"
#include "store/conversions.hpp"
#include "store/customers.hpp"
#include "store/links.hpp"
#include "store/touches.hpp"

namespace hw {
namespace {

constexpr std::string_view kRung = "manual";

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
    if (!before->link_id) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("Conversion {} is an orphan ({}): it belongs to no link yet.",
                                input.conversion_id, before->reason),
                    "conversion_is_orphan");
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

// After the new decision was written: it says which sales the old link has left.
std::optional<Commission> move_sale(Tx& tx, const Move& move) {
    HW_ASSERT(move.customer);
    unbook_sale(tx, move.conversion, move.before, move.customer);
    return book_sale(tx, {.sale = move.conversion,
                          .link = move.link,
                          .customer = *move.customer,
                          .touch = nullptr});
}

Attribution decision(Tx& tx, const Move& move, const ReattributeConversion& input) {
    Attribution next = move.before;
    next.seq = move.before.seq + 1;
    next.rung = kRung;
    next.confidence = "certain";
    next.touch_id.reset();
    next.link_id = move.link.link_id;
    next.partner_id = move.link.partner_id;
    next.window_ms.reset();
    next.rule_version = kRuleVersion;
    next.decided_by = input.decided_by;
    next.decided_at_ms = tx.now_ms();
    next.reason = input.reason;
    next.candidates = {{.rung = std::string(kRung),
                        .verdict = "taken",
                        .touch_id = {},
                        .link_id = move.link.link_id,
                        .touched_at_ms = {},
                        .lead_id = {}}};
    next.candidates_left_out = 0;
    return next;
}

}  // namespace

Result<Reattributed> reattribute_conversion(Tx& tx, const ReattributeConversion& input) {
    lock_payment(tx, conversion_alias(input.conversion_id));
    const auto move = HW_TRY(read_move(tx, input));
    if (move.before.link_id == move.link.link_id) {
        return Reattributed{.attribution = move.before, .changed = false, .commission = {}};
    }
    Reattributed done{.attribution = decision(tx, move, input), .changed = true, .commission = {}};
    insert_attribution(tx, done.attribution);
    done.commission =
        move.conversion.kind == "lead" ? move_lead(tx, move) : move_sale(tx, move);
    return done;
}

}  // namespace hw
