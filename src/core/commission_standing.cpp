// SPDX-License-Identifier: Apache-2.0
#include "core/commission_standing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hw {
namespace {

__extension__ using Int128 = __int128;  // products of two amounts

constexpr std::string_view kExpense = "expense:commissions";

// Verdicts after which nothing is owed.
bool is_final(std::string_view verdict) {
    return verdict == "refunded" || verdict == "duplicate" || verdict == "fraud" ||
           verdict == "canceled";
}

struct Owed {
    std::int64_t amount = 0;
    std::int64_t earnings = 0;
    std::string_view status;  // when there is nothing left to wait for; else empty
};

Owed owed_of(const CommissionFacts& facts) {
    const auto amount = facts.amended_amount.value_or(facts.amount);
    const auto earnings = facts.amended_earnings.value_or(facts.earnings);
    if (is_final(facts.verdict)) return {amount, 0, facts.verdict};
    if (!facts.attributed) return {amount, 0, "canceled"};
    if (facts.dispute == DisputeState::Lost) return {0, 0, "refunded"};
    if (facts.sold <= 0 || earnings < 0) return {amount, earnings, {}};
    const auto left = earnings - clawback_of(earnings, facts.refunded, facts.sold);
    const auto sale = amount - clawback_of(amount, facts.refunded, facts.sold);
    return {sale, left, facts.refunded >= facts.sold ? "refunded" : std::string_view{}};
}

bool is_held(const CommissionFacts& facts) {
    return facts.verdict == "hold" || facts.dispute == DisputeState::Open;
}

// Where what is still owed waits.
std::string_view place_of(const CommissionFacts& facts, std::int64_t rest, std::int64_t now_ms) {
    if (rest < 0) return "clawback";
    if (is_held(facts)) return "held";
    return now_ms < facts.matures_at_ms ? "pending" : "payable";
}

std::string_view status_at(std::string_view place, std::int64_t rest, std::int64_t paid_out) {
    if (rest == 0 && paid_out != 0) return "paid";
    if (place == "held") return "hold";
    if (place == "pending") return "pending";
    // A clawback waits for the next payout, as what is payable does; one of a commission that was
    // paid leaves it paid.
    return place == "clawback" && paid_out > 0 ? "paid" : "processed";
}

}  // namespace

std::int64_t clawback_of(std::int64_t earnings, std::int64_t refunded, std::int64_t sold) {
    if (refunded <= 0 || sold <= 0) return 0;
    if (refunded >= sold) return earnings;
    return static_cast<std::int64_t>((Int128{earnings} * refunded * 2 + sold) / (Int128{sold} * 2));
}

std::string standing_verdict(const std::vector<CommissionReview>& reviews) {
    std::string verdict = "none";
    for (const auto& review : reviews) {
        if (review.verdict != "amended") verdict = review.verdict;
    }
    return verdict;
}

CommissionStanding commission_standing(const CommissionFacts& facts, std::int64_t now_ms) {
    const auto owed = owed_of(facts);
    const auto rest = owed.earnings - facts.paid_out;
    const auto place = place_of(facts, rest, now_ms);
    CommissionStanding standing{
        .status =
            std::string(owed.status.empty() ? status_at(place, rest, facts.paid_out) : owed.status),
        .amount = owed.amount,
        .earnings = owed.earnings,
        .accounts = {},
        .payable = place == "payable" || place == "clawback" ? rest : 0,
        .due = 0};
    if (!facts.in_payout) standing.due = standing.payable;
    const auto book = [&](std::string account, std::int64_t amount) {
        if (amount != 0) standing.accounts[std::move(account)] += amount;
    };
    book(std::string(kExpense), -owed.earnings);
    book(fmt::format("partner:{}:{}", facts.partner_id, place), rest);
    book(fmt::format("partner:{}:paid", facts.partner_id), facts.paid_out);
    return standing;
}

}  // namespace hw
