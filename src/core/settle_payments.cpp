// SPDX-License-Identifier: Apache-2.0
#include "core/settle_payments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/civil_time.hpp"
#include "base/digest.hpp"
#include "core/project_payments.hpp"
#include "core/record_dispute.hpp"
#include "core/record_refund.hpp"
#include "core/record_revenue.hpp"
#include "core/settle_commission.hpp"
#include "core/settle_movements.hpp"
#include "core/settle_trials.hpp"
#include "store/advisory_lock.hpp"
#include "store/payment_bookings.hpp"
#include "store/refunds.hpp"

namespace hw {
namespace {

// By then the invoice or the checkout that a payment intent has paid is told, if there is one: it
// knows the tax, and nobody is paid twice for one sale.
constexpr std::int64_t kBareWaitMs = kHourMs;

// How the booking of a bare payment begins to tell what it was told.
constexpr std::string_view kBare = "bare:";

std::optional<std::string> told(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

RecordRevenue revenue_of(std::string_view provider, const ProjectedPayment& payment) {
    RecordRevenue revenue;
    revenue.kind = payment.kind;
    revenue.payment_ids = payment.ids;
    revenue.payment_processor = provider;
    revenue.amount = payment.net;
    revenue.currency = payment.currency;
    revenue.occurred_at_ms = payment.paid_at_ms;
    revenue.customer_external_id = payment.external_id;
    revenue.processor_customer_id = payment.customer_id;
    revenue.customer_name = told(payment.name);
    revenue.customer_email = told(payment.email);
    revenue.subscription_id = told(payment.subscription_id);
    revenue.metadata = told(payment.metadata);
    revenue.evidence.click_id = payment.evidence.click_id;
    revenue.evidence.link_slug = payment.evidence.link_slug;
    revenue.evidence.code = payment.evidence.code;
    revenue.evidence.visitor_fingerprint = payment.evidence.visitor_fingerprint;
    revenue.evidence.session_id = payment.evidence.session_id;
    revenue.source = "webhook";
    revenue.test = payment.test;
    return revenue;
}

// Of everything that record_revenue looks at: told again as it was, nobody needs to look.
std::string digest_of(const RecordRevenue& revenue) {
    const auto& evidence = revenue.evidence;
    return sha256_hex(
        fmt::format("{}\n{}\n{} {} {} {}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", revenue.kind,
                    fmt::join(revenue.payment_ids, " "), revenue.amount, revenue.currency,
                    revenue.occurred_at_ms, revenue.test, revenue.customer_external_id,
                    revenue.processor_customer_id, revenue.customer_name.value_or(""),
                    revenue.customer_email.value_or(""), revenue.subscription_id.value_or(""),
                    revenue.metadata.value_or(""), evidence.click_id, evidence.link_slug,
                    evidence.code, evidence.visitor_fingerprint, evidence.session_id));
}

std::string sale_key(std::string_view payment_key) {
    return fmt::format("sale:{};", payment_key);  // no key begins with another
}

bool is_bare(const std::vector<PaymentBooking>& bookings) {
    return !bookings.empty() && bookings.back().told.starts_with(kBare);
}

// Whether it was booked by the word of its intent or charge, under the name that it had then.
bool was_bare(Tx& tx, std::string_view provider, const ProjectedPayment& payment,
              const std::vector<PaymentBooking>& before) {
    if (payment.bare) return false;
    if (!before.empty()) return is_bare(before);
    for (const auto& id : payment.ids) {
        for (const auto* prefix : {"pi:", "ch:"}) {
            if (is_bare(list_payment_bookings(tx, provider, sale_key(prefix + id)))) return true;
        }
    }
    return false;
}

Result<void> settle_sale(Tx& tx, std::string_view provider, const ProjectedPayment& payment,
                         SettledPayments& settled) {
    if (!payment.paid || payment.net <= 0) return {};
    if (payment.bare && tx.now_ms() < payment.paid_at_ms + kBareWaitMs) {
        settled.again_at_ms = std::max(settled.again_at_ms, payment.paid_at_ms + kBareWaitMs);
        return {};
    }
    auto revenue = revenue_of(provider, payment);
    PaymentBooking booking{.key = sale_key(payment.key)};
    const auto before = list_payment_bookings(tx, provider, booking.key);
    booking.told = (payment.bare ? std::string(kBare) : "") + digest_of(revenue);
    if (!before.empty() && before.back().told == booking.told) return {};
    revenue.corrects = was_bare(tx, provider, payment, before);
    const auto recorded = HW_TRY(record_revenue(tx, revenue));
    relabel_revenue(tx, recorded.conversion_id, payment.kind);
    if (recorded.is_new) ++settled.recorded;
    settled.told_otherwise = settled.told_otherwise || recorded.told_otherwise;
    booking.seq = before.empty() ? 1 : before.back().seq + 1;
    booking.amount = before.empty() ? payment.net : 0;
    booking.currency = payment.currency;
    booking.conversion_id = recorded.conversion_id;
    insert_payment_booking(tx, provider, booking);
    return {};
}

struct RefundsBooked {
    std::int64_t count = 0;
    std::int64_t amount = 0;
};

// What this processor's webhooks told of the payment so far, under whichever of its names.
RefundsBooked refunds_booked(Tx& tx, std::string_view begin, const ProjectedPayment& payment) {
    RefundsBooked booked;
    for (const auto& id : payment.ids) {
        for (const auto& refund : refunds_of(tx, tx.workspace_id(), invoice_alias(id))) {
            if (!refund.refund_key.starts_with(begin)) continue;
            ++booked.count;
            booked.amount += refund.amount;
        }
    }
    return booked;
}

// Only the difference to what was booked; less than nothing when a refund came to nothing. The
// numbers in the keys keep the order.
Result<void> settle_refunds(Tx& tx, std::string_view provider, const ProjectedPayment& payment) {
    const auto begin = fmt::format("webhook:{}:", provider);
    const auto booked = refunds_booked(tx, begin, payment);
    const auto missing = payment.net_refunded() - booked.amount;
    if (missing == 0) return {};
    Refund refund;
    refund.payment_alias = invoice_alias(payment.ids.front());
    refund.refund_key = fmt::format("{}{:06}:{}:{}", begin, booked.count + 1, payment.ids.front(),
                                    payment.net_refunded());
    refund.amount = missing;
    refund.currency = payment.currency;
    refund.reason = "webhook";
    refund.at_ms = payment.refunded_at_ms;
    HW_TRY(record_refund(tx, refund));
    return {};
}

// A dispute keeps the name of the payment under which it was told first: its verdict must find it.
std::string dispute_alias(Tx& tx, const ProjectedPayment& payment, std::string_view dispute_key) {
    for (const auto& id : payment.ids) {
        const auto alias = invoice_alias(id);
        const auto known = disputes_of(tx, tx.workspace_id(), alias);
        if (std::ranges::find(known, dispute_key, &Dispute::dispute_key) != known.end()) {
            return alias;
        }
    }
    return invoice_alias(payment.ids.front());
}

void settle_disputes(Tx& tx, const ProjectedPayment& payment) {
    for (const auto& dispute : payment.disputes) {
        record_dispute(tx, {.workspace_id = tx.workspace_id(),
                            .payment_alias = dispute_alias(tx, payment, dispute.dispute_id),
                            .dispute_key = dispute.dispute_id,
                            .state = dispute.state,
                            .at_ms = dispute.at_ms});
    }
}

std::set<std::string> subscriptions_of(const std::vector<PaymentFact>& facts) {
    std::set<std::string> ids;
    for (const auto& fact : facts) {
        if (!fact.subscription_id.empty()) ids.insert(fact.subscription_id);
    }
    return ids;
}

}  // namespace

void lock_payments(Tx& tx, std::string_view provider) {
    wait_advisory_lock(tx, fmt::format("payments:{}:{}", tx.workspace_id(), provider));
}

Result<SettledPayments> settle_payments(Tx& tx, std::string_view provider,
                                        std::string_view aggregate_id) {
    const auto facts = list_payment_facts(tx, provider, aggregate_id);
    const auto projection = project_payments(facts);
    SettledPayments settled;
    // Before the sales, which bring a lead of their own to those who have none.
    for (const auto& trial : projection.trials) settle_trial(tx, provider, trial);
    for (const auto& payment : projection.payments) {
        HW_CHECK(settle_sale(tx, provider, payment, settled));
        HW_CHECK(settle_refunds(tx, provider, payment));
        settle_disputes(tx, payment);
    }
    for (const auto& id : subscriptions_of(facts)) {
        HW_CHECK(settle_movements(tx, provider, id, projection));
    }
    return settled;
}

}  // namespace hw
