// SPDX-License-Identifier: Apache-2.0
#include "core/update_commission.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/fault.hpp"
#include "core/commission_standing.hpp"
#include "core/convert_currency.hpp"
#include "core/evaluate_reward.hpp"
#include "core/settle_commission.hpp"
#include "store/rewards.hpp"

namespace hw {
namespace {

std::unexpected<Error> refuse(const std::string& commission_id, std::string_view why,
                              std::string reason) {
    return fail(ErrorCode::BadRequest,
                fmt::format("Cannot update commission: Commission {} {}.", commission_id, why),
                std::move(reason));
}

std::optional<RewardAmount> amount_of(const Reward& reward, const std::string& modifier_id) {
    if (modifier_id.empty()) return reward.base;
    const auto found =
        std::ranges::find(reward.modifiers, modifier_id, &RewardModifier::modifier_id);
    return found == reward.modifiers.end() ? std::nullopt : std::optional(found->amount);
}

// By the reward that paid; in the same proportion when that reward is gone.
std::int64_t earnings_for(Tx& tx, const Commission& commission, std::int64_t amount) {
    if (commission.reward_id) {
        const auto reward = find_reward(tx, commission.workspace_id, *commission.reward_id);
        const auto paid = reward ? amount_of(*reward, commission.modifier_id) : std::nullopt;
        if (paid) {
            return earnings_of(
                *paid, {.product_id = {}, .amount = amount, .quantity = commission.quantity});
        }
    }
    if (amount > commission.amount) return commission.earnings;
    return commission.earnings -
           clawback_of(commission.earnings, commission.amount - amount, commission.amount);
}

Result<std::int64_t> in_reporting_currency(Tx& tx, std::int64_t amount, const std::string& currency,
                                           const Commission& commission) {
    if (currency.empty() || currency == commission.currency) return amount;
    const auto converted =
        convert_currency(tx, amount, currency, commission.currency, commission.occurred_at_ms);
    if (converted.amount) return *converted.amount;
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("invalid_value: currency: there is no rate from {} to {}: import one, "
                            "or give the amount in {}.",
                            currency, commission.currency, commission.currency),
                "fx_missing");
}

// What was sold, by the last decision about it. Refunds take their share of what is decided here,
// so what they have left already (the state's amount) is not what a decision starts from.
std::int64_t amount_before_refunds(Tx& tx, const Commission& commission) {
    auto amount = commission.amount;
    for (const auto& review :
         reviews_of_commission(tx, commission.workspace_id, commission.commission_id)) {
        if (review.verdict == "amended") amount = review.amount.value_or(commission.amount);
    }
    return amount;
}

// The amounts that a decision leaves, if it is about amounts.
Result<std::optional<CommissionReview>> amended(Tx& tx, const UpdateCommission& input,
                                                const Commission& commission) {
    if (!input.sale_amount && !input.modify_sale_amount && !input.earnings) return std::nullopt;
    const auto sold = amount_before_refunds(tx, commission);
    CommissionReview review{.verdict = "amended",
                            .amount = sold,
                            .earnings = input.earnings,
                            .reason = {},
                            .decided_by = input.decided_by};
    if (input.sale_amount || input.modify_sale_amount) {
        if (commission.kind != "sale") {
            return refuse(commission.commission_id, "is not a sale commission", "not_a_sale");
        }
        const auto told = HW_TRY(in_reporting_currency(
            tx, input.sale_amount.value_or(0) + input.modify_sale_amount.value_or(0),
            input.currency, commission));
        const auto amount = input.sale_amount ? told : sold + told;
        review.amount = std::max<std::int64_t>(amount, 0);
        if (!input.earnings) review.earnings = earnings_for(tx, commission, *review.amount);
    }
    return review;
}

std::string verdict_of(const std::string& status) {
    return status == "pending" ? "none" : status;
}

Result<Commission> find_open(Tx& tx, const std::string& commission_id) {
    auto commission = find_commission(tx, tx.workspace_id(), commission_id);
    if (!commission) {
        return fail(ErrorCode::NotFound, fmt::format("Commission {} not found.", commission_id),
                    "commission_not_found");
    }
    lock_commission(tx, *commission);
    const auto state = find_commission_state(tx, tx.workspace_id(), commission_id);
    if (state->paid_at_ms) return refuse(commission_id, "has already been paid", "already_paid");
    return std::move(*commission);
}

}  // namespace

Result<Commission> update_commission(Tx& tx, const UpdateCommission& input) {
    auto commission = HW_TRY(find_open(tx, input.commission_id));
    const auto state = find_commission_state(tx, tx.workspace_id(), input.commission_id);
    if (input.status && *input.status == state->status) {
        return refuse(input.commission_id, "is already " + state->status, "same_status");
    }
    const auto amounts = HW_TRY(amended(tx, input, commission));
    if (amounts) insert_commission_review(tx, commission, *amounts);
    auto status = input.status;
    const bool is_of_sale = input.sale_amount || input.modify_sale_amount;
    if (amounts && is_of_sale && amounts->amount == 0 && !status) status = "refunded";
    if (status) {
        insert_commission_review(tx, commission,
                                 {.verdict = verdict_of(*status),
                                  .amount = {},
                                  .earnings = {},
                                  .reason = {},
                                  .decided_by = input.decided_by});
    }
    settle_commission(tx, commission, "review");
    return commission;
}

Result<void> update_commissions(Tx& tx, const UpdateCommissions& input) {
    std::vector<std::string> unknown;
    for (const auto& id : input.commission_ids) {
        if (!find_commission(tx, tx.workspace_id(), id)) unknown.push_back(id);
    }
    if (!unknown.empty()) {
        return fail(ErrorCode::NotFound,
                    fmt::format("Commissions not found: {}.", fmt::join(unknown, ", ")),
                    "commission_not_found");
    }
    for (const auto& id : input.commission_ids) {
        UpdateCommission one;
        one.commission_id = id;
        one.status = input.status;
        one.decided_by = input.decided_by;
        HW_TRY(update_commission(tx, one));
    }
    return {};
}

}  // namespace hw
