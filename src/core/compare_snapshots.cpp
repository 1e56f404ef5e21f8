// SPDX-License-Identifier: Apache-2.0
#include "core/compare_snapshots.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace hw {
namespace {

__extension__ using Int128 = __int128;  // an amount times 365

constexpr std::string_view kState = "subscription_state";

// The making of a subscription is before all its states, and its end behind them.
int rank_of(std::string_view kind) {
    return kind == kState ? 1 : kind == "subscription_ended" ? 2 : 0;
}

auto order_of(const PaymentFact& fact) {
    return std::tuple(fact.at_ms, rank_of(fact.kind), std::string_view(fact.fact_key));
}

bool is_of_subscription(const PaymentFact& fact) {
    return fact.kind == "subscription" || fact.kind == kState || fact.kind == "subscription_ended";
}

bool bills_whole_period(const PaymentFact& fact) {
    const bool whole = fact.reason == "subscription_create" || fact.reason == "subscription_cycle";
    return fact.kind == "invoice" && fact.paid && whole && fact.gross > 0;
}

struct Price {
    std::int64_t months_365ths = 0;
    std::int64_t net = 0;
    std::string currency{};
};

std::map<std::string, Price> prices_in(const std::vector<PaymentFact>& facts) {
    std::map<std::string, Price> prices;
    for (const auto& fact : facts) {
        if (fact.subscription_id.empty()) continue;
        auto& price = prices[fact.subscription_id];
        if (price.months_365ths == 0) price.months_365ths = fact.billed_months_365ths;
        if (price.net != 0 || !bills_whole_period(fact)) continue;
        price.net = fact.net;
        price.currency = fact.currency;
    }
    return prices;
}

void add_price(const Price& price, PaymentFact& fact) {
    if (fact.mrr_known || price.net <= 0 || price.months_365ths <= 0) return;
    const auto twice = Int128{price.net} * 365 * 2 + price.months_365ths;
    fact.mrr = static_cast<std::int64_t>(twice / (Int128{price.months_365ths} * 2));
    fact.mrr_known = true;
    if (fact.currency.empty()) fact.currency = price.currency;
}

// `before` may be null: then nothing is known to have changed.
void compare(const PaymentFact* before, PaymentFact& fact) {
    if (before != nullptr && !fact.mrr_known && before->mrr_known) {
        fact.mrr = before->mrr;
        fact.mrr_known = true;
    }
    if (fact.kind == "subscription_ended") {
        // What ends is what was booked.
        if (before != nullptr && before->mrr_known) fact.mrr = before->mrr;
        return;
    }
    fact.kind = "subscription";
    const auto& other = before == nullptr ? fact : *before;
    fact.status_before = other.status;
    fact.plan_before = other.plan;
    fact.mrr_before = other.mrr_known ? other.mrr : fact.mrr;
}

}  // namespace

std::vector<PaymentFact> compare_snapshots(std::span<const PaymentFact> facts) {
    std::vector<PaymentFact> compared(facts.begin(), facts.end());
    std::ranges::sort(compared, {}, order_of);
    const auto rest = std::ranges::unique(compared, {}, &PaymentFact::fact_key);
    compared.erase(rest.begin(), rest.end());
    const bool any =
        std::ranges::any_of(compared, [](const PaymentFact& fact) { return fact.kind == kState; });
    auto prices = prices_in(compared);
    std::map<std::string, const PaymentFact*> last;
    for (auto& fact : compared) {
        if (!is_of_subscription(fact)) continue;
        add_price(prices[fact.subscription_id], fact);
        auto& before = last[fact.subscription_id];
        const bool told_alone = fact.kind == kState || (any && fact.kind == "subscription_ended");
        if (told_alone) compare(before, fact);
        before = &fact;
    }
    return compared;
}

}  // namespace hw
