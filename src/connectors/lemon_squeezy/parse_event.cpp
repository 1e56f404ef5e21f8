// SPDX-License-Identifier: Apache-2.0
#include "connectors/lemon_squeezy/parse_event.hpp"

#include <fmt/format.h>

#include "base/ascii.hpp"
#include "base/civil_time.hpp"
#include "base/digest.hpp"
#include "connectors/amounts.hpp"
#include "connectors/json_fields.hpp"

namespace hw::lemon_squeezy {
namespace {

namespace json = boost::json;
using namespace connectors;  // NOLINT(google-build-using-namespace): the words of this module

// Its objects are numbered, each kind from 1.
constexpr std::string_view kOrder = "ls_order_";
constexpr std::string_view kInvoice = "ls_invoice_";
constexpr std::string_view kSubscription = "ls_sub_";
constexpr std::string_view kCustomer = "ls_customer_";
constexpr std::string_view kFirst = "ls_first_of_";  // the first payment of a subscription

struct Event {
    const json::object& event;
    const json::object& data;
    const json::object& fields;  // data.attributes
    std::string type;
    std::int64_t received_at_ms;
};

// Deliveries have no id: a change of an object is told by its name and the moment of the change.
std::string delivery_id_of(const json::object& event) {
    const auto told =
        fmt::format("{}\n{}\n{}\n{}", text_at(event, {"meta", "event_name"}),
                    text_at(event, {"data", "type"}), numbered_id_at(event, {"data", "id"}, ""),
                    text_at(event, {"data", "attributes", "updated_at"}));
    return "ls_" + sha256_hex(told);
}

PaymentFact base_fact(const Event& event, std::string_view kind, std::string_view prefix) {
    PaymentFact fact;
    fact.fact_key = delivery_id_of(event.event);
    fact.kind = kind;
    fact.anchor_id = numbered_id_at(event.data, {"id"}, prefix);
    fact.at_ms = moment_at(event.fields, {"updated_at"});
    if (fact.at_ms == 0) fact.at_ms = event.received_at_ms;
    fact.test = flag_at(event.fields, {"test_mode"}) || flag_at(event.event, {"meta", "test_mode"});
    fact.customer_id = numbered_id_at(event.fields, {"customer_id"}, kCustomer);
    fact.email = text_at(event.fields, {"user_email"});
    fact.name = text_at(event.fields, {"user_name"});
    fact.currency = ascii_lower(text_at(event.fields, {"currency"}));
    const auto& custom = object_at(event.event, {"meta", "custom_data"});
    add_evidence(fact.evidence, custom);
    fact.metadata = metadata_text(custom);
    return fact;
}

Result<void> add_money(const Event& event, PaymentFact& fact) {
    fact.gross = HW_TRY(minor_at(event.fields, {"total"}));
    fact.total = fact.gross;
    fact.tax = HW_TRY(minor_at(event.fields, {"tax"}));
    fact.discount = HW_TRY(minor_at(event.fields, {"discount_total"}));
    fact.net = fact.gross - fact.tax;
    if (const auto made_ms = moment_at(event.fields, {"created_at"}); made_ms != 0) {
        fact.at_ms = made_ms;
    }
    return {};
}

Result<PaymentFact> read_order(const Event& event) {
    auto fact = base_fact(event, "session", kOrder);
    fact.checkout_id = fact.anchor_id;
    fact.reason = "payment";
    fact.paid = text_at(event.fields, {"status"}) == "paid";
    HW_CHECK(add_money(event, fact));
    return fact;
}

std::string reason_of(std::string_view told) {
    if (told == "initial") return "subscription_create";
    return told == "updated" ? "subscription_update" : "subscription_cycle";
}

void add_invoice_names(const Event& event, PaymentFact& fact) {
    fact.invoice_id = fact.anchor_id;
    fact.subscription_id = numbered_id_at(event.fields, {"subscription_id"}, kSubscription);
    const bool first = text_at(event.fields, {"billing_reason"}) == "initial";
    if (!first) return;
    fact.intent_id = numbered_id_at(event.fields, {"subscription_id"}, kFirst);
}

Result<PaymentFact> read_invoice(const Event& event) {
    auto fact = base_fact(event, "invoice", kInvoice);
    add_invoice_names(event, fact);
    fact.reason = reason_of(text_at(event.fields, {"billing_reason"}));
    fact.paid = true;
    HW_CHECK(add_money(event, fact));
    return fact;
}

std::int64_t refunded_ms(const Event& event, std::int64_t otherwise_ms) {
    const auto told_ms = moment_at(event.fields, {"refunded_at"});
    return told_ms == 0 ? otherwise_ms : told_ms;
}

Result<std::int64_t> refunded_sum(const Event& event) {
    const auto* sum = value_at(event.fields, {"refunded_amount"});
    if (sum != nullptr && !sum->is_null()) return minor_at(event.fields, {"refunded_amount"});
    const bool whole = flag_at(event.fields, {"refunded"});
    if (whole) return minor_at(event.fields, {"total"});
    return 0;
}

// The order and the first invoice of a subscription may both tell of one refund: they are different
// kinds of facts, of which the one that knows more counts.
Result<PaymentFact> read_refunded_order(const Event& event) {
    auto fact = base_fact(event, "refund", kOrder);
    fact.checkout_id = fact.anchor_id;
    fact.status = "succeeded";
    fact.gross = HW_TRY(refunded_sum(event));
    fact.at_ms = refunded_ms(event, fact.at_ms);
    return fact;
}

Result<PaymentFact> read_refunded_invoice(const Event& event) {
    auto fact = base_fact(event, "charge", kInvoice);
    add_invoice_names(event, fact);
    fact.gross = HW_TRY(refunded_sum(event));
    fact.at_ms = refunded_ms(event, fact.at_ms);
    return fact;
}

std::string status_of(std::string_view told) {
    if (told == "on_trial") return "trialing";
    if (told == "cancelled") return "active";  // until what was paid for ends
    return told == "expired" ? "canceled" : std::string(told);
}

// No event tells an interval. Within a day of the start it is what lies before the renewal.
std::int64_t billed_months_365ths(const Event& event, std::int64_t trial_end_ms) {
    const auto told_ms = moment_at(event.fields, {"updated_at"});
    const auto renewal_ms = moment_at(event.fields, {"renews_at"});
    auto start_ms = moment_at(event.fields, {"created_at"});
    if (trial_end_ms != 0) start_ms = trial_end_ms;
    const auto since_ms = told_ms - start_ms;
    const bool at_start = start_ms != 0 && since_ms >= 0 && since_ms < kDayMs;
    const auto period_ms = renewal_ms - start_ms;
    if (!at_start || period_ms < kDayMs || period_ms > 10 * 366 * kDayMs) return 0;
    return months_times_365(period_ms / kSecondMs);
}

Result<PaymentFact> read_subscription(const Event& event) {
    const bool made = event.type == "subscription_created";
    const bool ended = event.type == "subscription_expired";
    auto fact = base_fact(event,
                          ended  ? "subscription_ended"
                          : made ? "subscription"
                                 : "subscription_state",
                          kSubscription);
    fact.subscription_id = fact.anchor_id;
    fact.status = status_of(text_at(event.fields, {"status"}));
    fact.trial_end_ms = moment_at(event.fields, {"trial_ends_at"});
    if (ended) fact.ended_ms = moment_at(event.fields, {"ends_at"});
    fact.plan =
        fmt::format("{}x{}", numbered_id_at(event.fields, {"variant_id"}, "variant_"),
                    int_at(event.fields, {"first_subscription_item", "quantity"}).value_or(1));
    if (!ended) fact.billed_months_365ths = billed_months_365ths(event, fact.trial_end_ms);
    return fact;
}

// An order is the first payment of the subscription that it made.
PaymentFact join_of(const Event& event) {
    PaymentFact join = base_fact(event, "join", kOrder);
    join.fact_key += ":join";
    join.anchor_id = numbered_id_at(event.fields, {"order_id"}, kOrder);
    join.checkout_id = join.anchor_id;
    join.subscription_id = numbered_id_at(event.data, {"id"}, kSubscription);
    join.intent_id = numbered_id_at(event.data, {"id"}, kFirst);
    return join;
}

struct Reader {
    std::string_view type;
    Result<PaymentFact> (*read)(const Event& event);
};

constexpr Reader kReaders[] = {
    {"order_created", read_order},
    {"order_refunded", read_refunded_order},
    {"subscription_payment_success", read_invoice},
    {"subscription_payment_recovered", read_invoice},
    {"subscription_payment_refunded", read_refunded_invoice},
    {"subscription_created", read_subscription},
    {"subscription_updated", read_subscription},
    {"subscription_cancelled", read_subscription},
    {"subscription_resumed", read_subscription},
    {"subscription_paused", read_subscription},
    {"subscription_unpaused", read_subscription},
    {"subscription_expired", read_subscription},
};

}  // namespace

Result<DeliveryHead> read_event_head(const InboundMessage& message) {
    const auto event = HW_TRY(parse_body(message.body));
    DeliveryHead head{.delivery_id = delivery_id_of(event),
                      .event_type = text_at(event, {"meta", "event_name"})};
    head.test = flag_at(event, {"meta", "test_mode"}) ||
                flag_at(event, {"data", "attributes", "test_mode"});
    if (!head.event_type.empty() && !numbered_id_at(event, {"data", "id"}, "").empty()) return head;
    return not_an_event("an object with meta.event_name and data.id");
}

Result<std::vector<PaymentFact>> parse_event(const InboundMessage& message) {
    const auto whole = HW_TRY(parse_body(message.body));
    const Event event{.event = whole,
                      .data = object_at(whole, {"data"}),
                      .fields = object_at(whole, {"data", "attributes"}),
                      .type = text_at(whole, {"meta", "event_name"}),
                      .received_at_ms = message.received_at_ms};
    std::vector<PaymentFact> facts;
    if (numbered_id_at(event.data, {"id"}, "").empty()) return facts;
    for (const auto& reader : kReaders) {
        if (event.type != reader.type) continue;
        facts.push_back(HW_TRY(reader.read(event)));
        if (reader.read != read_subscription) continue;
        auto join = join_of(event);
        if (!join.anchor_id.empty()) facts.push_back(std::move(join));
    }
    return facts;
}

}  // namespace hw::lemon_squeezy
