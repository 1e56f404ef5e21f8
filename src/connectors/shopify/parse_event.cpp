// SPDX-License-Identifier: Apache-2.0
#include "connectors/shopify/parse_event.hpp"

#include <fmt/format.h>

#include "base/ascii.hpp"
#include "base/digest.hpp"
#include "connectors/amounts.hpp"
#include "connectors/json_fields.hpp"

namespace hw::shopify {
namespace {

namespace json = boost::json;
using namespace connectors;  // NOLINT(google-build-using-namespace): the words of this module

constexpr std::string_view kOrder = "shopify_order_";
constexpr std::string_view kRefund = "shopify_refund_";
constexpr std::string_view kCustomer = "shopify_customer_";

constexpr std::size_t kStatusBytesMax = 40;  // longer is no status of an order

// Nobody signs the headers, so the body alone says what it is.
bool is_refund(const json::object& body) {
    return body.contains("order_id") && body.contains("transactions");
}

bool is_order(const json::object& body) {
    return body.contains("financial_status") && body.contains("currency");
}

bool is_test(const json::object& body) {
    if (!is_refund(body)) return flag_at(body, {"test"});
    for (const auto& each : array_at(body, {"transactions"})) {
        if (each.is_object() && flag_at(each.get_object(), {"test"})) return true;
    }
    return false;
}

std::int64_t happened_ms(const json::object& body, std::int64_t otherwise_ms) {
    for (const auto* name : {"processed_at", "created_at"}) {
        if (const auto at_ms = moment_at(body, {name}); at_ms != 0) return at_ms;
    }
    return otherwise_ms;
}

// Notes of the cart, as one object.
json::object notes_of(const json::object& order) {
    json::object notes;
    for (const auto& each : array_at(order, {"note_attributes"})) {
        if (!each.is_object()) continue;
        const auto name = text_at(each.get_object(), {"name"});
        const auto* value = each.get_object().if_contains("value");
        if (!name.empty() && value != nullptr) notes[name] = *value;
    }
    return notes;
}

void add_person(const json::object& order, PaymentFact& fact) {
    fact.customer_id = numbered_id_at(order, {"customer", "id"}, kCustomer);
    fact.email = text_at(order, {"email"});
    if (fact.email.empty()) fact.email = text_at(order, {"customer", "email"});
    fact.name = text_at(order, {"customer", "first_name"});
    const auto last = text_at(order, {"customer", "last_name"});
    if (!fact.name.empty() && !last.empty()) fact.name += ' ';
    fact.name += last;
}

void add_notes(const json::object& order, PaymentFact& fact) {
    const auto notes = notes_of(order);
    add_evidence(fact.evidence, notes);
    fact.metadata = metadata_text(notes);
    for (const auto& each : array_at(order, {"discount_codes"})) {
        if (!fact.evidence.code.empty()) return;
        if (each.is_object()) fact.evidence.code = text_at(each.get_object(), {"code"});
    }
}

// What the shop takes, in its own currency. The order by now, or as it was placed.
Result<std::int64_t> shop_amount(const json::object& order, std::string_view name,
                                 std::string_view currency) {
    for (const auto& set : {fmt::format("current_{}_set", name), fmt::format("{}_set", name)}) {
        const auto& money = object_at(order, {set, "shop_money"});
        if (!money.empty()) return decimal_at(money, {"amount"}, currency);
    }
    const auto now = fmt::format("current_{}", name);
    return decimal_at(order, {order.contains(now) ? std::string_view(now) : name}, currency);
}

Result<PaymentFact> read_order(const json::object& order, std::int64_t received_at_ms) {
    PaymentFact fact;
    fact.kind = "session";
    fact.reason = "payment";
    fact.anchor_id = numbered_id_at(order, {"id"}, kOrder);
    fact.fact_key = fact.anchor_id + ":paid";
    fact.checkout_id = fact.anchor_id;
    fact.at_ms = happened_ms(order, received_at_ms);
    fact.test = is_test(order);
    fact.paid = true;
    fact.currency = ascii_lower(text_at(order, {"currency"}));
    add_person(order, fact);
    add_notes(order, fact);
    fact.gross = HW_TRY(shop_amount(order, "total_price", fact.currency));
    fact.total = fact.gross;
    fact.tax = HW_TRY(shop_amount(order, "total_tax", fact.currency));
    fact.discount = HW_TRY(shop_amount(order, "total_discounts", fact.currency));
    fact.net = fact.gross - fact.tax;
    return fact;
}

// The currency of the shop as the lines tell it; empty when there is none.
std::string shop_currency(const json::object& refund) {
    for (const auto& each : array_at(refund, {"refund_line_items"})) {
        if (!each.is_object()) continue;
        auto code = text_at(each.get_object(), {"subtotal_set", "shop_money", "currency_code"});
        if (!code.empty()) return ascii_lower(code);
    }
    return {};
}

Result<void> add_transaction(const json::object& transaction, const std::string& currency_of_shop,
                             PaymentFact& fact) {
    const bool moved =
        text_at(transaction, {"kind"}) == "refund" && text_at(transaction, {"status"}) == "success";
    if (!moved) return {};
    const auto currency = ascii_lower(text_at(transaction, {"currency"}));
    if (fact.currency.empty()) fact.currency = currency;
    const bool foreign = !currency_of_shop.empty() && currency != currency_of_shop;
    if (foreign || currency != fact.currency) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("transactions.currency: received \"{}\"; expected the \"{}\" of "
                                "the shop. Book this refund by hand.",
                                currency, foreign ? currency_of_shop : fact.currency),
                    "refund_in_other_currency");
    }
    const auto amount = HW_TRY(decimal_at(transaction, {"amount"}, currency));
    fact.gross += amount;
    return {};
}

