// SPDX-License-Identifier: Apache-2.0
#include "api/commission_body.hpp"

#include <fmt/format.h>

#include <set>

#include "base/ascii.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

constexpr TextRule kId{.max_characters = limits::kExternalIdCharactersMax, .trim = true};

IntRule amount_rule(std::int64_t min) {
    return {.min = min,
            .max = limits::kCommissionAmountMax,
            .missing_message = {},
            .too_small_message = min > 0 ? "Amount must be greater than 0."
                                         : "Amount must not be below -99999999999.",
            .too_big_message = "Amount must not be above 99999999999."};
}

// "2026-01-02T03:04:05Z" or "2026-01-02"; under the first of the names that is there.
Result<std::optional<std::int64_t>> optional_time(const json::object& body,
                                                  std::initializer_list<const char*> names) {
    for (const auto* name : names) {
        const auto text = HW_TRY(optional_text(body, name));
        if (!text) continue;
        auto at_ms = parse_time(*text);
        if (!at_ms) at_ms = parse_date(*text);
        if (at_ms) return std::optional(*at_ms);
        return std::unexpected(invalid_field(
            "invalid_string", name,
            fmt::format("'{}' is no time: write for example 2026-01-02T03:04:05Z", *text)));
    }
    return std::nullopt;
}

// An object inside of the body; an empty one when it is not there.
Result<json::object> inner_object(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || value->is_null()) return json::object{};
    if (value->is_object()) return value->get_object();
    return std::unexpected(invalid_field(
        "invalid_type", name,
        fmt::format("Invalid input: expected object, received {}", json_type_name(value))));
}

Result<NewCustomer> read_customer(const json::object& body) {
    const auto fields = HW_TRY(inner_object(body, "customer"));
    NewCustomer customer;
    customer.external_id = HW_TRY(required_text(fields, "externalId", kId));
    constexpr TextRule kText{.max_characters = limits::kCustomerTextCharactersMax, .trim = true};
    customer.name = HW_TRY(optional_text(fields, "name", kText));
    customer.email = HW_TRY(optional_email(fields, "email", kText));
    customer.avatar = HW_TRY(optional_text(fields, "avatar"));
    return customer;
}

Result<CommissionFor> read_whose(const json::object& body,
                                 std::initializer_list<const char*> time_names) {
    CommissionFor whose;
    whose.partner_id = HW_TRY(required_text(body, "partnerId", kId));
    whose.link_id = HW_TRY(optional_text(body, "linkId", kId));
    whose.customer_id = HW_TRY(optional_text(body, "customerId", kId));
    whose.at_ms = HW_TRY(optional_time(body, time_names));
    const auto* customer = body.if_contains("customer");
    const bool has_customer = customer != nullptr && !customer->is_null();
    if (whose.customer_id.has_value() == has_customer) {
        return std::unexpected(
            invalid_field("custom", "customerId",
                          "Either `customerId` or `customer` must be provided, and not both."));
    }
    if (has_customer) whose.customer = HW_TRY(read_customer(body));
    return whose;
}

Result<NewCommission> read_custom(const json::object& body) {
    CustomCommission input;
    input.partner_id = HW_TRY(required_text(body, "partnerId", kId));
    auto rule = amount_rule(-limits::kCommissionAmountMax);
    rule.missing_message = "Invalid input: expected number, received undefined";
    input.amount = HW_TRY(required_int(body, "amount", rule));
    if (input.amount == 0) {
        return std::unexpected(invalid_field("custom", "amount", "Amount cannot be 0."));
    }
    constexpr TextRule kText{.max_characters = limits::kCommissionTextCharactersMax, .trim = true};
    input.description = HW_TRY(optional_text(body, "description", kText)).value_or("");
    if (input.amount < 0 && input.description.empty()) {
        return std::unexpected(invalid_field("custom", "description",
                                             "A description is required for a negative amount."));
    }
    input.at_ms = HW_TRY(optional_time(body, {"date"}));
    return input;
}

Result<NewCommission> read_lead(const json::object& body) {
    LeadCommission input;
    input.whose = HW_TRY(read_whose(body, {"date", "leadEventDate"}));
    const auto lead = HW_TRY(inner_object(body, "lead"));
    constexpr TextRule kName{.max_characters = limits::kEventNameCharactersMax, .trim = true};
    auto name = HW_TRY(optional_text(lead, "eventName", kName));
    if (!name) name = HW_TRY(optional_text(body, "leadEventName", kName));
    input.event_name = name && !name->empty() ? *name : std::string(kDirectSaleLead);
    input.metadata = HW_TRY(optional_metadata(lead, "metadata"));
    return input;
}

