// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/partner_books.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace hw {
namespace {

constexpr std::int64_t kDay = 86'400'000;

// a * b / c, half rounded up; for amounts that are not negative.
std::int64_t share(std::int64_t a, std::int64_t b, std::int64_t c) {
    const auto rest = a * b % c;
    return a * b / c + (rest * 2 >= c ? 1 : 0);
}

bool is_named(const PlainEvent& sale, const std::string& payment) {
    return payment == "conversion:" + sale.id ||
           (!sale.invoice.empty() && payment == "invoice:" + sale.invoice);
}

std::int64_t pays(const PlainAmount& what, std::int64_t amount) {
    return what.is_percentage ? share(amount, what.amount, 10'000) : what.amount;
}

std::chrono::year_month_day date_of(std::int64_t at_ms) {
    return std::chrono::sys_days{std::chrono::days{at_ms / kDay}};
}

// How often a month was over: month by month, the last day standing for days that are missing.
std::int64_t months_between(std::int64_t from_ms, std::int64_t to_ms) {
    if (to_ms < from_ms) return -months_between(to_ms, from_ms);
    const auto from = date_of(from_ms);
    std::int64_t months = 0;
    for (;;) {
        auto day = from + std::chrono::months{months + 1};
        if (!day.ok()) day = day.year() / day.month() / std::chrono::last;
        const auto reached_ms =
            std::chrono::sys_days{day}.time_since_epoch().count() * kDay + from_ms % kDay;
        if (reached_ms > to_ms) return months;
        ++months;
    }
}

std::int64_t begin_of(const std::string& interval, std::int64_t at_ms) {
    const auto day = std::chrono::sys_days{std::chrono::days{at_ms / kDay}};
    const auto date = date_of(at_ms);
    auto begin = std::chrono::sys_days{};
    if (interval == "day") begin = day;
    if (interval == "week") begin = day - (std::chrono::weekday{day} - std::chrono::Monday);
    if (interval == "month") begin = date.year() / date.month() / 1;
    return begin.time_since_epoch().count() * kDay;
}

// The modifier that pays most for a sale, of those that apply.
const PlainModifier* best_of(const PlainReward& reward, std::int64_t amount, bool is_again) {
    const PlainModifier* best = nullptr;
    for (const auto& modifier : reward.modifiers) {
        if (modifier.over ? amount <= *modifier.over : !is_again) continue;
        if (best == nullptr || pays(modifier.pays, amount) > pays(best->pays, amount)) {
            best = &modifier;
        }
    }
    return best;
}

// The verdict that stands, and the last amounts that a person wrote.
struct Verdict {
    std::string standing;
    const PlainReview* amended = nullptr;
};

Verdict verdict_of(const PlainCommission& commission) {
    Verdict verdict;
    for (const auto& review : commission.reviews) {
        if (review.verdict == "amended") {
            verdict.amended = &review;
        } else {
            verdict.standing = review.verdict == "none" ? "" : review.verdict;
        }
    }
    return verdict;
}

bool is_void(const std::string& status) {
    return status == "failed" || status == "canceled";
}

}  // namespace

const PlainEvent* PartnerBooks::find_event(const std::string& id) const {
    const auto found = std::ranges::find(events, id, &PlainEvent::id);
    return found == events.end() ? nullptr : &*found;
}

PlainCommission* PartnerBooks::find_commission(const std::string& id) {
    const auto found = std::ranges::find(commissions, id, &PlainCommission::id);
    return found == commissions.end() ? nullptr : &*found;
}

std::int64_t PartnerBooks::refunded(const PlainEvent& sale) const {
    std::int64_t total = 0;
    for (const auto& refund : refunds) {
        const bool is_ours = refund.currency.empty() || refund.currency == sale.currency;
        if (is_ours && is_named(sale, refund.payment)) total += refund.amount;
    }
    return std::min(total, sale.amount);
}

// 'l'ost, 'o'pen or ' '.
char PartnerBooks::dispute_of(const PlainEvent& sale) const {
    char worst = ' ';
    for (const auto& dispute : disputes) {
        if (!is_named(sale, dispute.payment)) continue;
        if (dispute.state == "lost") return 'l';
        const bool is_won = std::ranges::any_of(disputes, [&](const ToldDispute& other) {
            return other.payment == dispute.payment && other.key == dispute.key &&
                   other.state != "open";
        });
        if (!is_won) worst = 'o';
    }
    return worst;
}

std::int64_t PartnerBooks::whole_amount(const PlainCommission& commission) {
    const auto verdict = verdict_of(commission);
    return verdict.amended == nullptr ? commission.amount : verdict.amended->amount;
}

bool PartnerBooks::owed(const PlainCommission& commission, const std::string& verdict,
                        PlainStanding& is) const {
    const auto* event = commission.event.empty() ? nullptr : find_event(commission.event);
    bool is_held = verdict == "hold";
    if (!verdict.empty() && !is_held) {
        is.status = verdict;
        is.earnings = 0;
    } else if (event != nullptr && event->partner != commission.partner) {
        is.status = "canceled";
        is.earnings = 0;
    } else if (event != nullptr && event->is_sale) {
        const auto dispute = dispute_of(*event);
        const auto back = refunded(*event);
        is_held = is_held || dispute == 'o';
        if (dispute == 'l' || back == event->amount) {
            is.status = "refunded";
            is.amount = is.earnings = 0;
        } else {
            is.earnings -= share(is.earnings, back, event->amount);
            is.amount -= share(is.amount, back, event->amount);
        }
    }
    return is_held;
}

std::int64_t PartnerBooks::paid_of(const PlainCommission& commission, PlainStanding& is) const {
    std::int64_t paid = 0;
    for (const auto& payout : payouts) {
        const auto item = payout.items.find(commission.id);
        if (item == payout.items.end() || is_void(payout.status)) continue;
        is.payout = payout.id;
        is.is_waiting = is.is_waiting || payout.status == "pending";
        is.was_paid = is.was_paid || payout.status != "pending";
        if (payout.status != "pending") paid += item->second;
    }
    return paid;
}

PlainStanding PartnerBooks::standing(const PlainCommission& commission, std::int64_t now_ms) const {
    PlainStanding is;
    const auto [verdict, amended] = verdict_of(commission);
    is.amount = whole_amount(commission);
    is.earnings =
        amended != nullptr && amended->earnings ? *amended->earnings : commission.earnings;
    const bool is_held = owed(commission, verdict, is);
    const auto paid = paid_of(commission, is);
    const auto rest = is.earnings - paid;
    const bool is_due = rest < 0 || (!is_held && now_ms >= commission.matures_at_ms);
    is.payable = is_due ? rest : 0;
    is.due = is.is_waiting ? 0 : is.payable;
    const auto* place = rest < 0 ? "clawback" : is_held ? "held" : is_due ? "payable" : "pending";
    if (is.status.empty()) {
        const bool is_paid = paid != 0 && (rest == 0 || (rest < 0 && paid > 0));
        is.status = is_paid ? "paid" : is_due ? "processed" : is_held ? "hold" : "pending";
    }
    if (is.earnings != 0) is.accounts["expense:commissions"] = -is.earnings;
    if (paid != 0) is.accounts["partner:" + commission.partner + ":paid"] = paid;
    if (rest != 0) is.accounts["partner:" + commission.partner + ":" + place] = rest;
    return is;
}

const PlainCommission* PartnerBooks::first_of(const PlainEvent& event) const {
    const PlainCommission* first = nullptr;
    for (const auto& commission : commissions) {
        if (commission.partner != event.partner || commission.customer != event.customer ||
            commission.kind != (event.is_sale ? "sale" : "lead")) {
            continue;
        }
        if (first == nullptr || commission.at_ms < first->at_ms) first = &commission;
    }
    return first;
}

std::int64_t PartnerBooks::spent(const PlainReward& reward, const PlainEvent& event,
                                 std::int64_t now_ms) const {
    std::int64_t total = 0;
    for (const auto& commission : commissions) {
        if (commission.partner != event.partner ||
            commission.kind != (event.is_sale ? "sale" : "lead") ||
            (event.is_sale && commission.customer != event.customer) ||
            commission.at_ms < begin_of(reward.interval, event.at_ms)) {
            continue;
        }
        total += standing(commission, now_ms).earnings;
    }
    return total;
}

std::optional<PlainCommission> PartnerBooks::credit(const PlainEvent& event,
                                                    std::int64_t now_ms) const {
    if (event.partner.empty() || (event.is_sale && !event.converted)) return std::nullopt;
    const auto& group = groups.at(group_of.at(event.partner));
    const auto& reward_id = event.is_sale ? group.sale_reward : group.lead_reward;
    if (reward_id.empty()) return std::nullopt;
    const auto& reward = rewards.at(reward_id);
    const auto* first = first_of(event);
    if (first != nullptr) {
        const auto verdict = verdict_of(*first).standing;
        if (!event.is_sale || verdict == "fraud" || verdict == "canceled") return std::nullopt;
    }
    const auto amount = event.converted.value_or(0);
    const auto* best = event.is_sale ? best_of(reward, amount, first != nullptr) : nullptr;
    const auto& terms = best == nullptr ? reward.base : best->pays;
    if (first != nullptr) {
        if (first->months == 0 || terms.months == 0) return std::nullopt;
        if (terms.months && months_between(first->at_ms, event.at_ms) >= *terms.months) {
            return std::nullopt;
        }
    }
    auto earnings = pays(terms, amount);
    if (reward.limit) {
        const auto left = std::max<std::int64_t>(*reward.limit - spent(reward, event, now_ms), 0);
        earnings = std::min(earnings, left);
    }
    const bool is_known = std::ranges::any_of(commissions, [&](const PlainCommission& other) {
        return other.event == event.id && other.partner == event.partner;
    });
    if (earnings == 0 || is_known) return std::nullopt;
    return PlainCommission{.id = {},
                           .partner = event.partner,
                           .kind = event.is_sale ? "sale" : "lead",
                           .customer = event.customer,
                           .event = event.id,
                           .reward = reward_id,
                           .modifier = best == nullptr ? "" : best->id,
                           .months = terms.months,
                           .amount = amount,
                           .earnings = earnings,
                           .at_ms = event.at_ms,
                           .matures_at_ms = event.at_ms + group.hold_days * kDay,
                           .reviews = {}};
}

std::int64_t PartnerBooks::earnings_for(const PlainCommission& commission,
                                        std::int64_t amount) const {
    const auto reward = rewards.find(commission.reward);
    if (reward != rewards.end()) {
        if (commission.modifier.empty()) return pays(reward->second.base, amount);
        for (const auto& modifier : reward->second.modifiers) {
            if (modifier.id == commission.modifier) return pays(modifier.pays, amount);
        }
    }
    if (amount > commission.amount) return commission.earnings;
    return commission.earnings -
           share(commission.earnings, commission.amount - amount, commission.amount);
}

std::map<std::string, std::map<std::string, std::int64_t>> PartnerBooks::collect(
    std::int64_t least, std::int64_t now_ms) const {
    std::map<std::string, std::map<std::string, std::int64_t>> collected;
    std::map<std::string, std::int64_t> sums;
    for (const auto& commission : commissions) {
        const auto due = standing(commission, now_ms).due;
        if (due == 0) continue;
        collected[commission.partner][commission.id] = due;
        sums[commission.partner] += due;
    }
    std::erase_if(collected, [&](const auto& one) {
        return sums[one.first] < std::max<std::int64_t>(least, 1);
    });
    return collected;
}

}  // namespace hw
