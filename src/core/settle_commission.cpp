// SPDX-License-Identifier: Apache-2.0
#include "core/settle_commission.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/fault.hpp"
#include "core/commission_standing.hpp"
#include "store/advisory_lock.hpp"
#include "store/attributions.hpp"
#include "store/conversions.hpp"
#include "store/payouts.hpp"
#include "store/refunds.hpp"
#include "store/revenues.hpp"

namespace hw {
namespace {

constexpr std::string_view kInvoiceAlias = "invoice:";
constexpr std::string_view kConversionAlias = "conversion:";

// The names that its refunds and disputes may use.
std::vector<std::string> aliases_of(Tx& tx, const Conversion& conversion) {
    auto aliases = payment_aliases_of(tx, conversion.conversion_id);
    aliases.push_back(conversion_alias(conversion.conversion_id));
    return aliases;
}

int rank(DisputeState state) {
    return state == DisputeState::None   ? 0
           : state == DisputeState::Won  ? 1
           : state == DisputeState::Open ? 2
                                         : 3;
}

// Of one dispute the verdict outranks that it was opened.
DisputeState state_of(const std::vector<Dispute>& disputes, std::string_view dispute_key) {
    bool won = false;
    for (const auto& dispute : disputes) {
        if (dispute.dispute_key != dispute_key) continue;
        if (dispute.state == "lost") return DisputeState::Lost;
        won = won || dispute.state == "won";
    }
    return won ? DisputeState::Won : DisputeState::Open;
}

void add_refunds(Tx& tx, const Conversion& sale, CommissionFacts& facts) {
    facts.sold = sale.amount;
    for (const auto& alias : aliases_of(tx, sale)) {
        for (const auto& refund : refunds_of(tx, tx.workspace_id(), alias)) {
            // Money of another currency was never part of this sale.
            if (!refund.currency.empty() && refund.currency != sale.currency) continue;
            facts.refunded += std::min(refund.amount, sale.amount - facts.refunded);
        }
        const auto disputes = disputes_of(tx, tx.workspace_id(), alias);
        for (const auto& dispute : disputes) {
            const auto state = state_of(disputes, dispute.dispute_key);
            if (rank(state) > rank(facts.dispute)) facts.dispute = state;
        }
    }
}

struct Reviewed {
    std::string verdict = "none";
    std::optional<CommissionReview> amended;
};

Reviewed review_of(Tx& tx, const Commission& commission) {
    auto reviews = reviews_of_commission(tx, commission.workspace_id, commission.commission_id);
    Reviewed reviewed{.verdict = standing_verdict(reviews), .amended = {}};
    for (auto& review : reviews) {
        if (review.verdict == "amended") reviewed.amended = std::move(review);
    }
    return reviewed;
}

struct Paid {
    std::int64_t amount = 0;
    bool in_payout = false;  // that has not gone out yet
    std::optional<std::string> payout_id;
    std::optional<std::int64_t> at_ms;
};

Paid paid_of(Tx& tx, const Commission& commission) {
    Paid paid;
    for (const auto& item :
         items_of_commission(tx, commission.workspace_id, commission.commission_id)) {
        if (is_void_status(item.status)) continue;
        paid.payout_id = item.payout_id;
        if (!is_paid_status(item.status)) {
            paid.in_payout = true;
            continue;
        }
        paid.amount += item.amount;
        paid.at_ms = item.decided_at_ms;
    }
    return paid;
}

bool is_attributed(Tx& tx, const Commission& commission) {
    if (!commission.conversion_id) return true;
    const auto attribution =
        find_attribution(tx, commission.workspace_id, *commission.conversion_id);
    return attribution && attribution->partner_id == commission.partner_id;
}

CommissionFacts facts_of(Tx& tx, const Commission& commission, const Reviewed& reviewed,
                         const Paid& paid) {
    CommissionFacts facts{.partner_id = commission.partner_id,
                          .amount = commission.amount,
                          .earnings = commission.earnings,
                          .attributed = is_attributed(tx, commission),
                          .verdict = reviewed.verdict,
                          .amended_amount = {},
                          .amended_earnings = {},
                          .sold = 0,
                          .refunded = 0,
                          .dispute = DisputeState::None,
                          .paid_out = paid.amount,
                          .in_payout = paid.in_payout,
                          .matures_at_ms = commission.matures_at_ms};
    if (reviewed.amended) {
        facts.amended_amount = reviewed.amended->amount;
        facts.amended_earnings = reviewed.amended->earnings;
    }
    if (commission.kind == "sale" && commission.conversion_id) {
        const auto sale = find_conversion(tx, commission.workspace_id, *commission.conversion_id);
        if (sale) add_refunds(tx, *sale, facts);
    }
    return facts;
}

// What is missing in the books, as postings.
std::vector<Posting> difference(const AccountAmounts& wanted, const AccountAmounts& posted,
                                const std::string& currency) {
    auto missing = wanted;
    for (const auto& [account, amount] : posted) missing[account] -= amount;
    std::vector<Posting> postings;
    for (const auto& [account, amount] : missing) {
        if (amount != 0) postings.push_back({account, amount, currency});
    }
    return postings;
}

}  // namespace

CommissionState settle_commission(Tx& tx, const Commission& commission, std::string_view kind) {
    lock_commission(tx, commission);
    const auto reviewed = review_of(tx, commission);
    const auto paid = paid_of(tx, commission);
    const auto standing =
        commission_standing(facts_of(tx, commission, reviewed, paid), tx.now_ms());
    auto postings =
        difference(standing.accounts,
                   postings_of_commission(tx, commission.workspace_id, commission.commission_id),
                   commission.currency);
    if (!postings.empty()) {
        append_ledger_transaction(tx, {.workspace_id = commission.workspace_id,
                                       .ledger_id = tx.new_id("ltx_"),
                                       .kind = std::string(kind),
                                       .commission_id = commission.commission_id,
                                       .payout_id = paid.payout_id,
                                       .at_ms = tx.now_ms(),
                                       .postings = std::move(postings)});
    }
    CommissionState state{.status = standing.status,
                          .amount = standing.amount,
                          .earnings = standing.earnings,
                          .payout_id = paid.payout_id,
                          .paid_at_ms = paid.at_ms,
                          .due = standing.due};
    put_commission_state(tx, commission.workspace_id, commission.commission_id, state);
    return state;
}

std::vector<Difference> verify_commission(Tx& tx, const Commission& commission) {
    const auto reviewed = review_of(tx, commission);
    const auto paid = paid_of(tx, commission);
    const auto facts = facts_of(tx, commission, reviewed, paid);
    const auto state = find_commission_state(tx, commission.workspace_id, commission.commission_id);
    // What came due is posted within minutes; until then it is right as it was before.
    const bool is_waiting = state && state->status == "pending";
    const auto standing = commission_standing(
        facts, is_waiting ? std::min(tx.now_ms(), facts.matures_at_ms - 1) : tx.now_ms());
    std::vector<Difference> found;
    const auto posted =
        postings_of_commission(tx, commission.workspace_id, commission.commission_id);
    for (const auto& missing : difference(standing.accounts, posted, commission.currency)) {
        found.push_back({.table = "postings",
                         .key = fmt::format("{} {}", commission.commission_id, missing.account),
                         .expected = fmt::format("{} more", missing.amount),
                         .found = "what is posted"});
    }
    const auto expected =
        fmt::format("{} {}, due {}", standing.status, standing.earnings, standing.due);
    const auto stored =
        state ? fmt::format("{} {}, due {}", state->status, state->earnings, state->due)
              : "nothing";
    if (stored != expected) {
        found.push_back({.table = "commission_states",
                         .key = commission.commission_id,
                         .expected = expected,
                         .found = stored});
    }
    return found;
}

std::int64_t payable_now(Tx& tx, const Commission& commission) {
    const auto facts = facts_of(tx, commission, review_of(tx, commission), paid_of(tx, commission));
    return commission_standing(facts, tx.now_ms()).payable;
}

void lock_payment(Tx& tx, std::string_view payment_alias) {
    wait_advisory_lock(tx, fmt::format("payment:{}:{}", tx.workspace_id(), payment_alias));
}

std::string invoice_alias(std::string_view invoice_id) {
    return fmt::format("{}{}", kInvoiceAlias, invoice_id);
}

std::string conversion_alias(std::string_view conversion_id) {
    return fmt::format("{}{}", kConversionAlias, conversion_id);
}

std::optional<std::string> conversion_of_payment(Tx& tx, std::string_view payment_alias) {
    if (!payment_alias.starts_with(kConversionAlias)) {
        return find_payment_alias(tx, tx.workspace_id(), payment_alias);
    }
    const auto id = payment_alias.substr(kConversionAlias.size());
    const auto conversion = find_conversion(tx, tx.workspace_id(), id);
    return conversion ? std::optional(conversion->conversion_id) : std::nullopt;
}

void settle_payment(Tx& tx, std::string_view payment_alias, std::string_view kind) {
    const auto conversion_id = conversion_of_payment(tx, payment_alias);
    if (!conversion_id) return;
    for (const auto& commission :
         commissions_of_conversion(tx, tx.workspace_id(), *conversion_id)) {
        settle_commission(tx, commission, kind);
    }
}

std::string settle_matured(Tx& tx, std::string_view after_id, std::int64_t limit) {
    const auto ids = matured_commissions(tx, tx.workspace_id(), after_id, limit);
    for (const auto& id : ids) {
        const auto commission = find_commission(tx, tx.workspace_id(), id);
        HW_ASSERT(commission);
        settle_commission(tx, *commission, "maturity");
    }
    return ids.empty() ? std::string{} : ids.back();
}

}  // namespace hw
