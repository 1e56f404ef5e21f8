// SPDX-License-Identifier: Apache-2.0
#include "core/project_payments.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/compare_snapshots.hpp"
#include "core/project_movements.hpp"
#include "core/tie_lone_intents.hpp"

namespace hw {
namespace {

__extension__ using Int128 = __int128;  // products of two amounts

using Facts = std::vector<const PaymentFact*>;

constexpr std::string PaymentFact::* kPaymentNames[] = {
    &PaymentFact::invoice_id, &PaymentFact::intent_id, &PaymentFact::checkout_id,
    &PaymentFact::charge_id};

// How a key begins, in the order of kPaymentNames: the best name first.
constexpr std::string_view kPrefixes[] = {"in:", "pi:", "cs:", "ch:"};

// Which names belong to one payment. Not by customer or subscription: those have many payments.
class PaymentNames {
  public:
    void add(const PaymentFact& fact) {
        std::string first;
        for (const auto member : kPaymentNames) {
            const auto& name = fact.*member;
            if (name.empty()) continue;
            if (first.empty()) first = root(name);
            const auto other = root(name);
            parents_[std::max(first, other)] = std::min(first, other);
            first = std::min(first, other);
        }
    }

    // Empty for a fact about no payment.
    std::string root_of(const PaymentFact& fact) const {
        for (const auto member : kPaymentNames) {
            if (!(fact.*member).empty()) return root(fact.*member);
        }
        return {};
    }

  private:
    std::string root(std::string name) const {
        for (auto found = parents_.find(name); found != parents_.end() && found->second != name;
             found = parents_.find(name)) {
            name = found->second;
        }
        return name;
    }

