// SPDX-License-Identifier: Apache-2.0
#include "api/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "api/json_source.hpp"
#include "api/json_text.hpp"
#include "base/civil_time.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace hw {

std::string_view json_type_name(const json::value* value) {
    if (value == nullptr) return "undefined";
    switch (value->kind()) {
        case json::kind::null:
            return "null";
        case json::kind::bool_:
            return "boolean";
        case json::kind::array:
            return "array";
        case json::kind::object:
            return "object";
        case json::kind::string:
            return "string";
        default:
            return "number";
    }
}

namespace {

std::unexpected<Error> wrong_type(std::string_view name, std::string_view expected,
                                  const json::value* value) {
    return std::unexpected(invalid_field(
        "invalid_type", name,
        fmt::format("Invalid input: expected {}, received {}", expected, json_type_name(value))));
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n\f\v";
    const auto begin = text.find_first_not_of(kSpace);
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

Result<std::string> checked_text(const json::value& value, std::string_view name,
                                 const TextRule& rule) {
    if (!value.is_string()) return wrong_type(name, "string", &value);
    std::string_view text = value.get_string();
    if (rule.trim) text = trimmed(text);
    if (text.empty() && !rule.empty_message.empty()) {
        return std::unexpected(invalid_field("too_small", name, rule.empty_message));
    }
    if (rule.max_characters > 0 && utf16_length(text) > rule.max_characters) {
        return std::unexpected(invalid_field(
            "too_big", name,
            fmt::format("Too big: expected string to have <={} characters", rule.max_characters)));
    }
    // PostgreSQL text cannot hold it, so neither engine takes it.
    if (text.find('\0') != text.npos) {
        return std::unexpected(invalid_field("invalid_format", name,
                                             "Invalid input: the character U+0000 is not allowed"));
    }
    return std::string(text);
}

// JSON numbers that are whole, however they are written (1e3, 5.0), within what JavaScript holds.
struct WholeNumber {
    enum class Kind : std::uint8_t { Whole, TooBig, TooSmall, Fraction } kind;
    std::int64_t value = 0;
};

WholeNumber whole_number(const json::value& value) {
    using Kind = WholeNumber::Kind;
    if (value.is_int64()) return {Kind::Whole, value.get_int64()};
    if (value.is_uint64()) return {Kind::TooBig};
    // A number with a point or an exponent. Whole ones up to 2^53 are exact as double.
    const double number = value.get_double();  // tidy: double ok: only whole values pass
    constexpr auto kExact = static_cast<double>(limits::kAmountMax);  // tidy: double ok: as above
    if (number > kExact) return {Kind::TooBig};
    if (number < -kExact) return {Kind::TooSmall};
    if (std::trunc(number) != number) return {Kind::Fraction};
    return {Kind::Whole, static_cast<std::int64_t>(number)};
}

bool is_email_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_'+-.").find(c) != std::string_view::npos;
}

bool is_label(std::string_view label) {
    return !label.empty() && label.front() != '-' && std::ranges::all_of(label, [](char c) {
        return is_email_character(c) && c != '_' && c != '\'' && c != '+' && c != '.';
    });
}

bool is_email(std::string_view text) {
    const auto at = text.find('@');
    if (at == text.npos || at == 0) return false;
    const auto local = text.substr(0, at);
    auto domain = text.substr(at + 1);
    if (!std::ranges::all_of(local, is_email_character)) return false;
    if (local.starts_with('.') || local.ends_with('.') || local.ends_with('\'')) return false;
    if (text.contains("..") || !domain.contains('.')) return false;
    const auto top = domain.substr(domain.rfind('.') + 1);
    if (top.size() < 2 || !std::ranges::all_of(top, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        })) {
        return false;
    }
    while (!domain.empty()) {
        const auto dot = domain.find('.');
        if (!is_label(domain.substr(0, dot))) return false;
        domain = dot == domain.npos ? std::string_view{} : domain.substr(dot + 1);
    }
    return true;
}

Result<json::value> parse_body(std::string_view body) {
    constexpr auto kNoJson =
        "Invalid JSON format in request body. Please ensure the request body is a valid JSON "
        "object.";
    json::parse_options options;
    options.max_depth = limits::kJsonDepthMax;
    boost::system::error_code failed;
    auto value = json::parse(body, failed, {}, options);
    if (failed || !is_valid_utf8(body)) {
        return fail(ErrorCode::BadRequest, kNoJson, "invalid_json");
    }
    // Which of two amounts was meant, nobody can tell.
    const auto repeated = value.is_object() ? repeated_key(body) : std::nullopt;
    if (repeated) {
        return std::unexpected(
            invalid_field("custom", *repeated, "The key appears more than once in the body"));
    }
    if (value.is_structured()) read_numbers_exactly(body, value);
    return value;
}

}  // namespace

Error invalid_field(std::string_view issue, std::string_view path, std::string_view message) {
    return {ErrorCode::UnprocessableEntity, fmt::format("{}: {}: {}", issue, path, message),
            "invalid_field"};
}

Result<json::object> parse_object(std::string_view body) {
    auto value = HW_TRY(parse_body(body));
    if (!value.is_object()) return wrong_type("", "object", &value);
    return std::move(value.get_object());
}

Result<json::array> parse_array(std::string_view body) {
    auto value = HW_TRY(parse_body(body));
    if (!value.is_array()) return wrong_type("", "array", &value);
    return std::move(value.get_array());
}

