// SPDX-License-Identifier: Apache-2.0
#include "connectors/stripe/event_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/money.hpp"
#include "base/utf8.hpp"

namespace hw::stripe {
namespace {

constexpr std::size_t kTextBytesMax = 500;  // the longest value of Stripe's metadata
constexpr std::size_t kIdBytesMax = 255;    // names are indexed
constexpr std::size_t kMetadataFieldsMax = 50;
constexpr std::string_view kClickPrefix = "dub_id_";

constexpr std::array<std::string_view, 15> kZeroDecimal = {"bif", "clp", "djf", "gnf", "jpy",
                                                           "kmf", "krw", "mga", "pyg", "rwf",
                                                           "vnd", "vuv", "xaf", "xof", "xpf"};
constexpr std::array<std::string_view, 5> kThreeDecimal = {"bhd", "jod", "kwd", "omr", "tnd"};

int wire_exponent(std::string_view currency) {
    if (std::ranges::find(kZeroDecimal, currency) != kZeroDecimal.end()) return 0;
    return std::ranges::find(kThreeDecimal, currency) != kThreeDecimal.end() ? 3 : 2;
}

std::string cleaned(std::string_view text, std::size_t bytes_max) {
    auto clean = std::string(utf8_prefix(text, bytes_max));
    std::erase(clean, '\0');
    return clean;
}

// What scripts write when they have nothing to write.
bool says_nothing(std::string_view text) {
    return text.empty() || text == "null" || text == "undefined";
}

struct EvidenceNames {
    std::string PaymentEvidence::* member;
    std::array<std::string_view, 7> names;  // the first that says something counts
};
constexpr EvidenceNames kNames[] = {
    {&PaymentEvidence::click_id,
     {"dub_click_id", "dubClickId", "dub_id", "click_id", "clickId", "hw_click_id", ""}},
    {&PaymentEvidence::link_slug, {"link_slug", "linkSlug", "via", "ref", "", "", ""}},
    {&PaymentEvidence::code,
     {"discount_code", "discountCode", "promo_code", "promotion_code", "code", "", ""}},
    {&PaymentEvidence::visitor_fingerprint,
     {"visitor_fingerprint", "visitorFingerprint", "", "", "", "", ""}},
    {&PaymentEvidence::session_id, {"session_id", "sessionId", "", "", "", "", ""}},
    {&PaymentEvidence::customer_external_id,
     {"dubCustomerExternalId", "dubCustomerId", "customer_external_id", "customerExternalId",
      "external_id", "user_id", "userId"}},
};

}  // namespace

const json::value* value_at(const json::object& object,
                            std::initializer_list<std::string_view> path) {
    const json::object* inside = &object;
    const json::value* found = nullptr;
    for (const auto name : path) {
        if (inside == nullptr) return nullptr;
        found = inside->if_contains(name);
        inside = found == nullptr ? nullptr : found->if_object();
    }
    return found;
}

std::string text_at(const json::object& object, std::initializer_list<std::string_view> path) {
    const auto* value = value_at(object, path);
    return value != nullptr && value->is_string() ? cleaned(value->get_string(), kTextBytesMax)
                                                  : std::string{};
}

std::string id_at(const json::object& object, std::initializer_list<std::string_view> path) {
    const auto* value = value_at(object, path);
    if (value != nullptr && value->is_object()) value = value->get_object().if_contains("id");
    return value != nullptr && value->is_string() ? cleaned(value->get_string(), kIdBytesMax)
                                                  : std::string{};
}

std::optional<std::int64_t> int_at(const json::object& object,
                                   std::initializer_list<std::string_view> path) {
    const auto* value = value_at(object, path);
    if (value == nullptr || !value->is_int64()) return std::nullopt;
    return value->get_int64();
}

bool flag_at(const json::object& object, std::initializer_list<std::string_view> path) {
    const auto* value = value_at(object, path);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::int64_t time_at(const json::object& object, std::initializer_list<std::string_view> path) {
    constexpr std::int64_t kSecondsMax = 99'999'999'999;
    const auto seconds = int_at(object, path).value_or(0);
    return seconds > 0 && seconds <= kSecondsMax ? seconds * 1'000 : 0;
}

const json::array& array_at(const json::object& object,
                            std::initializer_list<std::string_view> path) {
    static const json::array kNone;
    const auto* value = value_at(object, path);
    return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

const json::object& object_at(const json::object& object,
                              std::initializer_list<std::string_view> path) {
    static const json::object kNone;
    const auto* value = value_at(object, path);
    return value != nullptr && value->is_object() ? value->get_object() : kNone;
}

WireScale wire_scale(std::string_view currency) {
    const auto exponent = currency_exponent(currency);
    WireScale scale;
    if (!exponent) return scale;
    const auto wire = wire_exponent(currency);
    for (int i = wire; i < *exponent; ++i) scale.times *= 10;
    for (int i = *exponent; i < wire; ++i) scale.by *= 10;
    return scale;
}

Result<std::int64_t> wire_amount(std::int64_t amount, std::string_view currency) {
    constexpr std::int64_t kAmountMax = 1'000'000'000'000'000;
    const auto scale = wire_scale(currency);
    if (amount > kAmountMax || amount < -kAmountMax || amount % scale.by != 0) {
        return fail(ErrorCode::UnprocessableEntity,
                    fmt::format("{} {} on the wire is no amount of that currency", amount,
                                std::string(currency)),
                    "amount_not_in_currency");
    }
    return amount * scale.times / scale.by;
}

void add_evidence(PaymentEvidence& evidence, const json::object& metadata) {
    for (const auto& [member, names] : kNames) {
        auto& told = evidence.*member;
        for (const auto name : names) {
            if (!told.empty() || name.empty()) break;
            auto text = text_at(metadata, {name});
            if (!says_nothing(text)) told = cleaned(text, kIdBytesMax);
        }
    }
    if (evidence.click_id.starts_with(kClickPrefix)) {
        evidence.click_id.erase(0, kClickPrefix.size());
    }
}

std::string metadata_text(const json::object& metadata) {
    json::object kept;
    for (const auto& member : metadata) {
        if (kept.size() == kMetadataFieldsMax) break;
        if (!member.value().is_string()) continue;
        kept[cleaned(member.key(), kIdBytesMax)] =
            cleaned(member.value().get_string(), kTextBytesMax);
    }
    return kept.empty() ? std::string{} : json::serialize(kept);
}

}  // namespace hw::stripe