Result<NewCommission> read_sale(const json::object& body) {
    const auto import = HW_TRY(optional_bool(body, "importStripeInvoices"));
    if (import.value_or(false)) {
        return std::unexpected(invalid_field(
            "custom", "importStripeInvoices",
            "Invoices cannot be imported from Stripe: send each sale with its `saleAmount`."));
    }
    SaleCommission input;
    input.whose = HW_TRY(read_whose(body, {"date", "saleEventDate"}));
    const auto sale = HW_TRY(inner_object(body, "sale"));
    auto rule = amount_rule(1);
    auto amount = HW_TRY(optional_int(sale, "amount", rule));
    if (!amount) {
        rule.missing_message = "Invalid input: expected number, received undefined";
        amount = HW_TRY(required_int(body, "saleAmount", rule));
    }
    auto& told = input.sale;
    told.amount = *amount;
    constexpr TextRule kText{.max_characters = limits::kEventNameCharactersMax, .trim = true};
    constexpr TextRule kCurrency{.max_characters = limits::kCurrencyCharactersMax, .trim = true};
    told.currency = ascii_lower(HW_TRY(optional_text(sale, "currency", kCurrency)).value_or("usd"));
    told.event_name = HW_TRY(optional_text(sale, "eventName", kText)).value_or("Purchase");
    told.payment_processor =
        HW_TRY(optional_text(sale, "paymentProcessor", kText)).value_or("custom");
    told.invoice_id = HW_TRY(optional_text(sale, "invoiceId", kId));
    if (!told.invoice_id) told.invoice_id = HW_TRY(optional_text(body, "invoiceId", kId));
    told.metadata = HW_TRY(optional_metadata(sale, "metadata"));
    return input;
}

}  // namespace

Result<NewCommission> read_new_commission(const json::object& body) {
    const auto type = HW_TRY(option_text(body, "type", {"custom", "lead", "sale"}, "custom"));
    if (type == "lead") return read_lead(body);
    return type == "sale" ? read_sale(body) : read_custom(body);
}

Result<UpdateCommission> read_commission_update(const json::object& body) {
    UpdateCommission input;
    const auto any = amount_rule(-limits::kCommissionAmountMax);
    auto positive = amount_rule(0);
    positive.too_small_message = "Amount must not be below 0.";
    const auto read = [&](const char* name, const char* older,
                          const IntRule& rule) -> Result<std::optional<std::int64_t>> {
        const auto amount = HW_TRY(optional_int(body, name, rule));
        if (amount || *older == '\0') return amount;
        return optional_int(body, older, rule);
    };
    input.earnings = HW_TRY(read("earnings", "", positive));
    input.sale_amount = HW_TRY(read("saleAmount", "amount", positive));
    input.modify_sale_amount = HW_TRY(read("modifySaleAmount", "modifyAmount", any));
    if (input.sale_amount && input.modify_sale_amount) {
        return std::unexpected(
            invalid_field("custom", "modifySaleAmount",
                          "`saleAmount` and `modifySaleAmount` cannot be used at the same time."));
    }
    constexpr TextRule kCurrency{.max_characters = limits::kCurrencyCharactersMax, .trim = true};
    input.currency = ascii_lower(HW_TRY(optional_text(body, "currency", kCurrency)).value_or(""));
    const auto status = HW_TRY(
        option_text(body, "status", {"pending", "refunded", "duplicate", "canceled", "fraud"}, ""));
    if (!status.empty()) input.status = status;
    return input;
}

Result<UpdateCommissions> read_commission_updates(const json::object& body) {
    UpdateCommissions input;
    input.commission_ids =
        HW_TRY(optional_texts(body, "commissionIds", kId)).value_or(std::vector<std::string>{});
    const auto& ids = input.commission_ids;
    if (ids.empty() || ids.size() > limits::kBulkCommissionsMax) {
        return std::unexpected(
            invalid_field(ids.empty() ? "too_small" : "too_big", "commissionIds",
                          fmt::format("Name 1 to {} commissions.", limits::kBulkCommissionsMax)));
    }
    if (std::set(ids.begin(), ids.end()).size() != ids.size()) {
        return std::unexpected(
            invalid_field("custom", "commissionIds", "Each commission may be named once."));
    }
    input.status = HW_TRY(
        option_text(body, "status", {"pending", "refunded", "duplicate", "canceled", "fraud"}, ""));
    if (input.status.empty()) {
        return std::unexpected(invalid_field("invalid_type", "status",
                                             "Invalid input: expected string, received undefined"));
    }
    return input;
}

}  // namespace hw
