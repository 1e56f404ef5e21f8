// SPDX-License-Identifier: Apache-2.0
#include "connectors/stripe/parse_event.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/id.hpp"
#include "connectors/amounts.hpp"
#include "connectors/stripe/event_fields.hpp"
#include "connectors/stripe/recurring.hpp"

namespace hw::stripe {
namespace {

struct Event {
    const json::object& event;
    const json::object& object;  // data.object
    const json::object& before;  // data.previous_attributes
    std::string type;
};

// What most objects have.
PaymentFact base_fact(const Event& event, std::string_view kind) {
    PaymentFact fact;
    fact.fact_key = id_at(event.event, {"id"});
    fact.kind = kind;
    fact.anchor_id = id_at(event.object, {"id"});
    fact.at_ms = time_at(event.event, {"created"});
    fact.test = !flag_at(event.event, {"livemode"});
    fact.customer_id = id_at(event.object, {"customer"});
    fact.currency = ascii_lower(text_at(event.object, {"currency"}));
    const auto& metadata = object_at(event.object, {"metadata"});
    add_evidence(fact.evidence, metadata);
    fact.metadata = metadata_text(metadata);
    return fact;
}

Result<std::int64_t> amount_at(const json::object& object,
                               std::initializer_list<std::string_view> path,
                               std::string_view currency) {
    return wire_amount(int_at(object, path).value_or(0), currency);
}

// A click id, or what it is often set to. Whoever puts something else there means something else.
void add_reference(const json::object& session, PaymentEvidence& evidence) {
    constexpr std::string_view kPrefix = "dub_id_";
    auto reference = text_at(session, {"client_reference_id"});
    if (!evidence.click_id.empty()) return;
    if (reference.starts_with(kPrefix)) reference.erase(0, kPrefix.size());
    if (is_click_id(reference)) evidence.click_id = std::move(reference);
}

// The code itself is in the event only where somebody had it expanded.
void add_code(const json::object& object, PaymentEvidence& evidence) {
    for (const auto& each : array_at(object, {"discounts"})) {
        if (!evidence.code.empty()) return;
        if (each.is_object())
            evidence.code = text_at(each.get_object(), {"promotion_code", "code"});
    }
}

Result<PaymentFact> read_session(const Event& event) {
    auto fact = base_fact(event, "session");
    const auto& session = event.object;
    fact.checkout_id = fact.anchor_id;
    fact.invoice_id = id_at(session, {"invoice"});
    fact.intent_id = id_at(session, {"payment_intent"});
    fact.subscription_id = id_at(session, {"subscription"});
    fact.reason = text_at(session, {"mode"});
    fact.paid = text_at(session, {"payment_status"}) == "paid" && fact.reason != "setup";
    fact.email = text_at(session, {"customer_details", "email"});
    fact.name = text_at(session, {"customer_details", "name"});
    fact.gross = HW_TRY(amount_at(session, {"amount_total"}, fact.currency));
    fact.total = fact.gross;
    fact.tax = HW_TRY(amount_at(session, {"total_details", "amount_tax"}, fact.currency));
    fact.discount = HW_TRY(amount_at(session, {"total_details", "amount_discount"}, fact.currency));
    fact.net = fact.gross - fact.tax;
    add_code(session, fact.evidence);
    add_reference(session, fact.evidence);
    return fact;
}

std::int64_t sum_of(const json::array& amounts) {
    std::int64_t sum = 0;
    for (const auto& each : amounts) {
        if (each.is_object()) sum += int_at(each.get_object(), {"amount"}).value_or(0);
    }
    return sum;
}

// On the wire: the total without tax, by whichever field tells it.
std::int64_t untaxed_total(const json::object& invoice, std::int64_t total) {
    if (const auto untaxed = int_at(invoice, {"total_excluding_tax"})) return *untaxed;
    if (const auto tax = int_at(invoice, {"tax"})) return total - *tax;
    const auto& taxes = array_at(invoice, {"total_taxes"});
    return total - sum_of(taxes.empty() ? array_at(invoice, {"total_tax_amounts"}) : taxes);
}

void add_invoice_evidence(const json::object& invoice, PaymentFact& fact) {
    for (const auto& metadata : {object_at(invoice, {"parent", "subscription_details", "metadata"}),
                                 object_at(invoice, {"subscription_details", "metadata"})}) {
        add_evidence(fact.evidence, metadata);
        if (fact.metadata.empty()) fact.metadata = metadata_text(metadata);
    }
    const auto& lines = array_at(invoice, {"lines", "data"});
    if (!lines.empty() && lines.front().is_object()) {
        add_evidence(fact.evidence, object_at(lines.front().get_object(), {"metadata"}));
    }
    add_code(invoice, fact.evidence);
}

Result<PaymentFact> read_invoice(const Event& event) {
    auto fact = base_fact(event, "invoice");
    const auto& invoice = event.object;
    fact.invoice_id = fact.anchor_id;
    fact.intent_id = id_at(invoice, {"payment_intent"});
    fact.charge_id = id_at(invoice, {"charge"});
    fact.subscription_id = id_at(invoice, {"parent", "subscription_details", "subscription"});
    if (fact.subscription_id.empty()) fact.subscription_id = id_at(invoice, {"subscription"});
    fact.reason = text_at(invoice, {"billing_reason"});
    fact.paid = true;
    fact.email = text_at(invoice, {"customer_email"});
    fact.name = text_at(invoice, {"customer_name"});
    if (const auto paid_ms = time_at(invoice, {"status_transitions", "paid_at"}); paid_ms != 0) {
        fact.at_ms = paid_ms;
    }
    const auto paid = int_at(invoice, {"amount_paid"}).value_or(0);
    const auto total = int_at(invoice, {"total"}).value_or(paid);
    const auto& currency = fact.currency;
    fact.gross = HW_TRY(wire_amount(paid, currency));
    fact.total = HW_TRY(wire_amount(total, currency));
    const auto untaxed = HW_TRY(wire_amount(untaxed_total(invoice, total), currency));
    fact.net = connectors::net_of(fact.gross, fact.total, untaxed);
    fact.tax = fact.gross - fact.net;
    fact.discount =
        HW_TRY(wire_amount(sum_of(array_at(invoice, {"total_discount_amounts"})), currency));
    const auto recurring = recurring_of_lines(array_at(invoice, {"lines", "data"}), currency);
    fact.mrr_known = recurring.known;
    fact.mrr = recurring.per_month;
    add_invoice_evidence(invoice, fact);
    return fact;
}

// Ties an invoice to what paid it: since 2025 no other event does.
Result<PaymentFact> read_invoice_payment(const Event& event) {
    auto fact = base_fact(event, "join");
    fact.invoice_id = id_at(event.object, {"invoice"});
    fact.intent_id = id_at(event.object, {"payment", "payment_intent"});
    fact.charge_id = id_at(event.object, {"payment", "charge"});
    return fact;
}

// It tells a tax only where the merchant has put one in.
Result<PaymentFact> read_intent(const Event& event) {
    auto fact = base_fact(event, "intent");
    fact.intent_id = fact.anchor_id;
    fact.charge_id = id_at(event.object, {"latest_charge"});
    fact.invoice_id = id_at(event.object, {"invoice"});
    fact.email = text_at(event.object, {"receipt_email"});
    fact.paid = text_at(event.object, {"status"}) == "succeeded";
    fact.gross = HW_TRY(amount_at(event.object, {"amount_received"}, fact.currency));
    fact.total = fact.gross;
    const auto tax = HW_TRY(
        amount_at(event.object, {"amount_details", "tax", "total_tax_amount"}, fact.currency));
    fact.tax = std::clamp<std::int64_t>(tax, 0, fact.gross);
    fact.net = fact.gross - fact.tax;
    return fact;
}

// `gross` is all that was refunded so far, `total` what was taken.
Result<PaymentFact> read_charge(const Event& event) {
    auto fact = base_fact(event, "charge");
    const auto& charge = event.object;
    fact.charge_id = fact.anchor_id;
    fact.intent_id = id_at(charge, {"payment_intent"});
    fact.invoice_id = id_at(charge, {"invoice"});
    fact.email = text_at(charge, {"billing_details", "email"});
    if (fact.email.empty()) fact.email = text_at(charge, {"receipt_email"});
    fact.name = text_at(charge, {"billing_details", "name"});
    fact.total = HW_TRY(amount_at(charge, {"amount_captured"}, fact.currency));
    fact.gross = HW_TRY(amount_at(charge, {"amount_refunded"}, fact.currency));
    // Only authorized: nothing was taken yet. An event of a refund is no word of a payment.
    const bool takes = event.type == "charge.succeeded" || event.type == "charge.captured";
    fact.paid = takes && flag_at(charge, {"paid"}) && flag_at(charge, {"captured"});
    fact.net = fact.paid ? fact.total : 0;
    return fact;
}

Result<PaymentFact> read_refund(const Event& event) {
    auto fact = base_fact(event, "refund");
    fact.charge_id = id_at(event.object, {"charge"});
    fact.intent_id = id_at(event.object, {"payment_intent"});
    fact.status = text_at(event.object, {"status"});
    fact.reason = text_at(event.object, {"reason"});
    fact.gross = HW_TRY(amount_at(event.object, {"amount"}, fact.currency));
    // When it was made, whichever event tells it: what a charge sums up by then has it.
    if (const auto made_ms = time_at(event.object, {"created"}); made_ms != 0) fact.at_ms = made_ms;
    return fact;
}

PaymentFact refund_by_note(const Event& event, const std::string& refund_id) {
    auto fact = base_fact(event, "refund");
    fact.fact_key += ":" + refund_id;
    fact.anchor_id = refund_id;
    fact.invoice_id = id_at(event.object, {"invoice"});
    if (const auto made_ms = time_at(event.object, {"created"}); made_ms != 0) fact.at_ms = made_ms;
    return fact;
}

// What a credit note gives back of money that was taken: by refunds, which events of their own
// tell too, or by other means than Stripe's. What it puts on the customer's balance was not given
// back: the next invoice takes less for it.
Result<std::vector<PaymentFact>> read_credit_note(const Event& event) {
    std::vector<PaymentFact> facts;
    const auto currency = ascii_lower(text_at(event.object, {"currency"}));
    for (const auto& each : array_at(event.object, {"refunds"})) {
        if (!each.is_object()) continue;
        const auto refund_id = id_at(each.get_object(), {"refund"});
        if (refund_id.empty()) continue;
        auto fact = refund_by_note(event, refund_id);
        fact.gross = HW_TRY(amount_at(each.get_object(), {"amount_refunded"}, currency));
        facts.push_back(std::move(fact));
    }
    const auto outside = HW_TRY(amount_at(event.object, {"out_of_band_amount"}, currency));
    if (outside > 0) {
        auto fact = refund_by_note(event, id_at(event.object, {"id"}));
        fact.gross = outside;
        fact.reason = kRefundOutside;
        if (text_at(event.object, {"status"}) == "void") fact.status = "canceled";
        facts.push_back(std::move(fact));
    }
    return facts;
}

std::string dispute_state(std::string_view status) {
    if (status == "lost") return "lost";
    const bool won = status == "won" || status == "warning_closed" || status == "prevented";
    return won ? "won" : "open";
}

Result<PaymentFact> read_dispute(const Event& event) {
    auto fact = base_fact(event, "dispute");
    fact.charge_id = id_at(event.object, {"charge"});
    fact.intent_id = id_at(event.object, {"payment_intent"});
    fact.status = dispute_state(text_at(event.object, {"status"}));
    fact.reason = text_at(event.object, {"reason"});
    fact.gross = HW_TRY(amount_at(event.object, {"amount"}, fact.currency));
    return fact;
}

Result<PaymentFact> read_customer(const Event& event) {
    auto fact = base_fact(event, "customer");
    fact.customer_id = fact.anchor_id;
    fact.email = text_at(event.object, {"email"});
    fact.name = text_at(event.object, {"name"});
    fact.external_id = fact.evidence.customer_external_id;
    return fact;
}

// Both sides of the change are in the event, so that no order of events can matter.
Result<PaymentFact> read_subscription(const Event& event) {
    const bool ended = event.type == "customer.subscription.deleted";
    auto fact = base_fact(event, ended ? "subscription_ended" : "subscription");
    const auto& subscription = event.object;
    const auto& currency = fact.currency;
    fact.subscription_id = fact.anchor_id;
    fact.status = text_at(subscription, {"status"});
    fact.trial_end_ms = time_at(subscription, {"trial_end"});
    fact.ended_ms = time_at(subscription, {"ended_at"});
    fact.reason = text_at(subscription, {"cancellation_details", "reason"});
    const auto now = recurring_of_items(array_at(subscription, {"items", "data"}), currency);
    fact.plan = now.plan;
    fact.mrr_known = now.known;
    fact.mrr = now.per_month;
    if (event.type == "customer.subscription.created" || ended) return fact;
    const auto status_before = text_at(event.before, {"status"});
    fact.status_before = status_before.empty() ? fact.status : status_before;
    const auto& items_before = array_at(event.before, {"items", "data"});
    const auto before = recurring_of_items(
        items_before.empty() ? array_at(subscription, {"items", "data"}) : items_before, currency,
        items_before.empty() ? int_at(event.before, {"quantity"}) : std::nullopt);
    fact.plan_before = before.plan;
    fact.mrr_before = before.per_month;
    fact.mrr_known = now.known && before.known;
    return fact;
}

struct Reader {
    std::string_view type;  // of the event; one that ends with "." stands for all that begin so
    Result<PaymentFact> (*read)(const Event& event);
};

constexpr Reader kReaders[] = {
    {"checkout.session.completed", read_session},
    {"checkout.session.async_payment_succeeded", read_session},
    {"invoice.paid", read_invoice},
    {"invoice.payment_succeeded", read_invoice},
    {"invoice_payment.paid", read_invoice_payment},
    {"payment_intent.succeeded", read_intent},
    {"charge.succeeded", read_charge},
    {"charge.captured", read_charge},
    {"charge.refunded", read_charge},
    {"charge.refund.updated", read_refund},
    {"charge.dispute.", read_dispute},
    {"refund.", read_refund},
    {"customer.created", read_customer},
    {"customer.updated", read_customer},
    {"customer.subscription.created", read_subscription},
    {"customer.subscription.updated", read_subscription},
    {"customer.subscription.paused", read_subscription},
    {"customer.subscription.resumed", read_subscription},
    {"customer.subscription.deleted", read_subscription},
};

const Reader* reader_of(std::string_view type) {
    const auto* found = std::ranges::find_if(kReaders, [&](const Reader& reader) {
        return reader.type.ends_with('.') ? type.starts_with(reader.type) : type == reader.type;
    });
    return found == std::end(kReaders) ? nullptr : found;
}

}  // namespace

Result<DeliveryHead> read_event_head(std::string_view body) {
    const auto event = HW_TRY(connectors::parse_body(body));
    const auto object = text_at(event, {"object"});
    DeliveryHead head{.delivery_id = id_at(event, {"id"}),
                      .event_type = text_at(event, {"type"}),
                      .test = !flag_at(event, {"livemode"}),
                      .thin = object == "v2.core.event",
                      .account = id_at(event, {"account"}),
                      .api_version = text_at(event, {"api_version"})};
    if ((object != "event" && !head.thin) || head.delivery_id.empty() || head.event_type.empty()) {
        return connectors::not_an_event("an object with \"object\": \"event\", an id and a type");
    }
    return head;
}

Result<std::vector<PaymentFact>> parse_event(std::string_view body) {
    const auto whole = HW_TRY(connectors::parse_body(body));
    const Event event{.event = whole,
                      .object = object_at(whole, {"data", "object"}),
                      .before = object_at(whole, {"data", "previous_attributes"}),
                      .type = text_at(whole, {"type"})};
    std::vector<PaymentFact> facts;
    if (id_at(event.object, {"id"}).empty()) return facts;
    if (event.type.starts_with("credit_note.")) return read_credit_note(event);
    const auto* reader = reader_of(event.type);
    if (reader == nullptr) return facts;
    facts.push_back(HW_TRY(reader->read(event)));
    return facts;
}

}  // namespace hw::stripe
