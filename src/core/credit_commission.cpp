// SPDX-License-Identifier: Apache-2.0
#include "core/credit_commission.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "core/assess_commission.hpp"
#include "core/commission_standing.hpp"
#include "core/earning_terms.hpp"
#include "core/evaluate_reward.hpp"
#include "core/run_workflows.hpp"
#include "core/settle_commission.hpp"
#include "store/outbox.hpp"
#include "store/workspaces.hpp"

namespace hw {
namespace {

bool is_lead(const Conversion& conversion) {
    return conversion.kind == "lead";
}

std::optional<EarningTerms> terms_of(Tx& tx, const CreditedEvent& event) {
    return earning_terms(tx, event.link, is_lead(event.conversion) ? "lead" : "sale");
}

RewardFact number(std::int64_t value) {
    return {std::to_string(value), true};
}

std::optional<RewardFact> text(const std::optional<std::string>& value) {
    return value ? std::optional(RewardFact{*value, false}) : std::nullopt;
}

// Answers the conditions of a reward.
class Facts {
  public:
    Facts(Tx& tx, const CreditedEvent& event, const EarningTerms& terms,
          const std::optional<Commission>& first)
        : tx_(tx), event_(event), terms_(terms), first_(first) {}

    std::optional<RewardFact> operator()(const RewardCondition& condition) {
        if (condition.attribute == "metadata") return metadata(condition.metadata_field);
        if (condition.entity == "customer") return of_customer(condition.attribute);
        if (condition.entity == "partner")
            return partner_fact(tx_, terms_.partner, condition.attribute);
        return condition.entity == "sale" ? of_sale(condition.attribute) : std::nullopt;
    }

  private:
    std::optional<RewardFact> metadata(std::string_view field) {
        const auto found = metadata_field(event_.conversion, field);
        if (!found) return std::nullopt;
        return RewardFact{found->text, found->is_number};
    }

    std::optional<RewardFact> of_customer(std::string_view attribute) {
        if (event_.customer == nullptr) return std::nullopt;
        if (attribute == "country") return text(event_.customer->country);
        if (attribute == "source") return RewardFact{"tracked", false};
        if (attribute == "signupDate") return number(event_.customer->created_at_ms);
        // A subscription begins with the first sale that was credited.
        const auto began_ms = first_ ? first_->occurred_at_ms : event_.conversion.occurred_at_ms;
        if (attribute == "subscriptionStartDate") return number(began_ms);
        if (attribute != "subscriptionDurationMonths") return std::nullopt;
        return number(full_months_between(began_ms, event_.conversion.occurred_at_ms));
    }

    std::optional<RewardFact> of_sale(std::string_view attribute) {
        if (is_lead(event_.conversion)) return std::nullopt;
        if (attribute == "amount") return number(event_.conversion.converted_amount.value_or(0));
        if (attribute == "type") return RewardFact{first_ ? "recurring" : "new", false};
        if (attribute == "productId") return metadata("productId");
        return std::nullopt;
    }

