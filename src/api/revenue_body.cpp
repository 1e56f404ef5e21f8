// SPDX-License-Identifier: Apache-2.0
#include "api/revenue_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/exact_json.hpp"
#include "base/ascii.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/money.hpp"
#include "base/utf8.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 7> kTypes{"purchase",  "subscription", "renewal", "upgrade",
                                                 "downgrade", "churn",        "refund"};
constexpr std::size_t kMetadataKeysMax = 50;
constexpr std::size_t kMetadataBytesMax = 8 * limits::kKiB;
constexpr int kMetadataDepthMax = 4;
constexpr std::size_t kProcessorCharactersMax = 32;

std::unexpected<Error> refuse(std::string message) {
    return fail(ErrorCode::BadRequest, std::move(message), "invalid_revenue");
}

const json::value* find(const json::object& data, std::string_view name) {
    const auto* value = data.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

// Empty when absent. "null" and "undefined" are what old clients write where they know nothing.
Result<std::string> text_of(const json::object& data, std::string_view name) {
    const auto* value = find(data, name);
    if (value == nullptr) return std::string{};
    const bool is_text = value->is_string() && !number_text(*value);
    if (!is_text) return refuse(fmt::format("{} must be a string.", name));
    std::string text(value->get_string());
    if (text.contains('\0')) return refuse(fmt::format("{} must not contain U+0000.", name));
    if (utf16_length(text) > limits::kIngestTextCharactersMax) {
        return refuse(fmt::format("{} must be at most {} characters.", name,
                                  limits::kIngestTextCharactersMax));
    }
    if (text == "null" || text == "undefined") text.clear();
    return text;
}

Result<std::string> required(const json::object& data, std::string_view name) {
    auto text = HW_TRY(text_of(data, name));
    if (text.empty()) return refuse(fmt::format("{} is required.", name));
    return text;
}

std::string upper_case(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

Result<std::int64_t> minor_of(const json::value& value, std::string_view name,
                              const std::string& currency, std::string_view invalid) {
    const auto text = number_text(value);
    if (!text) return refuse(std::string(invalid));
    const auto minor = parse_minor_units(*text, currency);
    if (!minor && minor.error().message.contains("more decimals")) {
        return refuse(fmt::format("{} has more decimals than {} allows ({}).", name,
                                  upper_case(currency), currency_exponent(currency).value_or(0)));
    }
    if (!minor || *minor > limits::kAmountMax || *minor < -limits::kAmountMax) {
        return refuse(std::string(invalid));
    }
    return *minor;
}

bool is_trial(const json::object& data) {
    const auto* metadata = find(data, "metadata");
    if (metadata == nullptr || !metadata->is_object()) return false;
    const auto* trial = metadata->get_object().if_contains("trial");
    return trial != nullptr && trial->is_bool() && trial->get_bool();
}

Result<void> check_amount(const RevenueEvent& event, const json::object& data) {
    const auto& type = event.event_type;
    if (type == "refund") {
        return event.amount < 0 ? Result<void>{} : refuse("Refund amount must be negative");
    }
    if (type == "churn") {
        return event.amount == 0 ? Result<void>{} : refuse("Churn amount must be 0");
    }
    const bool changes = type == "upgrade" || type == "downgrade";
    const bool begins_free =
        type == "subscription" && event.mrr_impact.value_or(0) > 0 && is_trial(data);
    if (event.amount > 0 || (event.amount == 0 && (changes || begins_free))) return {};
    return refuse("Revenue amount must be positive");
}

Result<void> check_mrr(const RevenueEvent& event) {
    struct Rule {
        std::string_view type;
        std::string_view must_be;
        bool (*good)(std::int64_t);
    };
    constexpr Rule kRules[] = {
        {"purchase", "0", [](std::int64_t mrr) { return mrr == 0; }},
        {"renewal", "0", [](std::int64_t mrr) { return mrr == 0; }},
        {"subscription", "zero or positive", [](std::int64_t mrr) { return mrr >= 0; }},
        {"upgrade", "positive", [](std::int64_t mrr) { return mrr > 0; }},
        {"downgrade", "negative", [](std::int64_t mrr) { return mrr < 0; }},
        {"churn", "negative", [](std::int64_t mrr) { return mrr <= 0; }},
        {"refund", "zero or negative", [](std::int64_t mrr) { return mrr <= 0; }},
    };
    const auto& type = event.event_type;
    if (!event.mrr_impact) {
        const bool needed = type == "upgrade" || type == "downgrade";
        return needed ? refuse(fmt::format("mrr_impact is required for {}.", type))
                      : Result<void>{};
    }
    const auto* rule = std::ranges::find(kRules, type, &Rule::type);
    if (rule->good(*event.mrr_impact)) return {};
    return refuse(fmt::format("mrr_impact must be {} for {}.", rule->must_be, type));
}

int depth_of(const json::value& value) {
    int deepest = 0;
    if (value.is_array()) {
        for (const auto& each : value.get_array()) deepest = std::max(deepest, depth_of(each));
        return deepest + 1;
    }
    if (!value.is_object()) return 0;
    for (const auto& each : value.get_object()) {
        deepest = std::max(deepest, depth_of(each.value()));
    }
    return deepest + 1;
}

Result<void> read_metadata(const json::object& data, RevenueEvent& event) {
    const auto* value = find(data, "metadata");
    if (value == nullptr) return {};
    if (!value->is_object()) return refuse("metadata must be an object.");
    const auto& metadata = value->get_object();
    if (metadata.size() > kMetadataKeysMax) {
        return refuse(fmt::format("metadata must have at most {} keys.", kMetadataKeysMax));
    }
    if (depth_of(*value) > kMetadataDepthMax) {
        return refuse(fmt::format("metadata must be at most {} levels deep.", kMetadataDepthMax));
    }
    auto text = serialize_exact(*value);
    if (text.size() > kMetadataBytesMax) {
        return refuse(fmt::format("metadata must be at most {} bytes.", kMetadataBytesMax));
    }
    if (text.contains("\\u0000")) return refuse("metadata must not contain U+0000.");
    event.metadata = std::move(text);
    // The ways that clients name the click and the link in.
    const auto first_of = [&](std::initializer_list<std::string_view> names) -> std::string {
        for (const auto name : names) {
            auto found = text_of(metadata, name);
            if (found && !found->empty()) return *found;
        }
        return {};
    };
    event.click_id = first_of({"dub_id", "dubClickId", "dub_click_id", "click_id"});
    event.link_slug = first_of({"link_slug", "via", "ref"});
    event.original_transaction_id = first_of({"original_transaction_id", "originalTransactionId"});
    const auto* churned = find(metadata, "churned_mrr");
    if (event.event_type != "churn" || churned == nullptr || !event.mrr_impact) return {};
    const auto minor = HW_TRY(minor_of(*churned, "metadata.churned_mrr", event.currency,
                                       "metadata.churned_mrr must be a number."));
    if (minor == -*event.mrr_impact) return {};
    return refuse("metadata.churned_mrr must equal -mrr_impact.");
}

Result<std::string> read_processor(const json::object& data) {
    auto processor = ascii_lower(HW_TRY(text_of(data, "payment_processor")));
    const bool known_letters = std::ranges::all_of(processor, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (known_letters && processor.size() <= kProcessorCharactersMax) return processor;
    return refuse(fmt::format("payment_processor must be 1 to {} letters, digits, '-' and '_'.",
                              kProcessorCharactersMax));
}

Result<std::string> read_currency(const json::object& data) {
    const auto* value = find(data, "currency");
    if (value == nullptr) return std::string("usd");
    auto code = value->is_string() ? ascii_lower(std::string_view(value->get_string())) : "";
    if (currency_exponent(code)) return code;
    return refuse("currency must be an ISO 4217 code.");
}

Result<std::int64_t> read_time(const json::object& data, std::int64_t now_ms) {
    const auto* value = find(data, "timestamp");
    if (value == nullptr) return now_ms;
    const auto told = value->is_int64()    ? Result<std::int64_t>(value->get_int64())
                      : value->is_string() ? parse_time(std::string_view(value->get_string()))
                                           : Result<std::int64_t>(-1);
    if (!told || *told <= 0) {
        return refuse("timestamp must be ISO 8601 or milliseconds since 1970.");
    }
    if (*told > now_ms + limits::kClockSkewMs) {
        return refuse("timestamp must not be in the future.");
    }
    return *told;
}

Result<std::string> read_type(const json::object& data) {
    const auto* value = find(data, "event_type");
    if (value == nullptr) return std::string("purchase");
    const std::string type(value->is_string() ? std::string_view(value->get_string()) : "");
    if (std::ranges::find(kTypes, type) != kTypes.end()) return type;
    return refuse(fmt::format("event_type must be one of: {}.", fmt::join(kTypes, ", ")));
}

Result<void> read_amounts(const json::object& data, RevenueEvent& event) {
    event.currency = HW_TRY(read_currency(data));
    const auto* amount = data.if_contains("amount");
    if (amount == nullptr) return refuse("amount is required.");
    event.amount = HW_TRY(minor_of(*amount, "amount", event.currency, "Invalid amount"));
    if (const auto* mrr = find(data, "mrr_impact")) {
        event.mrr_impact =
            HW_TRY(minor_of(*mrr, "mrr_impact", event.currency, "mrr_impact must be a number."));
    }
    HW_CHECK(check_amount(event, data));
    return check_mrr(event);
}

Result<void> read_person(const ToldRevenue& told, RevenueEvent& event) {
    event.fingerprint = HW_TRY(text_of(told.data, "visitor_fingerprint"));
    event.session_id = HW_TRY(text_of(told.data, "session_id"));
    if (told.strict && event.fingerprint.empty()) {
        return refuse("visitor_fingerprint is required.");
    }
    if (told.strict && event.session_id.empty()) return refuse("session_id is required.");
    event.customer_id = HW_TRY(required(told.data, "customer_id"));
    return {};
}

Result<bool> read_recurring(const json::object& data, std::string_view type) {
    const auto* value = find(data, "is_recurring");
    if (value == nullptr) return type != "purchase" && type != "churn" && type != "refund";
    if (value->is_bool()) return value->get_bool();
    return refuse("is_recurring must be a boolean.");
}

// A new one each time the same payment is told.
bool looks_like_time(std::string_view id) {
    constexpr std::size_t kDigits = 13;
    for (const std::string_view begin : {"tx_", "test_tx_"}) {
        if (!id.starts_with(begin)) continue;
        const auto rest = id.substr(begin.size());
        if (rest.size() == kDigits && rest.find_first_not_of("0123456789") == rest.npos) {
            return true;
        }
    }
    return false;
}

}  // namespace

Result<RevenueEvent> read_revenue_event(const ToldRevenue& told) {
    RevenueEvent event;
    HW_CHECK(read_person(told, event));
    event.transaction_id = HW_TRY(required(told.data, "transaction_id"));
    event.event_type = HW_TRY(read_type(told.data));
    HW_CHECK(read_amounts(told.data, event));
    event.payment_processor = HW_TRY(read_processor(told.data));
    event.subscription_id = HW_TRY(text_of(told.data, "customer_subscription_id"));
    event.is_recurring = HW_TRY(read_recurring(told.data, event.event_type));
    event.occurred_at_ms = HW_TRY(read_time(told.data, told.now_ms));
    HW_CHECK(read_metadata(told.data, event));
    if (auto original = HW_TRY(text_of(told.data, "original_transaction_id")); !original.empty()) {
        event.original_transaction_id = std::move(original);
    }
    event.test = told.token.kind == "test" || event.payment_processor == "test";
    if (looks_like_time(event.transaction_id)) {
        event.warnings.emplace_back("transaction_id_made_of_time");
    }
    return event;
}

}  // namespace hw
