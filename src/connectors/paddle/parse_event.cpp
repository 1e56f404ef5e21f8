// SPDX-License-Identifier: Apache-2.0
#include "connectors/paddle/parse_event.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "connectors/amounts.hpp"
#include "connectors/json_fields.hpp"

namespace hw::paddle {
namespace {

namespace json = boost::json;
using namespace connectors;  // NOLINT(google-build-using-namespace): the words of this module

struct Event {
    const json::object& event;
    const json::object& data;
    std::string type;
    std::int64_t at_ms;
};

PaymentFact base_fact(const Event& event, std::string_view kind) {
    PaymentFact fact;
    fact.fact_key = id_at(event.event, {"event_id"});
    fact.kind = kind;
    fact.anchor_id = id_at(event.data, {"id"});
    fact.at_ms = event.at_ms;
    fact.customer_id = id_at(event.data, {"customer_id"});
    fact.currency = ascii_lower(text_at(event.data, {"currency_code"}));
    const auto& custom = object_at(event.data, {"custom_data"});
    add_evidence(fact.evidence, custom);
    fact.metadata = metadata_text(custom);
    return fact;
}

// When the money came, where a payment tells it.
std::int64_t captured_ms(const json::object& transaction) {
    std::int64_t first = 0;
    for (const auto& each : array_at(transaction, {"payments"})) {
        if (!each.is_object() || text_at(each.get_object(), {"status"}) != "captured") continue;
        const auto at_ms = moment_at(each.get_object(), {"captured_at"});
        if (at_ms != 0 && (first == 0 || at_ms < first)) first = at_ms;
    }
    return first;
}

std::string reason_of(std::string_view origin, bool of_subscription) {
    if (!of_subscription) return "manual";
    if (origin == "subscription_update") return "subscription_update";
    const bool begins = origin == "web" || origin == "api";
    return begins ? "subscription_create" : "subscription_cycle";
}

Result<PaymentFact> read_transaction(const Event& event) {
    auto fact = base_fact(event, "invoice");
    const auto& data = event.data;
    const auto origin = text_at(data, {"origin"});
    fact.invoice_id = fact.anchor_id;
    // A charge on top of a subscription is a purchase of its own.
    if (origin != "subscription_charge") fact.subscription_id = id_at(data, {"subscription_id"});
    fact.reason = reason_of(origin, !fact.subscription_id.empty());
    fact.paid = true;
    if (const auto paid_ms = captured_ms(data); paid_ms != 0) fact.at_ms = paid_ms;
    const auto& totals = object_at(data, {"details", "totals"});
    fact.total = HW_TRY(minor_at(totals, {"total"}));
    fact.gross = fact.total;
    if (totals.contains("grand_total")) fact.gross = HW_TRY(minor_at(totals, {"grand_total"}));
    const auto tax = HW_TRY(minor_at(totals, {"tax"}));
    fact.discount = HW_TRY(minor_at(totals, {"discount"}));
    fact.net = net_of(fact.gross, fact.total, fact.total - tax);
    fact.tax = fact.gross - fact.net;
    return fact;
}

struct Recurring {
    bool known = false;
    std::int64_t per_month = 0;
    std::string plan;
};

bool add_item(const json::object& item, MonthlySum& sum) {
    const auto amount = minor_at(item, {"price", "unit_price", "amount"});
    const auto* told = value_at(item, {"price", "unit_price", "amount"});
    const auto& cycle = object_at(item, {"price", "billing_cycle"});
    return told != nullptr && amount &&
           sum.add_price(*amount, int_at(item, {"quantity"}).value_or(1),
                         text_at(cycle, {"interval"}), int_at(cycle, {"frequency"}).value_or(1));
}

Recurring recurring_of(const json::array& items) {
    Recurring found{.known = !items.empty(), .per_month = 0, .plan = {}};
    MonthlySum sum;
    std::vector<std::string> plan;
    for (const auto& each : items) {
        if (!each.is_object()) continue;
        const auto& item = each.get_object();
        const auto* recurring = value_at(item, {"recurring"});
        if (recurring != nullptr && recurring->is_bool() && !recurring->get_bool()) continue;
        plan.push_back(
            fmt::format("{}x{}", id_at(item, {"price"}), int_at(item, {"quantity"}).value_or(1)));
        if (!add_item(item, sum)) found.known = false;
    }
    std::ranges::sort(plan);
    found.plan = fmt::format("{}", fmt::join(plan, "+"));
    if (found.known) found.per_month = sum.rounded();
    return found;
}

std::int64_t trial_end_ms(const json::array& items) {
    std::int64_t last = 0;
    for (const auto& each : items) {
        if (!each.is_object()) continue;
        last = std::max(last, moment_at(each.get_object(), {"trial_dates", "ends_at"}));
    }
    return last;
}

Result<PaymentFact> read_subscription(const Event& event) {
    const bool made = event.type == "subscription.created";
    const bool ended = event.type == "subscription.canceled";
    auto fact = base_fact(event, ended  ? "subscription_ended"
                                 : made ? "subscription"
                                        : "subscription_state");
    const auto& items = array_at(event.data, {"items"});
    fact.subscription_id = fact.anchor_id;
    fact.status = text_at(event.data, {"status"});
    fact.ended_ms = moment_at(event.data, {"canceled_at"});
    fact.trial_end_ms = trial_end_ms(items);
    const auto recurring = recurring_of(items);
    fact.plan = recurring.plan;
    fact.mrr_known = recurring.known;
    fact.mrr = recurring.per_month;
    return fact;
}

// Nothing as long as nobody has decided, and for credits, which move no money.
Result<PaymentFact> read_adjustment(const Event& event) {
    auto fact = base_fact(event, "refund");
    const auto action = text_at(event.data, {"action"});
    const auto status = text_at(event.data, {"status"});
    fact.invoice_id = id_at(event.data, {"transaction_id"});
    fact.reason = action;
    fact.gross = HW_TRY(minor_at(event.data, {"totals", "total"}));
    if (action.starts_with("chargeback_warning")) {
        fact.kind = "dispute";
        fact.anchor_id = fact.invoice_id + ":warning";
        fact.status = action == "chargeback_warning" ? "open" : "won";
        return fact;
    }
    if (status == "approved") fact.status = "succeeded";
    if (status == "rejected" || status == "reversed") fact.status = "failed";
    const bool back = action == "chargeback_reverse";
    if (action == "chargeback" || back) {
        // What takes a chargeback back is an adjustment of its own.
        fact.anchor_id = fact.invoice_id + ":chargeback";
        if (back && fact.status == "succeeded") fact.status = "failed";
    } else if (action != "refund") {
        fact.status.clear();
    }
    if (fact.status.empty()) fact.kind.clear();
    return fact;
}

Result<PaymentFact> read_customer(const Event& event) {
    auto fact = base_fact(event, "customer");
    fact.customer_id = fact.anchor_id;
    fact.email = text_at(event.data, {"email"});
    fact.name = text_at(event.data, {"name"});
    fact.external_id = fact.evidence.customer_external_id;
    return fact;
}

struct Reader {
    std::string_view type;  // of the event; one that ends with "." stands for all that begin so
    Result<PaymentFact> (*read)(const Event& event);
};

constexpr Reader kReaders[] = {
    {"transaction.completed", read_transaction}, {"adjustment.", read_adjustment},
    {"subscription.", read_subscription},        {"customer.created", read_customer},
    {"customer.updated", read_customer},
};

}  // namespace

Result<DeliveryHead> read_event_head(const InboundMessage& message) {
    const auto event = HW_TRY(parse_body(message.body));
    DeliveryHead head{.delivery_id = id_at(event, {"event_id"}),
                      .event_type = text_at(event, {"event_type"}),
                      .tells_mode = false};
    if (!head.delivery_id.empty() && !head.event_type.empty()) return head;
    return not_an_event("an object with event_id and event_type");
}

Result<std::vector<PaymentFact>> parse_event(const InboundMessage& message) {
    const auto whole = HW_TRY(parse_body(message.body));
    const auto told_ms = moment_at(whole, {"occurred_at"});
    const Event event{.event = whole,
                      .data = object_at(whole, {"data"}),
                      .type = text_at(whole, {"event_type"}),
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

}  // namespace hw::paddle