Result<std::optional<std::string>> optional_text(const json::object& body, std::string_view name,
                                                 TextRule rule) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || (value->is_null() && rule.nullable)) return std::nullopt;
    return std::optional(HW_TRY(checked_text(*value, name, rule)));
}

Result<std::string> required_text(const json::object& body, std::string_view name, TextRule rule) {
    const auto* value = body.if_contains(name);
    if (value == nullptr) return wrong_type(name, "string", nullptr);
    return checked_text(*value, name, rule);
}

Result<std::optional<std::optional<std::string>>> patch_text(const json::object& body,
                                                             std::string_view name, TextRule rule) {
    using Patch = std::optional<std::optional<std::string>>;
    if (!body.contains(name)) return Patch{};
    auto text = HW_TRY(optional_text(body, name, rule));
    if (text && text->empty()) text.reset();
    return Patch(std::in_place, std::move(text));
}

Result<std::optional<std::string>> optional_email(const json::object& body, std::string_view name,
                                                  TextRule rule) {
    auto text = HW_TRY(optional_text(body, name, TextRule{.trim = rule.trim}));
    if (!text) return std::nullopt;
    if (!is_email(*text)) {
        return std::unexpected(invalid_field("invalid_format", name, "Invalid email address"));
    }
    return optional_text(body, name, rule);
}

namespace {

Result<std::vector<std::string>> checked_texts(const json::array& values, std::string_view name,
                                               TextRule rule) {
    std::vector<std::string> texts;
    for (const auto& each : values) {
        const auto place = fmt::format("{}[{}]", name, texts.size());
        texts.push_back(HW_TRY(checked_text(each, place, rule)));
    }
    return texts;
}

}  // namespace

Result<std::optional<std::vector<std::string>>> optional_texts(const json::object& body,
                                                               std::string_view name,
                                                               TextRule rule) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    std::vector<std::string> texts;
    if (value->is_string()) {
        texts.push_back(HW_TRY(checked_text(*value, name, rule)));
    } else if (value->is_array()) {
        texts = HW_TRY(checked_texts(value->get_array(), name, rule));
    } else {
        return std::unexpected(invalid_field("invalid_union", name, "Invalid input"));
    }
    std::erase_if(texts, [](const std::string& text) { return text.empty(); });
    return std::optional(std::move(texts));
}

Result<std::optional<bool>> optional_bool(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_bool()) return wrong_type(name, "boolean", value);
    return std::optional(value->get_bool());
}

Result<std::string> option_text(const json::object& body, std::string_view name,
                                std::initializer_list<std::string_view> options,
                                std::string_view fallback) {
    const auto* value = body.if_contains(name);
    if (value == nullptr) return std::string(fallback);
    if (value->is_string() &&
        std::ranges::find(options, std::string_view(value->get_string())) != options.end()) {
        return std::string(value->get_string());
    }
    std::string list;
    for (const auto option : options)
        list += fmt::format("{}\"{}\"", list.empty() ? "" : "|", option);
    return std::unexpected(
        invalid_field("invalid_value", name, "Invalid option: expected one of " + list));
}

Result<std::optional<std::int64_t>> optional_int(const json::object& body, std::string_view name,
                                                 const IntRule& rule) {
    using Kind = WholeNumber::Kind;
    const auto* value = body.if_contains(name);
    const bool missing = value == nullptr || value->is_null();
    if (missing && rule.missing_message.empty()) return std::nullopt;
    if (missing || !value->is_number()) {
        if (rule.missing_message.empty()) return wrong_type(name, "number", value);
        return std::unexpected(invalid_field("invalid_type", name, rule.missing_message));
    }
    const auto number = whole_number(*value);
    if (number.kind == Kind::Fraction) return wrong_type(name, "int", value);
    if (number.kind == Kind::TooBig || (number.kind == Kind::Whole && number.value > rule.max)) {
        return std::unexpected(invalid_field("too_big", name, rule.too_big_message));
    }
    if (number.kind == Kind::TooSmall || number.value < rule.min) {
        return std::unexpected(invalid_field("too_small", name, rule.too_small_message));
    }
    return std::optional(number.value);
}

Result<std::int64_t> required_int(const json::object& body, std::string_view name,
                                  const IntRule& rule) {
    const auto number = HW_TRY(optional_int(body, name, rule));
    return number.value_or(0);  // a rule with missing_message never gives nothing
}

Result<std::optional<std::string>> optional_metadata(const json::object& body,
                                                     std::string_view name) {
    const auto* value = body.if_contains(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (!value->is_object()) return wrong_type(name, "record", value);
    auto text = json_text(*value);
    if (utf16_length(text) > limits::kMetadataCharactersMax) {
        return std::unexpected(invalid_field(
            "custom", name, "Metadata must be less than 10,000 characters when stringified"));
    }
    return std::optional(std::move(text));
}

json::value text_or_null(const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value(nullptr);
}

json::value int_or_null(const std::optional<std::int64_t>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

json::value time_or_null(const std::optional<std::int64_t>& at_ms) {
    return at_ms ? json::value(time_text(*at_ms)) : json::value(nullptr);
}

json::value json_or_null(const std::optional<std::string>& json_text) {
    return json_text ? json::parse(*json_text) : json::value(nullptr);
}

}  // namespace hw
