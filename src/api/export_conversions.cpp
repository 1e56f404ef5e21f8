// SPDX-License-Identifier: Apache-2.0
#include "core/export_conversions.hpp"

#include "api/analytics_query.hpp"
#include "api/export.hpp"
#include "api/export_conversions.hpp"
#include "api/query.hpp"
#include "api/track_body.hpp"

namespace hw::api {
namespace {

constexpr ExportColumn kColumns[] = {
    {"id", "id"},
    {"event", "event"},
    {"eventName", "eventName"},
    {"timestamp", "timestamp"},
    {"customerId", "customerId"},
    {"customerExternalId", "customerExternalId"},
    {"amount", "amount"},
    {"currency", "currency"},
    {"convertedAmount", "convertedAmount"},
    {"convertedCurrency", "convertedCurrency"},
    {"paymentProcessor", "paymentProcessor"},
    {"invoiceId", "invoiceId"},
    {"rung", "rung"},
    {"confidence", "confidence"},
    {"reason", "reason"},
    {"linkId", "linkId"},
    {"shortLink", "shortLink"},
    {"partnerId", "partnerId"},
    {"clickId", "clickId"},
    {"decidedBy", "decidedBy"},
    {"decidedAt", "decidedAt"},
    {"metadata", "metadata"},
};

json::value address_of(const ListedConversion& found) {
    if (!found.domain) return nullptr;
    Link link;
    link.domain = *found.domain;
    link.key = found.key.value_or("");
    return json::value(short_link(link));
}

json::object row_of(const ListedConversion& found) {
    const auto& c = found.conversion;
    const auto& decision = found.decision;
    const bool lead = c.kind == "lead";
    return {{"id", c.conversion_id},
            {"event", lead ? "lead" : "sale"},
            {"eventName", c.event_name},
            {"timestamp", time_or_null(c.occurred_at_ms)},
            {"customerId", text_or_null(decision.customer_id)},
            {"customerExternalId", c.external_customer_id},
            {"amount", lead ? json::value(nullptr) : json::value(c.amount)},
            {"currency", lead ? json::value(nullptr) : json::value(c.currency)},
            {"convertedAmount", int_or_null(c.converted_amount)},
            {"convertedCurrency", text_or_null(c.converted_currency)},
            {"paymentProcessor", c.payment_processor},
            {"invoiceId", text_or_null(c.invoice_id)},
            {"rung", decision.rung},
            {"confidence", decision.confidence},
            {"reason", decision.reason},
            {"linkId", text_or_null(decision.link_id)},
            {"shortLink", address_of(found)},
            {"partnerId", text_or_null(decision.partner_id)},
            {"clickId", text_or_null(decision.touch_id)},
            {"decidedBy", decision.decided_by},
            {"decidedAt", time_or_null(decision.decided_at_ms)},
            {"metadata", json_or_null(c.metadata)}};
}

}  // namespace

Result<Work> export_conversions(const Call& call) {
    const auto query = call.request.query;
    ExportConversions input{.now_ms = call.env.now_ms(), .limit = limits::kExportRowsAtOnce};
    const auto event = HW_TRY(query_text(query, "event"));
    if (event == "clicks") {
        return std::unexpected(invalid_field(
            "invalid_value", "event", "Invalid option: expected one of \"leads\"|\"sales\""));
    }
    if (event) input.counting = HW_TRY(counting_of(*event, Allow::OneKind));
    input.range = HW_TRY(read_asked_range(query, kIntervalAll));
    auto read = [input = std::move(input)](Tx& tx, const std::string& after) -> Result<ExportPage> {
        auto found = HW_TRY(hw::export_conversions(tx, input, after));
        ExportPage page{.rows = {}, .after = std::move(found.after), .last = found.last};
        for (const auto& one : found.conversions) page.rows.push_back(row_of(one));
        return page;
    };
    return export_rows(call, {.name = "conversions", .columns = kColumns, .read = std::move(read)});
}

}  // namespace hw::api
