// SPDX-License-Identifier: Apache-2.0
#include "connectors/json_fields.hpp"

#include <algorithm>
#include <array>

#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace hw::connectors {
namespace {

constexpr std::size_t kTextBytesMax = 500;  // the longest value of Stripe's metadata
constexpr std::size_t kIdBytesMax = 255;    // names are indexed
constexpr std::size_t kNumberBytesMax = 100;
constexpr std::size_t kMetadataFieldsMax = 50;
constexpr std::string_view kClickPrefix = "dub_id_";

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

// Texts and whole numbers: merchants write the ids of their users as either.
std::string told_by(const json::value* value, std::size_t bytes_max) {
    if (value == nullptr) return {};
    if (value->is_string()) return cleaned(value->get_string(), bytes_max);
    if (value->is_int64()) return std::to_string(value->get_int64());
    return value->is_uint64() ? std::to_string(value->get_uint64()) : std::string{};
}

}  // namespace

Result<json::object> parse_body(std::string_view body) {
    json::parse_options options;
    options.max_depth = limits::kJsonDepthMax;
    boost::system::error_code failed;
    auto value = json::parse(body, failed, {}, options);
    if (!failed && value.is_object()) return std::move(value.get_object());
    return fail(ErrorCode::BadRequest, "The body is no JSON object", "not_an_event");
}

std::unexpected<Error> not_an_event(std::string_view expected) {
    return fail(ErrorCode::BadRequest, "The body is no event: expected " + std::string(expected),
                "not_an_event");
}

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
    return value != nullptr && value->is_string() ? told_by(value, kIdBytesMax) : std::string{};
}

std::string numbered_id_at(const json::object& object, std::initializer_list<std::string_view> path,
                           std::string_view prefix) {
    const auto id = told_by(value_at(object, path), kNumberBytesMax);
    return id.empty() ? id : std::string(prefix) + id;
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

std::int64_t moment_at(const json::object& object, std::initializer_list<std::string_view> path) {
    const auto moment = parse_time(text_at(object, path));
    return moment && *moment > 0 ? *moment : 0;
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

void add_evidence(PaymentEvidence& evidence, const json::object& metadata) {
    for (const auto& [member, names] : kNames) {
        auto& told = evidence.*member;
        for (const auto name : names) {
            if (!told.empty() || name.empty()) break;
            const auto text = told_by(metadata.if_contains(name), kIdBytesMax);
            if (!says_nothing(text)) told = text;
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
        const auto text = told_by(&member.value(), kTextBytesMax);
        const bool told = member.value().is_string() || !text.empty();
        if (told) kept[cleaned(member.key(), kIdBytesMax)] = text;
    }
    return kept.empty() ? std::string{} : json::serialize(kept);
}

}  // namespace hw::connectors
