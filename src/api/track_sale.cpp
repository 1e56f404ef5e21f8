// SPDX-License-Identifier: Apache-2.0
#include "core/track_sale.hpp"
#include "base/ascii.hpp"

#include "api/first_party.hpp"
#include "api/json.hpp"
#include "api/json_text.hpp"
#include "api/track_body.hpp"
#include "api/track_sale.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

std::optional<std::string> not_empty(std::optional<std::string> text) {
    return text && !text->empty() ? std::move(text) : std::nullopt;
}

// The link key in the metadata, under the names that shops use.
std::string link_slug_of(const json::object& body) {
    const auto* metadata = body.if_contains("metadata");
    if (metadata == nullptr || !metadata->is_object()) return {};
    for (const auto* name : {"link_slug", "via", "ref"}) {
        const auto* slug = metadata->get_object().if_contains(name);
        if (slug == nullptr || !slug->is_string()) continue;
        std::string key(slug->get_string());
        return key.contains('\0') ? std::string() : key;  // which no key has and no row can hold
    }
    return {};
}

Result<std::int64_t> read_amount(const json::object& body) {
    return required_int(body, "amount",
                        {.min = 0,
                         .max = limits::kAmountMax,
                         .missing_message = "amount is required",
                         .too_small_message = "amount cannot be negative",
                         .too_big_message = "Too big: expected int to be <=9007199254740991"});
}

// What a page tells (`client`) is held to more than what a server tells.
Result<TrackSale> read_track_sale(const json::object& body, bool client) {
    TrackSale sale;
    const auto told = HW_TRY(read_external_id(body, client));
    sale.amount = HW_TRY(read_amount(body));
    const TextRule name_rule{.max_characters = limits::kEventNameCharactersMax, .nullable = false};
    const auto currency = HW_TRY(optional_text(body, "currency",
                                               {.max_characters = limits::kCurrencyCharactersMax,
                                                .trim = true,
                                                .nullable = false,
                                                .empty_message = "currency cannot be empty"}));
    sale.currency = ascii_lower(currency.value_or("usd"));
    sale.event_name = HW_TRY(optional_text(body, "eventName", name_rule)).value_or("Purchase");
    sale.payment_processor = HW_TRY(option_text(body, "paymentProcessor",
                                                {"stripe", "shopify", "polar", "paddle", "apple",
                                                 "revenuecat", "lemonsqueezy", "dub", "custom"},
                                                "custom"));
    sale.invoice_id = not_empty(HW_TRY(
        optional_text(body, "invoiceId", {.max_characters = limits::kInvoiceIdCharactersMax})));
    sale.metadata = HW_TRY(optional_metadata(body, "metadata"));
    sale.lead_event_name = not_empty(HW_TRY(
        optional_text(body, "leadEventName", {.max_characters = limits::kEventNameCharactersMax})));
    sale.click_id = HW_TRY(optional_text(body, "clickId", {.trim = true})).value_or("");
    sale.customer = HW_TRY(read_new_customer(body));
    sale.customer.external_id = HW_TRY(required_external_id(told));
    sale.link_slug = link_slug_of(body);
    auto code = HW_TRY(read_discount_code(body));
    sale.discount_code = std::move(code.anywhere);
    sale.told_code = std::move(code.told);
    return sale;
}

json::value customer_json(const std::optional<Customer>& customer) {
    if (!customer) return nullptr;
    return json::object{{"id", customer->customer_id},
                        {"name", customer->name},
                        {"email", text_or_null(customer->email)},
                        {"avatar", text_or_null(customer->avatar)},
                        {"externalId", customer->external_id}};
}

// Amount and currency after conversion; as told while no rate is known.
json::value sale_json(const std::optional<Conversion>& sale) {
    if (!sale) return nullptr;
    return json::object{{"amount", sale->converted_amount.value_or(sale->amount)},
                        {"currency", sale->converted_currency.value_or(sale->currency)},
                        {"paymentProcessor", sale->payment_processor},
                        {"invoiceId", text_or_null(sale->invoice_id)},
                        {"metadata", json_or_null(sale->metadata)}};
}

Answer answer_of(const TrackedSale& tracked) {
    auto answer =
        tracked.refusal
            ? refusal_answer(*tracked.refusal)
            : json_answer(json_text(json::object{{"eventName", tracked.event_name},
                                                 {"customer", customer_json(tracked.customer)},
                                                 {"sale", sale_json(tracked.sale)}}));
    answer.reason = tracked.reason;
    answer.conversion_id = tracked.conversion_id;
    if (tracked.told_otherwise) answer.headers.emplace_back("Idempotency-Mismatch", "true");
    return answer;
}

Result<Answer> answer_to(Tx& tx, const TrackSale& sale, const Call& call) {
    const auto once = [&]() -> Result<Answer> {
        return answer_of(HW_TRY(hw::track_sale(tx, sale)));
    };
    if (!sale.invoice_id) return once();
    return answer_once(tx, "invoice", *sale.invoice_id, call.request.body, once);
}

}  // namespace

Result<Work> track_sale(const Call& call) {
    const bool client = call.caller->publishable;
    const auto body = HW_TRY(parse_object(call.request.body));
    auto sale = HW_TRY(read_track_sale(body, client));
    if (client && sale.click_id.empty()) sale.click_id = kept_click(call.request);
    sale.reporting_currency = call.workspace().currency;
    return Work{Work::Mode::Write,
                [sale = std::move(sale), &call](Tx& tx) { return answer_to(tx, sale, call); }};
}

}  // namespace hw::api