    Tx& tx_;
    const CreditedEvent& event_;
    const EarningTerms& terms_;
    const std::optional<Commission>& first_;
};

// Whether the reward still pays after the partner's first commission for this customer.
bool is_within_duration(const Earned& earned, const std::optional<Commission>& first,
                        std::int64_t now_ms) {
    if (!first) return true;
    if (first->max_duration_months == 0 || earned.max_duration_months == 0) return false;
    if (!earned.max_duration_months) return true;
    return full_months_between(first->occurred_at_ms, now_ms) < *earned.max_duration_months;
}

std::string reporting_currency(Tx& tx) {
    const auto workspace = find_workspace(tx, tx.workspace_id());
    HW_ASSERT(workspace);
    return workspace->currency;
}

// One lead commission per customer and partner, whatever its event; a sale once per partner.
std::string commission_key(const Commission& commission) {
    if (commission.kind == "lead" && commission.customer_id) {
        return fmt::format("lead:{}:{}", commission.partner_id, *commission.customer_id);
    }
    return fmt::format("{}:{}:{}", commission.kind, *commission.conversion_id,
                       commission.partner_id);
}

Commission commission_of(Tx& tx, const CreditedEvent& event, const EarningTerms& terms,
                         const Earned& earned) {
    const auto& conversion = event.conversion;
    Commission commission;
    commission.workspace_id = tx.workspace_id();
    commission.commission_id = tx.new_id("cm_");
    commission.program_id = terms.group.program_id;
    commission.partner_id = terms.partner.partner_id;
    commission.kind = is_lead(conversion) ? "lead" : "sale";
    commission.link_id = event.link.link_id;
    if (event.customer != nullptr) commission.customer_id = event.customer->customer_id;
    commission.conversion_id = conversion.conversion_id;
    commission.invoice_id = conversion.invoice_id;
    commission.reward_id = terms.reward.reward_id;
    commission.modifier_id = earned.modifier_id;
    commission.max_duration_months = earned.max_duration_months;
    commission.quantity = conversion.quantity;
    commission.amount = conversion.converted_amount.value_or(0);
    commission.earnings = earned.earnings;
    commission.currency = conversion.converted_currency.value_or(reporting_currency(tx));
    commission.metadata = conversion.metadata;
    commission.occurred_at_ms = conversion.occurred_at_ms;
    commission.matures_at_ms = conversion.occurred_at_ms + terms.group.holding_period_days * kDayMs;
    commission.created_at_ms = tx.now_ms();
    return commission;
}

std::optional<Commission> first_commission(Tx& tx, const CreditedEvent& event,
                                           const EarningTerms& terms) {
    if (event.customer == nullptr) return std::nullopt;
    return find_first_commission(tx, tx.workspace_id(), terms.partner.partner_id,
                                 event.customer->customer_id,
                                 is_lead(event.conversion) ? "lead" : "sale");
}

// A partner whose first commission for the customer was found to be a fraud, or was canceled by a
// person, earns nothing more with them.
bool is_spoiled(Tx& tx, const Commission& first) {
    const auto verdict =
        standing_verdict(reviews_of_commission(tx, first.workspace_id, first.commission_id));
    return verdict == "fraud" || verdict == "canceled";
}

}  // namespace

std::optional<Commission> credit_commission(Tx& tx, const CreditedEvent& event) {
    const auto terms = terms_of(tx, event);
    if (!terms) return std::nullopt;
    if (!is_lead(event.conversion) && !event.conversion.converted_amount) return std::nullopt;
    const auto first = first_commission(tx, event, *terms);
    if (first && (is_lead(event.conversion) || is_spoiled(tx, *first))) return std::nullopt;
    Facts facts(tx, event, *terms, first);
    const RewardedLine line{.product_id = {},
                            .amount = event.conversion.converted_amount.value_or(0),
                            .quantity = event.conversion.quantity};
    const auto earned = evaluate_reward(terms->reward, line, facts);
    if (!is_within_duration(earned, first, event.conversion.occurred_at_ms)) return std::nullopt;
    auto commission = commission_of(tx, event, *terms, earned);
    commission.earnings = within_limit(tx, terms->reward, commission);
    if (commission.earnings == 0) return std::nullopt;
    if (commission.earnings < earned.earnings) {
        commission.description = limit_note(commission.earnings, earned.earnings);
    }
    if (claim_commission_key(tx, tx.workspace_id(), commission_key(commission),
                             commission.commission_id)) {
        return std::nullopt;
    }
    if (commission.invoice_id) lock_payment(tx, invoice_alias(*commission.invoice_id));
    insert_commission(tx, commission);
    const bool is_held = assess_commission(tx, {.commission = commission,
                                                .partner = terms->partner,
                                                .customer = event.customer,
                                                .is_first = !first});
    settle_commission(tx, commission, "accrual");
    append_outbox(tx, "commission.created", commission.commission_id);
    if (!is_held) {
        run_workflows(tx, {.trigger = "commissionRecorded",
                           .program_id = commission.program_id,
                           .partner_id = commission.partner_id});
    }
    return commission;
}

}  // namespace hw
