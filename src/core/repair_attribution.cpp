// SPDX-License-Identifier: Apache-2.0
#include "core/repair_attribution.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/fault.hpp"
#include "core/decide_conversion.hpp"
#include "core/settle_commission.hpp"
#include "store/audit_log.hpp"
#include "store/commissions.hpp"
#include "store/revenues.hpp"

namespace hw {
namespace {

using Earnings = std::map<std::string, std::int64_t>;  // by partner

// Those of the sale and of the lead that it may have brought: both move together.
std::vector<Commission> commissions_of(Tx& tx, const std::string& conversion_id) {
    auto commissions = commissions_of_conversion(tx, tx.workspace_id(), conversion_id);
    if (const auto lead_id = find_brought_lead(tx, conversion_id)) {
        for (auto& commission : commissions_of_conversion(tx, tx.workspace_id(), *lead_id)) {
            commissions.push_back(std::move(commission));
        }
    }
    return commissions;
}

// What a conversion has cost so far.
struct Cost {
    Earnings earnings;
    std::vector<LedgerTransaction> ledger;
};

Cost cost_of(Tx& tx, const std::string& conversion_id) {
    Cost cost;
    for (const auto& commission : commissions_of(tx, conversion_id)) {
        const auto& id = commission.commission_id;
        const auto state = find_commission_state(tx, tx.workspace_id(), id);
        if (state) cost.earnings[commission.partner_id] += state->earnings;
        for (auto& posted : list_ledger_of_commission(tx, tx.workspace_id(), id)) {
            cost.ledger.push_back(std::move(posted));
        }
    }
    return cost;
}

void add_posted(const Cost& before, Cost&& after, std::vector<LedgerTransaction>& posted) {
    for (auto& transaction : after.ledger) {
        const auto& id = transaction.ledger_id;
        const bool known = std::ranges::find(before.ledger, id, &LedgerTransaction::ledger_id) !=
                           before.ledger.end();
        if (!known) posted.push_back(std::move(transaction));
    }
}

// Decides one conversion by `decide` and keeps what came of it.
template <class Decide>
void decide_one(Tx& tx, const std::string& id, Decide decide, RepairedAttribution& repaired,
                std::vector<RepairItem>& items) {
    lock_payment(tx, conversion_alias(id));  // or others' postings would pass for its own
    const auto before = cost_of(tx, id);
    const Decided decided = decide(id);
    ++repaired.looked_at;
    if (!decided.changed) return;
    auto after = cost_of(tx, id);
    auto change = after.earnings;
    for (const auto& [partner, amount] : before.earnings) change[partner] -= amount;
    std::int64_t sum = 0;
    for (const auto& [partner, amount] : change) {
        if (amount != 0) repaired.earnings_of_partners[partner] += amount;
        sum += amount;
    }
    add_posted(before, std::move(after), repaired.ledger);
    HW_ASSERT(decided.before);
    items.push_back({id, decided.before->seq, decided.after.seq});
    repaired.conversions.push_back({*decided.before, decided.after, sum});
}

std::string change_text(const RepairedAttribution& repaired) {
    std::int64_t earnings = 0;
    for (const auto& [partner, amount] : repaired.earnings_of_partners) earnings += amount;
    return fmt::format("{} conversions decided otherwise, earnings of partners changed by {}",
                       repaired.conversions.size(), earnings);
}

void keep_repair(Tx& tx, std::string_view kind, const std::string& actor,
                 RepairedAttribution& repaired, const std::vector<RepairItem>& items) {
    if (items.empty()) return;
    repaired.repair_id = tx.new_id("rep_");
    insert_repair(tx,
                  {.repair_id = repaired.repair_id,
                   .kind = std::string(kind),
                   .actor = actor,
                   .at_ms = tx.now_ms(),
                   .conversions = std::ssize(items),
                   .undone_at_ms = {},
                   .undone_by = {}},
                  items);
    append_audit_entry(tx, {.actor = actor,
                            .action = fmt::format("attribution.{}", kind),
                            .subject_id = repaired.repair_id,
                            .detail = change_text(repaired)});
}

bool was_paid(Tx& tx, const std::string& conversion_id) {
    for (const auto& commission : commissions_of(tx, conversion_id)) {
        const auto state = find_commission_state(tx, tx.workspace_id(), commission.commission_id);
        if (state && state->paid_at_ms) return true;
    }
    return false;
}

Result<std::vector<std::string>> orphans_of(Tx& tx, const FixOrphans& input) {
    if (input.conversion_ids.empty()) return list_orphans(tx, input.after_id, input.limit);
    for (const auto& id : input.conversion_ids) {
        const auto decision = find_attribution(tx, tx.workspace_id(), id);
        if (!decision) {
            return fail(ErrorCode::NotFound, fmt::format("There is no conversion {}.", id),
                        "conversion_not_found");
        }
        if (decision->rung != "orphan") {
            return fail(ErrorCode::UnprocessableEntity,
                        fmt::format("Conversion {} is no orphan: it was decided by {}.", id,
                                    decision->rung),
                        "conversion_is_no_orphan");
        }
        if (!was_paid(tx, id)) continue;
        return fail(ErrorCode::Conflict,
                    fmt::format("Conversion {} stays as it is: a commission of it was paid. Move "
                                "that conversion by hand.",
                                id),
                    "commission_paid");
    }
    return input.conversion_ids;
}

Attribution decision_of(Tx& tx, const RepairItem& item) {
    for (auto& decision : list_attributions(tx, tx.workspace_id(), item.conversion_id)) {
        if (decision.seq == item.seq_before) return std::move(decision);
    }
    throw Fault(FaultKind::Bug, "a repair of no decision");
}

Result<void> check_undo(Tx& tx, const Repair& repair, const std::vector<RepairItem>& items) {
    if (repair.undone_at_ms) {
        return fail(ErrorCode::Conflict,
                    fmt::format("Repair {} was undone before.", repair.repair_id), "repair_undone");
    }
    for (const auto& item : items) {
        if (!was_paid(tx, item.conversion_id)) continue;
        return fail(ErrorCode::Conflict,
                    fmt::format("Repair {} cannot be undone: a commission of conversion {} was "
                                "paid. Move that conversion by hand.",
                                repair.repair_id, item.conversion_id),
                    "commission_paid");
    }
    return {};
}

}  // namespace

Result<RepairedAttribution> fix_orphans(Tx& tx, const FixOrphans& input) {
    auto policy = find_attribution_policy(tx, tx.workspace_id());
    if (input.accept_inferred) {
        policy.inferred = InferredMatch::AttributeAndPay;
        policy.inferred_for_api = true;
    }
    const auto ids = HW_TRY(orphans_of(tx, input));
    RepairedAttribution repaired;
    std::vector<RepairItem> items;
    for (const auto& id : ids) {
        const auto decide = [&](const std::string& one) {
            return decide_conversion(
                tx, {.conversion_id = one, .policy = policy, .decided_by = input.actor});
        };
        if (was_paid(tx, id)) {
            ++repaired.looked_at;
        } else {
            decide_one(tx, id, decide, repaired, items);
        }
    }
    if (input.conversion_ids.empty() && std::ssize(ids) == input.limit) {
        repaired.next_id = ids.back();
    }
    keep_repair(tx, "fix", input.actor, repaired, items);
    return repaired;
}

Result<RepairedAttribution> undo_repair(Tx& tx, const std::string& repair_id,
                                        const std::string& actor) {
    const auto repair = find_repair(tx, repair_id);
    if (!repair) {
        return fail(ErrorCode::NotFound, fmt::format("There is no repair {}.", repair_id),
                    "repair_not_found");
    }
    const auto items = items_of_repair(tx, repair_id);
    HW_CHECK(check_undo(tx, *repair, items));
    if (!mark_repair_undone(tx, repair_id, actor)) {
        throw Fault(FaultKind::Retryable, "repair undone meanwhile");
    }
    RepairedAttribution undone{.repair_id = repair_id,
                               .conversions = {},
                               .earnings_of_partners = {},
                               .looked_at = 0,
                               .next_id = {}};
    std::vector<RepairItem> decided;
    for (const auto& item : items) {
        const auto now = find_attribution(tx, tx.workspace_id(), item.conversion_id);
        HW_ASSERT(now);
        if (now->seq != item.seq_after) continue;  // somebody has decided otherwise since
        const auto match = match_of_decision(tx, decision_of(tx, item));
        const auto decide = [&](const std::string& one) {
            return apply_decision(tx, one, match, actor);
        };
        decide_one(tx, item.conversion_id, decide, undone, decided);
    }
    append_audit_entry(tx, {.actor = actor,
                            .action = "attribution.undo",
                            .subject_id = repair_id,
                            .detail = change_text(undone)});
    return undone;
}

RepairedAttribution replay_attribution(Tx& tx, const ReplayAttribution& input) {
    const auto ids =
        list_sales_between(tx, input.from_ms, input.to_ms, input.after_id, input.limit);
    RepairedAttribution repaired;
    std::vector<RepairItem> items;
    for (const auto& id : ids) {
        const auto decide = [&](const std::string& one) {
            return decide_conversion(
                tx, {.conversion_id = one, .policy = input.rules, .decided_by = input.actor});
        };
        decide_one(tx, id, decide, repaired, items);
    }
    if (std::ssize(ids) == input.limit) repaired.next_id = ids.back();
    keep_repair(tx, "replay", input.actor, repaired, items);
    return repaired;
}

}  // namespace hw
