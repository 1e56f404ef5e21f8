// SPDX-License-Identifier: Apache-2.0
#include "api/event_json.hpp"

#include "api/customer_json.hpp"
#include "api/link_json.hpp"
#include "base/civil_time.hpp"
#include "base/link_key.hpp"

namespace hw {
namespace {

json::object customer_of(const Event& event) {
    if (event.customer) return customer_json(*event.customer);
    CustomerWithTotals deleted;
    deleted.customer.customer_id = event.conversion->customer_id.value_or("");
    deleted.customer.external_id = event.conversion->conversion.external_customer_id;
    deleted.customer.name = "Deleted Customer";
    deleted.customer.created_at_ms = event.at_ms;
    return customer_json(deleted);
}

void add_sale(json::object& out, const Conversion& sale) {
    out["sale"] = sale_json(sale);
    out["saleAmount"] = out["sale"].at("amount");
    out["invoice_id"] = sale.invoice_id.value_or("");
    out["payment_processor"] = sale.payment_processor;
}

void add_flat(json::object& out, const Event& event, const Touch& touch) {
    out["click_id"] = touch.touch_id;
    out["link_id"] = event.link.link.link_id;
    out["domain"] = event.link.link.domain;
    out["key"] = display_key(event.link.link.key);
    out["url"] = touch.url.empty() ? event.link.link.url : touch.url;
    out["continent"] = touch.continent;
    out["country"] = touch.country;
    out["city"] = touch.city;
    out["device"] = touch.device;
    out["browser"] = touch.browser;
    out["os"] = touch.os;
    out["qr"] = touch.trigger == "qr" ? 1 : 0;
    out["ip"] = "";
}

std::string_view event_name(const Event& event) {
    if (!event.conversion) return "click";
    return event.conversion->conversion.kind == "lead" ? "lead" : "sale";
}

}  // namespace

// IPs are not stored, and the query of a referrer is not told.
json::object click_json(const Touch& touch, std::int64_t at_ms) {
    const std::string referer_url = touch.referer_url;
    return {{"id", touch.touch_id},
            {"timestamp", time_text(at_ms)},
            {"url", touch.url},
            {"country", touch.country},
            {"city", touch.city},
            {"region", touch.region},
            {"continent", touch.continent},
            {"device", touch.device},
            {"browser", touch.browser},
            {"os", touch.os},
            {"ua", touch.user_agent},
            {"trigger", touch.trigger},
            {"referer", touch.referer},
            {"refererUrl", referer_url.substr(0, referer_url.find_first_of("?#"))},
            {"qr", touch.trigger == "qr"},
            {"ip", ""}};
}

json::object sale_json(const Conversion& sale) {
    const auto& currency = sale.converted_amount ? sale.converted_currency : sale.currency;
    return {{"amount", sale.converted_amount.value_or(sale.amount)},
            {"invoiceId", text_or_null(sale.invoice_id)},
            {"paymentProcessor", sale.payment_processor},
            {"currency", text_or_null(currency)}};
}

json::object event_json(const Event& event, std::string_view server_url) {
    const auto touch = event.touch.value_or(Touch{});
    json::object out{{"event", event_name(event)}, {"timestamp", time_text(event.at_ms)}};
    if (event.conversion) {
        const auto& conversion = event.conversion->conversion;
        out["eventId"] = event.id;
        out["eventName"] = conversion.event_name;
        out["metadata"] = json_or_null(conversion.metadata);
        out["customer"] = customer_of(event);
        if (conversion.kind != "lead") add_sale(out, conversion);
    }
    out["click"] = click_json(touch, event.touch ? touch.at_ms : event.at_ms);
    out["link"] = link_json({event.link.link, {}, {}}, server_url);
    add_flat(out, event, touch);
    return out;
}

}  // namespace hw