Result<PaymentFact> read_refund(const json::object& refund, std::int64_t received_at_ms) {
    PaymentFact fact;
    fact.kind = "refund";
    fact.anchor_id = numbered_id_at(refund, {"id"}, kRefund);
    fact.fact_key = fact.anchor_id;
    fact.checkout_id = numbered_id_at(refund, {"order_id"}, kOrder);
    fact.at_ms = happened_ms(refund, received_at_ms);
    fact.test = is_test(refund);
    fact.status = "succeeded";
    const auto currency = shop_currency(refund);
    for (const auto& each : array_at(refund, {"transactions"})) {
        if (each.is_object()) HW_CHECK(add_transaction(each.get_object(), currency, fact));
    }
    return fact;
}

}  // namespace

Result<DeliveryHead> read_event_head(const InboundMessage& message) {
    const auto body = HW_TRY(parse_body(message.body));
    DeliveryHead head{.delivery_id = {}, .event_type = {}, .test = is_test(body)};
    if (is_refund(body)) {
        head.delivery_id = numbered_id_at(body, {"id"}, kRefund);
        head.event_type = "refunds/create";
    } else if (is_order(body)) {
        // Of each status the first delivery counts.
        auto status = text_at(body, {"financial_status"});
        if (status.empty() || status.size() > kStatusBytesMax) status = "unknown";
        head.delivery_id = numbered_id_at(body, {"id"}, kOrder);
        if (!head.delivery_id.empty()) head.delivery_id += ":" + status;
        head.event_type = "orders/" + status;
    } else if (!numbered_id_at(body, {"id"}, "").empty()) {
        head.delivery_id = "shopify_" + sha256_hex(message.body);
        head.event_type = "other";
    }
    if (!head.delivery_id.empty()) return head;
    return not_an_event("an order or a refund with an id");
}

Result<std::vector<PaymentFact>> parse_event(const InboundMessage& message) {
    const auto body = HW_TRY(parse_body(message.body));
    std::vector<PaymentFact> facts;
    if (numbered_id_at(body, {"id"}, "").empty()) return facts;
    if (is_refund(body)) {
        if (numbered_id_at(body, {"order_id"}, "").empty()) return facts;
        facts.push_back(HW_TRY(read_refund(body, message.received_at_ms)));
    } else if (is_order(body) && text_at(body, {"financial_status"}) == "paid") {
        facts.push_back(HW_TRY(read_order(body, message.received_at_ms)));
    }
    return facts;
}

}  // namespace hw::shopify
