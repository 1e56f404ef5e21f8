// SPDX-License-Identifier: Apache-2.0
#include "core/tie_lone_intents.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/civil_time.hpp"

namespace hw {
namespace {

using Facts = std::vector<const PaymentFact*>;

// Of a payment that lacks its other half.
struct Half {
    std::string root;
    const PaymentFact* money = nullptr;  // the earliest word of it
};

struct Halves {
    std::vector<Half> intents;
    std::vector<Half> invoices;
};

const PaymentFact* earliest(const Facts& facts, bool (*is_money)(const PaymentFact&)) {
    const PaymentFact* found = nullptr;
    for (const auto* fact : facts) {
        if (is_money(*fact) && (found == nullptr || fact->at_ms < found->at_ms)) found = fact;
    }
    return found;
}

bool names_intent(const PaymentFact* fact) {
    return !fact->intent_id.empty() || !fact->charge_id.empty();
}

bool names_invoice(const PaymentFact* fact) {
    return !fact->invoice_id.empty() || !fact->checkout_id.empty();
}

std::int64_t taken(const PaymentFact& money) {
    return money.kind == "charge" ? money.total : money.gross;
}

struct Pair {
    std::int64_t apart_ms = 0;
    const Half* intent = nullptr;
    const Half* invoice = nullptr;

    auto order() const { return std::tie(apart_ms, intent->root, invoice->root); }
};

std::vector<Pair> pairs_of(const Halves& halves) {
    std::vector<Pair> pairs;
    for (const auto& intent : halves.intents) {
        for (const auto& invoice : halves.invoices) {
            const auto apart_ms = std::max(intent.money->at_ms, invoice.money->at_ms) -
                                  std::min(intent.money->at_ms, invoice.money->at_ms);
            if (apart_ms <= kHourMs) pairs.push_back({apart_ms, &intent, &invoice});
        }
    }
    std::ranges::sort(pairs, {}, &Pair::order);
    return pairs;
}

PaymentFact tie(const PaymentFact& intent, const PaymentFact& invoice) {
    PaymentFact join;
    join.kind = "join";
    join.anchor_id = invoice.anchor_id;
    join.fact_key = "tie:" + intent.anchor_id + ":" + invoice.anchor_id;
    join.at_ms = std::max(intent.at_ms, invoice.at_ms);
    join.intent_id = intent.intent_id;
    join.charge_id = intent.charge_id;
    join.invoice_id = invoice.invoice_id;
    join.checkout_id = invoice.checkout_id;
    return join;
}

void tie_nearest(const Halves& halves, std::vector<PaymentFact>& ties) {
    std::set<const Half*> taken_already;
    for (const auto& pair : pairs_of(halves)) {
        if (taken_already.contains(pair.intent) || taken_already.contains(pair.invoice)) continue;
        taken_already.insert({pair.intent, pair.invoice});
        ties.push_back(tie(*pair.intent->money, *pair.invoice->money));
    }
}

}  // namespace

bool is_bare_payment(const PaymentFact& fact) {
    if (!fact.paid) return false;
    return (fact.kind == "intent" && fact.gross > 0) || (fact.kind == "charge" && fact.total > 0);
}

bool is_itemized_payment(const PaymentFact& fact) {
    const bool itemizes = fact.kind == "invoice" || fact.kind == "session";
    return itemizes && fact.paid && fact.gross > 0;
}

std::vector<PaymentFact> tie_lone_intents(const PaymentGroups& groups) {
    // By customer, currency and amount: a stranger's payment of the same amount is another one.
    std::map<std::tuple<std::string, std::string, std::int64_t>, Halves> alike;
    for (const auto& [root, facts] : groups) {
        const auto* bare = earliest(facts, is_bare_payment);
        const auto* itemized = earliest(facts, is_itemized_payment);
        const auto* money = itemized != nullptr ? itemized : bare;
        if (money == nullptr || money->customer_id.empty()) continue;
        auto& halves = alike[{money->customer_id, money->currency, taken(*money)}];
        if (itemized != nullptr && std::ranges::none_of(facts, names_intent)) {
            halves.invoices.push_back({root, itemized});
        }
        if (itemized == nullptr && std::ranges::none_of(facts, names_invoice)) {
            halves.intents.push_back({root, bare});
        }
    }
    std::vector<PaymentFact> ties;
    for (const auto& [key, halves] : alike) tie_nearest(halves, ties);
    return ties;
}

}  // namespace hw
