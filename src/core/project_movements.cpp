// SPDX-License-Identifier: Apache-2.0
#include "core/project_movements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace hw {
namespace {

using Facts = std::vector<const PaymentFact*>;

bool counts(std::string_view status) {
    return status == "active" || status == "past_due";
}

// Nothing was paid yet: what comes next is the start.
bool is_before_start(std::string_view status) {
    return status == "trialing" || status == "incomplete" || status == "incomplete_expired";
}

struct Start {
    std::int64_t at_ms = 0;
    std::int64_t mrr = 0;
    std::string payment_key;
};

// The invoice that began it though a credit paid all of it.
const PaymentFact* credited_start(const Facts& facts) {
    for (const auto* fact : facts) {
        const bool begins = fact->kind == "invoice" && fact->reason == "subscription_create";
        if (begins && fact->gross == 0 && fact->total > 0) return fact;
    }
    return nullptr;
}

// The prices when it became active, or as it was made, or as its first invoice billed them.
std::int64_t mrr_at_start(const Facts& facts, const std::vector<std::string>& payment_ids) {
    for (const auto* fact : facts) {
        const bool activated = fact->kind == "subscription" && counts(fact->status) &&
                               is_before_start(fact->status_before);
        if (activated && fact->mrr_known) return fact->mrr;
    }
    for (const auto* fact : facts) {
        const bool made = fact->kind == "subscription" && fact->status_before.empty();
        if (made && fact->mrr_known) return fact->mrr;
    }
    for (const auto* fact : facts) {
        if (fact->kind != "invoice" || !fact->mrr_known) continue;
        if (std::ranges::find(payment_ids, fact->invoice_id) != payment_ids.end()) return fact->mrr;
    }
    return 0;
}

std::optional<Start> start_of(const Facts& facts, std::string_view subscription_id,
                              std::span<const ProjectedPayment> payments) {
    const ProjectedPayment* first = nullptr;
    for (const auto& payment : payments) {
        if (payment.kind != "subscription" || payment.subscription_id != subscription_id) continue;
        if (first == nullptr || payment.paid_at_ms < first->paid_at_ms) first = &payment;
    }
    if (first != nullptr) {
        return Start{first->paid_at_ms, mrr_at_start(facts, first->ids), first->key};
    }
    const auto* credited = credited_start(facts);
    if (credited == nullptr) return std::nullopt;
    return Start{credited->at_ms, mrr_at_start(facts, {credited->invoice_id}), {}};
}

ProjectedMovement movement_of(const PaymentFact& fact, std::string key, std::string kind) {
    return {.key = std::move(key),
            .kind = std::move(kind),
            .subscription_id = fact.subscription_id,
            .customer_id = fact.customer_id,
            .external_id = fact.evidence.customer_external_id,
            .delta = 0,
            .currency = fact.currency,
            .at_ms = fact.at_ms,
            .payment_key = {},
            .test = fact.test};
}

// Nothing where nothing changed. The key is the change itself, because one change may be told by
// two events.
std::optional<ProjectedMovement> change_of(const PaymentFact& fact) {
    const bool is_change = fact.kind == "subscription" && !fact.status_before.empty();
    if (!is_change || !fact.mrr_known || is_before_start(fact.status_before)) return std::nullopt;
    const auto before = counts(fact.status_before) ? fact.mrr_before : 0;
    const auto after = counts(fact.status) ? fact.mrr : 0;
    if (before == after || fact.status == "canceled") return std::nullopt;
    const auto* kind = before == 0 ? "resume" : after == 0 ? "stop" : "upgrade";
    if (before != 0 && after != 0 && after < before) kind = "downgrade";
    auto movement =
        movement_of(fact,
                    fmt::format("sub:{}:{} {}>{} {}@{}", fact.subscription_id, fact.status_before,
                                fact.plan_before, fact.status, fact.plan, fact.at_ms / 1'000),
                    kind);
    movement.delta = after - before;
    return movement;
}

bool ended_in_trial(const PaymentFact& ended) {
    const auto ended_ms = ended.ended_ms == 0 ? ended.at_ms : ended.ended_ms;
    return ended.trial_end_ms != 0 && ended_ms <= ended.trial_end_ms;
}

std::optional<ProjectedMovement> end_of(const Facts& facts,
                                        const std::vector<ProjectedMovement>& changes) {
    const auto ended = std::ranges::find_if(
        facts, [](const auto* fact) { return fact->kind == "subscription_ended"; });
    if (ended == facts.end() || ended_in_trial(**ended) || (*ended)->mrr == 0) return std::nullopt;
    // What brought nothing any more has nothing left to end.
    const auto last = std::ranges::find_if(
        changes.rbegin(), changes.rend(),
        [](const auto& change) { return change.kind == "stop" || change.kind == "resume"; });
    if (last != changes.rend() && last->kind == "stop") return std::nullopt;
    auto movement =
        movement_of(**ended, fmt::format("sub:{}:ended", (*ended)->subscription_id), "end");
    if ((*ended)->ended_ms != 0) movement.at_ms = (*ended)->ended_ms;
    movement.delta = -(*ended)->mrr;
    return movement;
}

// One that was made before our eyes and that nobody paid for brings nothing.
bool is_unpaid(const Facts& facts, const std::optional<Start>& start) {
    if (start) return false;
    return std::ranges::any_of(facts, [](const auto* fact) {
        return fact->kind == "subscription" && fact->status_before.empty();
    });
}

void add_movements(const std::string& id, const Facts& facts,
                   std::span<const ProjectedPayment> payments,
                   std::vector<ProjectedMovement>& movements) {
    const auto start = start_of(facts, id, payments);
    if (is_unpaid(facts, start)) return;
    if (start && start->mrr > 0) {
        auto movement = movement_of(*facts.front(), fmt::format("sub:{}:start", id), "start");
        movement.delta = start->mrr;
        movement.at_ms = start->at_ms;
        movement.payment_key = start->payment_key;
        movements.push_back(std::move(movement));
    }
    std::vector<ProjectedMovement> changes;
    for (const auto* fact : facts) {
        auto change = change_of(*fact);
        if (!change) continue;
        const bool known =
            std::ranges::find(changes, change->key, &ProjectedMovement::key) != changes.end();
        if (!known) changes.push_back(std::move(*change));
    }
    auto end = end_of(facts, changes);
    std::ranges::move(changes, std::back_inserter(movements));
    if (end) movements.push_back(std::move(*end));
}

// The same person for all movements of a subscription, whichever fact told it.
void fill_customer(const Facts& all, ProjectedMovement& movement) {
    for (const auto* fact : all) {
        const bool same = fact->subscription_id == movement.subscription_id;
        if (same && movement.customer_id.empty()) movement.customer_id = fact->customer_id;
    }
    for (const auto* fact : all) {
        const bool same_customer =
            !movement.customer_id.empty() && fact->customer_id == movement.customer_id;
        if (same_customer && movement.external_id.empty()) {
            movement.external_id = fact->evidence.customer_external_id;
        }
    }
}

}  // namespace

std::vector<ProjectedMovement> project_movements(const std::vector<const PaymentFact*>& facts,
                                                 std::span<const ProjectedPayment> payments) {
    std::map<std::string, Facts> subscriptions;
    for (const auto* fact : facts) {
        if (!fact->subscription_id.empty()) subscriptions[fact->subscription_id].push_back(fact);
    }
    std::vector<ProjectedMovement> movements;
    for (const auto& [id, own] : subscriptions) add_movements(id, own, payments, movements);
    for (auto& movement : movements) {
        movement.external_id.clear();
        fill_customer(facts, movement);
    }
    std::ranges::sort(movements, {}, &ProjectedMovement::key);
    return movements;
}

}  // namespace hw
