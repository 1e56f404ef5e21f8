// SPDX-License-Identifier: Apache-2.0
#include "connectors/polar/parse_event.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "connectors/amounts.hpp"
#include "connectors/json_fields.hpp"

namespace hw::polar {
namespace {

namespace json = boost::json;
using namespace connectors;  // NOLINT(google-build-using-namespace): the words of this module

constexpr std::size_t kIdBytesMax = 255;  // ids of deliveries are indexed

struct Event {
    const json::object& data;
    std::string type;
    std::string delivery_id;
    std::int64_t at_ms;
};

void add_customer(const json::object& customer, PaymentFact& fact) {
    auto& external_id = fact.evidence.customer_external_id;
    if (external_id.empty()) external_id = id_at(customer, {"external_id"});
    add_evidence(fact.evidence, object_at(customer, {"metadata"}));
    fact.email = text_at(customer, {"email"});
    fact.name = text_at(customer, {"name"});
}

PaymentFact base_fact(const Event& event, std::string_view kind) {
    PaymentFact fact;
    fact.fact_key = event.delivery_id;
    fact.kind = kind;
    fact.anchor_id = id_at(event.data, {"id"});
    fact.at_ms = event.at_ms;
    fact.customer_id = id_at(event.data, {"customer_id"});
    fact.currency = ascii_lower(text_at(event.data, {"currency"}));
    const auto& metadata = object_at(event.data, {"metadata"});
    add_evidence(fact.evidence, metadata);
    fact.metadata = metadata_text(metadata);
    return fact;
}

PaymentFact order_fact(const Event& event, std::string_view kind) {
    auto fact = base_fact(event, kind);
    fact.invoice_id = fact.anchor_id;
    fact.checkout_id = id_at(event.data, {"checkout_id"});
    add_evidence(fact.evidence, object_at(event.data, {"subscription", "metadata"}));
    if (fact.evidence.code.empty()) fact.evidence.code = text_at(event.data, {"discount", "code"});
    add_customer(object_at(event.data, {"customer"}), fact);
    return fact;
}

Result<PaymentFact> read_order(const Event& event) {
    auto fact = order_fact(event, "invoice");
    fact.subscription_id = id_at(event.data, {"subscription_id"});
    const auto reason = text_at(event.data, {"billing_reason"});
    fact.reason = reason == "purchase" ? "manual" : reason;
    fact.paid = true;
    fact.total = HW_TRY(minor_at(event.data, {"total_amount"}));
    const auto tax = HW_TRY(minor_at(event.data, {"tax_amount"}));
    fact.discount = HW_TRY(minor_at(event.data, {"discount_amount"}));
    // Less than nothing: a credit paid that much of it. More: an old debt, which is no sale.
    const auto balance = HW_TRY(minor_at(event.data, {"applied_balance_amount"}));
    fact.gross = std::max<std::int64_t>(fact.total + std::min<std::int64_t>(balance, 0), 0);
    fact.net = net_of(fact.gross, fact.total, fact.total - tax);
    fact.tax = fact.gross - fact.net;
    return fact;
}

// An order sums up its refunds; `gross` with their tax.
Result<PaymentFact> read_refunded_order(const Event& event) {
    auto fact = order_fact(event, "charge");
    const auto untaxed = HW_TRY(minor_at(event.data, {"refunded_amount"}));
    fact.gross = untaxed + HW_TRY(minor_at(event.data, {"refunded_tax_amount"}));
    return fact;
}

// One that is pending has moved nothing yet.
Result<PaymentFact> read_refund(const Event& event) {
    auto fact = base_fact(event, "refund");
    fact.invoice_id = id_at(event.data, {"order_id"});
    fact.charge_id = fact.invoice_id;
    fact.reason = text_at(event.data, {"reason"});
    fact.status = text_at(event.data, {"status"});
    if (fact.status == "pending") fact.kind.clear();
    const auto untaxed = HW_TRY(minor_at(event.data, {"amount"}));
    fact.gross = untaxed + HW_TRY(minor_at(event.data, {"tax_amount"}));
    if (const auto made_ms = moment_at(event.data, {"created_at"}); made_ms != 0) {
        fact.at_ms = made_ms;
    }
    return fact;
}

Result<PaymentFact> read_subscription(const Event& event) {
    const bool made = event.type == "subscription.created";
    const bool ended = event.type == "subscription.revoked";
    auto fact = base_fact(event, ended  ? "subscription_ended"
                                 : made ? "subscription"
                                        : "subscription_state");
    const auto& data = event.data;
    fact.subscription_id = fact.anchor_id;
    fact.status = text_at(data, {"status"});
    fact.ended_ms = moment_at(data, {"ended_at"});
    fact.trial_end_ms = moment_at(data, {"trial_end"});
    fact.plan = id_at(data, {"product_id"});
    if (const auto seats = int_at(data, {"seats"})) fact.plan += "x" + std::to_string(*seats);
    add_customer(object_at(data, {"customer"}), fact);
    if (!int_at(data, {"amount"})) return fact;
    const auto amount = HW_TRY(minor_at(data, {"amount"}));
    MonthlySum sum;
    fact.mrr_known = sum.add_price(amount, 1, text_at(data, {"recurring_interval"}),
                                   int_at(data, {"recurring_interval_count"}).value_or(1));
    if (fact.mrr_known) fact.mrr = sum.rounded();
    return fact;
}

Result<PaymentFact> read_customer(const Event& event) {
    auto fact = base_fact(event, "customer");
    fact.customer_id = fact.anchor_id;
    add_customer(event.data, fact);
    fact.external_id = fact.evidence.customer_external_id;
    return fact;
}

struct Reader {
    std::string_view type;  // of the event; one that ends with "." stands for all that begin so
    Result<PaymentFact> (*read)(const Event& event);
};

constexpr Reader kReaders[] = {
    {"order.paid", read_order},           {"order.refunded", read_refunded_order},
    {"refund.created", read_refund},      {"refund.updated", read_refund},
    {"subscription.", read_subscription}, {"customer.created", read_customer},
    {"customer.updated", read_customer},
};

}  // namespace

Result<DeliveryHead> read_event_head(const InboundMessage& message) {
    const auto event = HW_TRY(parse_body(message.body));
    DeliveryHead head{.delivery_id = std::string(message.header("webhook-id")),
                      .event_type = text_at(event, {"type"}),
                      .tells_mode = false};
    const auto* data = event.if_contains("data");
    const bool whole = data != nullptr && data->is_object();
    const bool named = !head.delivery_id.empty() && head.delivery_id.size() <= kIdBytesMax;
    if (whole && named && !head.event_type.empty()) return head;
    return not_an_event("an object with type and data, and the header webhook-id");
}

Result<std::vector<PaymentFact>> parse_event(const InboundMessage& message) {
    const auto whole = HW_TRY(parse_body(message.body));
    const auto told_ms = moment_at(whole, {"timestamp"});
    const Event event{.data = object_at(whole, {"data"}),
                      .type = text_at(whole, {"type"}),
                      .delivery_id = std::string(message.header("webhook-id")),
                      .at_ms = told_ms == 0 ? message.received_at_ms : told_ms};
    std::vector<PaymentFact> facts;
    if (id_at(event.data, {"id"}).empty()) return facts;
    for (const auto& reader : kReaders) {
        const bool all = reader.type.ends_with('.');
        if (all ? !event.type.starts_with(reader.type) : event.type != reader.type) continue;
        auto fact = HW_TRY(reader.read(event));
        if (!fact.kind.empty()) facts.push_back(std::move(fact));
    }
    return facts;
}

}  // namespace hw::polar