    std::map<std::string, std::string> parents_;
};

PaymentGroups groups_of(const Facts& facts, const PaymentNames& names) {
    PaymentGroups groups;
    for (const auto* fact : facts) {
        if (const auto root = names.root_of(*fact); !root.empty()) groups[root].push_back(fact);
    }
    return groups;
}

// Which subscriptions were seen in a trial, and when each was first paid for.
struct SubscriptionBook {
    std::set<std::string> tried;
    std::map<std::string, std::pair<std::int64_t, std::string>> first_paid;
    std::set<std::string> created_paid;  // by an invoice that says so
};

SubscriptionBook book_of(const Facts& facts) {
    SubscriptionBook book;
    for (const auto* fact : facts) {
        const auto& id = fact->subscription_id;
        if (id.empty()) continue;
        if (fact->status == "trialing" || fact->status_before == "trialing") book.tried.insert(id);
        if (fact->kind != "invoice") continue;
        const bool creates = fact->reason == "subscription_create";
        if (creates && fact->total == 0) book.tried.insert(id);
        if (fact->gross <= 0) continue;
        if (creates) book.created_paid.insert(id);
        const std::pair when{fact->at_ms, fact->invoice_id};
        const auto [entry, fresh] = book.first_paid.emplace(id, when);
        if (!fresh) entry->second = std::min(entry->second, when);
    }
    return book;
}

// The first payment after a trial is billed as a renewal, and is none.
bool ends_trial(const PaymentFact& invoice, const SubscriptionBook& book) {
    const auto& id = invoice.subscription_id;
    return book.tried.contains(id) && !book.created_paid.contains(id) &&
           book.first_paid.at(id).second == invoice.invoice_id;
}

std::string kind_of(const PaymentFact& money, const SubscriptionBook& book) {
    if (is_bare_payment(money)) return "purchase";
    if (money.kind == "session") {
        return money.reason == "subscription" ? "subscription" : "purchase";
    }
    if (money.subscription_id.empty()) return "purchase";
    if (money.reason == "subscription_create" || money.reason == "quote_accept") {
        return "subscription";
    }
    if (money.reason == "subscription_update") return "upgrade";
    return ends_trial(money, book) ? "subscription" : "renewal";
}

// An invoice knows more of the money than the checkout that made it, and both more than what paid
// them.
const PaymentFact* money_of(const Facts& facts) {
    for (const auto* kind : {"invoice", "session", "intent", "charge"}) {
        for (const auto* fact : facts) {
            const bool is_money = is_itemized_payment(*fact) || is_bare_payment(*fact);
            if (fact->kind == kind && is_money) return fact;
        }
    }
    return nullptr;
}

std::int64_t first_paid_ms(const Facts& facts, std::int64_t at_ms) {
    for (const auto* fact : facts) {
        const bool is_money = is_itemized_payment(*fact) || is_bare_payment(*fact);
        if (is_money) at_ms = std::min(at_ms, fact->at_ms);
    }
    return at_ms;
}

bool has_failed(std::string_view status) {
    return status == "failed" || status == "canceled";
}

struct RefundTold {
    std::string charge_id;
    std::int64_t amount = 0;
    std::int64_t at_ms = 0;
    bool failed = false;
    bool outside = false;  // the processor did not send the money, and no charge knows of it
};

std::map<std::string, RefundTold> refunds_in(const Facts& facts) {
    std::map<std::string, RefundTold> refunds;
    for (const auto* fact : facts) {
        if (fact->kind != "refund") continue;
        auto& told = refunds[fact->anchor_id];
        told.failed = told.failed || has_failed(fact->status);
        told.outside = told.outside || fact->reason == kRefundOutside;
        told.amount = std::max(told.amount, fact->gross);
        told.at_ms = fact->at_ms;
        told.charge_id = std::max(told.charge_id, fact->charge_id);
    }
    return refunds;
}

// A charge tells the sum of its refunds by then, a refund tells itself. Whichever knows more is
// right, without the refunds that came to nothing.
void add_refunds(const Facts& facts, ProjectedPayment& payment) {
    const auto refunds = refunds_in(facts);
    std::int64_t live = 0;
    std::int64_t outside = 0;
    for (const auto& [id, refund] : refunds) {
        if (refund.failed) continue;
        (refund.outside ? outside : live) += refund.amount;
        payment.refunded_at_ms = std::max(payment.refunded_at_ms, refund.at_ms);
    }
    std::map<std::string, std::int64_t> by_charge;
    for (const auto* fact : facts) {
        if (fact->kind != "charge" || fact->gross == 0) continue;
        auto sum = fact->gross;
        for (const auto& [id, refund] : refunds) {
            const bool within = refund.charge_id == fact->anchor_id && refund.at_ms <= fact->at_ms;
            if (refund.failed && within) sum -= refund.amount;
        }
        auto& most = by_charge[fact->anchor_id];
        most = std::max(most, sum);
        payment.refunded_at_ms = std::max(payment.refunded_at_ms, fact->at_ms);
    }
    std::int64_t told = 0;
    for (const auto& [id, sum] : by_charge) told += sum;
    payment.refunded = std::max(live, told) + outside;
}

void add_disputes(const Facts& facts, ProjectedPayment& payment) {
    std::map<std::string, ProjectedDispute> disputes;
    const auto rank = [](std::string_view state) {
        return state == "lost" ? 2 : state == "won" ? 1 : 0;
    };
    for (const auto* fact : facts) {
        if (fact->kind != "dispute") continue;
        auto& dispute = disputes[fact->anchor_id];
        if (dispute.state.empty() || rank(fact->status) > rank(dispute.state)) {
            dispute.state = fact->status;
        }
        dispute.dispute_id = fact->anchor_id;
        dispute.amount = std::max(dispute.amount, fact->gross);
        dispute.at_ms = std::max(dispute.at_ms, fact->at_ms);
    }
    for (auto& [id, dispute] : disputes) payment.disputes.push_back(std::move(dispute));
}

void fill(std::string& known, const std::string& told) {
    if (known.empty()) known = told;
}

// What one fact says of who paid and how they came, where nothing better said it.
void fill_person(ProjectedPayment& payment, const PaymentFact& fact) {
    fill(payment.customer_id, fact.customer_id);
    fill(payment.subscription_id, fact.subscription_id);
    fill(payment.email, fact.email);
    fill(payment.name, fact.name);
    fill(payment.metadata, fact.metadata);
    fill(payment.currency, fact.currency);
    fill_evidence(payment.evidence, fact.evidence);
}

// The best source first: the money itself, what else is about this payment, its subscription, its
// customer.
void add_person(const PaymentFact* money, const Facts& own, const Facts& all,
                ProjectedPayment& payment) {
    if (money != nullptr) fill_person(payment, *money);
    for (const auto* kind : {"session", "invoice", "intent", "charge", "refund", "dispute"}) {
        for (const auto* fact : own) {
            if (fact->kind == kind) fill_person(payment, *fact);
        }
    }
    for (const auto* fact : all) {
        const bool mine =
            !payment.subscription_id.empty() && fact->subscription_id == payment.subscription_id;
        const bool of_life = fact->kind == "subscription" || fact->kind == "session";
        if (!mine || !of_life) continue;
        fill(payment.customer_id, fact->customer_id);
        fill_evidence(payment.evidence, fact->evidence);
    }
    for (const auto* fact : all) {
        if (fact->kind != "customer" || fact->customer_id != payment.customer_id) continue;
        fill(payment.email, fact->email);
        fill(payment.name, fact->name);
        fill_evidence(payment.evidence, fact->evidence);
    }
    payment.external_id = payment.evidence.customer_external_id;
}

void add_names(const Facts& own, ProjectedPayment& payment) {
    for (std::size_t i = 0; i < std::size(kPaymentNames); ++i) {
        std::set<std::string> names;
        for (const auto* fact : own) {
            const auto& name = fact->*kPaymentNames[i];
            if (!name.empty()) names.insert(name);
        }
        if (names.empty()) continue;
        if (payment.key.empty()) payment.key = std::string(kPrefixes[i]) + *names.begin();
        payment.ids.insert(payment.ids.end(), names.begin(), names.end());
    }
}

ProjectedPayment payment_of(const Facts& own, const Facts& all, const SubscriptionBook& book) {
    ProjectedPayment payment;
    const auto* money = money_of(own);
    add_names(own, payment);
    add_refunds(own, payment);
    add_disputes(own, payment);
    add_person(money, own, all, payment);
    payment.test = std::ranges::any_of(own, &PaymentFact::test);
    if (money == nullptr) return payment;
    payment.paid = true;
    payment.bare = is_bare_payment(*money);
    payment.kind = kind_of(*money, book);
    // The gross of a charge is what was refunded of it.
    payment.gross = money->kind == "charge" ? money->total : money->gross;
    payment.tax = money->tax;
    payment.discount = money->discount;
    payment.net = money->net;
    payment.paid_at_ms = first_paid_ms(own, money->at_ms);
    return payment;
}

std::vector<ProjectedCustomer> customers_of(const Facts& facts) {
    std::map<std::string, ProjectedCustomer> customers;
    for (const auto* fact : facts) {
        if (fact->kind != "customer") continue;
        // The latest word counts.
        auto& customer = customers[fact->customer_id];
        customer.customer_id = fact->customer_id;
        if (!fact->external_id.empty()) customer.external_id = fact->external_id;
        if (!fact->email.empty()) customer.email = fact->email;
        if (!fact->name.empty()) customer.name = fact->name;
    }
    std::vector<ProjectedCustomer> list;
    for (auto& [id, customer] : customers) list.push_back(std::move(customer));
    return list;
}

Facts pointers_to(const std::vector<PaymentFact>& facts) {
    Facts all;
    for (const auto& fact : facts) all.push_back(&fact);
    return all;
}

}  // namespace

std::int64_t ProjectedPayment::net_refunded() const {
    if (!paid || gross <= 0) return refunded;
    const auto back = std::min(refunded, gross);
    return static_cast<std::int64_t>((Int128{net} * back * 2 + gross) / (Int128{gross} * 2));
}

PaymentProjection project_payments(std::span<const PaymentFact> facts) {
    const auto compared = compare_snapshots(facts);
    const auto all = pointers_to(compared);
    const auto book = book_of(all);
    PaymentNames names;
    for (const auto* fact : all) names.add(*fact);
    const auto ties = tie_lone_intents(groups_of(all, names));
    for (const auto& tie : ties) names.add(tie);
    const auto groups = groups_of(all, names);
    PaymentProjection projection;
    for (const auto& [root, own] : groups) {
        auto payment = payment_of(own, all, book);
        const bool says_something =
            payment.paid || payment.refunded != 0 || !payment.disputes.empty();
        if (says_something) projection.payments.push_back(std::move(payment));
    }
    std::ranges::sort(projection.payments, {}, &ProjectedPayment::key);
    projection.customers = customers_of(all);
    projection.movements = project_movements(all, projection.payments);
    projection.trials = project_trials(all);
    return projection;
}

}  // namespace hw
