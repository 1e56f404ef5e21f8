// SPDX-License-Identifier: Apache-2.0
#include "connectors/hmac_signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/base64.hpp"
#include "base/digest.hpp"
#include "base/webhook_signature.hpp"

namespace hw::connectors {
namespace {

constexpr std::int64_t kToleranceS = 300;
constexpr std::size_t kSignaturesMax = 10;
constexpr std::size_t kTimeDigitsMax = 11;
constexpr std::size_t kIdCharactersMax = 255;
constexpr std::int64_t kSecondMs = 1'000;

std::unexpected<Error> refuse(const SignatureScheme& scheme, std::string reason,
                              std::string_view message) {
    return fail(ErrorCode::BadRequest, fmt::format("{}: {}", scheme.header, message),
                std::move(reason));
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(separator, at), text.size());
        parts.push_back(trimmed(text.substr(at, end - at)));
        at = end + 1;
    }
    return parts;
}

Result<void> check_present(const SignatureScheme& scheme, std::string_view header) {
    if (!trimmed(header).empty()) return {};
    return refuse(scheme, "missing_signature", "the header is missing");
}

bool has_time(const SignatureScheme& scheme) {
    return scheme.content != SignedContent::Body;
}

std::optional<std::int64_t> read_seconds(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || text.size() > kTimeDigitsMax || !std::ranges::all_of(text, is_digit)) {
        return std::nullopt;
    }
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return seconds;
}

Result<void> check_shape(const SignatureScheme& scheme, const SignatureParts& parts) {
    if (has_time(scheme) && !read_seconds(parts.time)) {
        return refuse(scheme, "malformed", "expected a time in seconds since 1970");
    }
    if (parts.signatures.empty()) {
        return refuse(scheme, fmt::format("no_{}", scheme.name),
                      fmt::format("there is no {}", scheme.name));
    }
    if (parts.signatures.size() <= kSignaturesMax) return {};
    return refuse(scheme, "too_many_signatures",
                  fmt::format("{} times {}; at most {} are looked at", parts.signatures.size(),
                              scheme.name, kSignaturesMax));
}

Result<void> check_age(const SignatureScheme& scheme, const SignatureParts& parts,
                       std::int64_t received_at_ms) {
    if (!has_time(scheme)) return {};
    const auto age_s = received_at_ms / kSecondMs - read_seconds(parts.time).value_or(0);
    if (age_s > kToleranceS) {
        return refuse(
            scheme, "timestamp_too_old",
            fmt::format("the time is {} s before the receipt; {} are allowed", age_s, kToleranceS));
    }
    if (age_s < -kToleranceS) {
        return refuse(
            scheme, "timestamp_in_future",
            fmt::format("the time is {} s after the receipt; {} are allowed", -age_s, kToleranceS));
    }
    return {};
}

std::string signed_bytes(const SignatureScheme& scheme, const SignatureParts& parts,
                         std::string_view body) {
    std::string bytes;
    bytes.reserve(parts.id.size() + parts.time.size() + body.size() + 2);
    if (scheme.content == SignedContent::IdDotTimeDotBody) bytes.append(parts.id).append(".");
    if (has_time(scheme)) {
        bytes.append(parts.time).append(scheme.content == SignedContent::TimeColonBody ? ":" : ".");
    }
    return bytes.append(body);
}

// Nothing for a secret that cannot sign.
std::optional<std::string> key_of(const SignatureScheme& scheme, std::string_view secret) {
    if (secret.empty()) return std::nullopt;
    if (scheme.key == KeyText::Text) return std::string(secret);
    if (secret.starts_with(kWebhookSecretPrefix)) secret.remove_prefix(kWebhookSecretPrefix.size());
    auto key = base64_bytes(secret);
    if (key && key->empty()) return std::nullopt;
    return key;
}

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

std::optional<std::string> bytes_of(MacText text, std::string_view signature) {
    if (text == MacText::Base64) return base64_bytes(signature);
    if (signature.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < signature.size(); i += 2) {
        const auto high = hex_digit(signature[i]);
        const auto low = hex_digit(signature[i + 1]);
        if (!high || !low) return std::nullopt;
        bytes += static_cast<char>(*high * 16 + *low);
    }
    return bytes;
}

}  // namespace

Result<SignatureParts> parse_pairs(const SignatureScheme& scheme, const PairSyntax& syntax,
                                   std::string_view header) {
    HW_CHECK(check_present(scheme, header));
    SignatureParts parts;
    bool timed = false;
    for (const auto part : split(header, syntax.separator)) {
        const auto equals = part.find('=');
        if (equals == part.npos) continue;
        const auto name = part.substr(0, equals);
        const auto value = part.substr(equals + 1);
        if (name == scheme.name) parts.signatures.push_back(value);
        if (name != syntax.time_name) continue;
        if (timed) return refuse(scheme, "malformed", "expected one time, saw two");
        timed = true;
        parts.time = value;
    }
    return parts;
}

Result<SignatureParts> parse_standard(const SignatureScheme& scheme, std::string_view id,
                                      std::string_view time, std::string_view header) {
    HW_CHECK(check_present(scheme, header));
    SignatureParts parts{.id = id, .time = time};
    if (id.empty() || id.size() > kIdCharactersMax || id.contains('.')) {
        return refuse(scheme, "malformed", "expected a webhook-id of 1 to 255 characters, no dot");
    }
    for (const auto part : split(header, ' ')) {
        const auto comma = part.find(',');
        if (comma == part.npos || part.substr(0, comma) != scheme.name) continue;
        parts.signatures.push_back(part.substr(comma + 1));
    }
    return parts;
}

Result<SignatureParts> parse_plain(const SignatureScheme& scheme, std::string_view header) {
    HW_CHECK(check_present(scheme, header));
    SignatureParts parts;
    parts.signatures.push_back(trimmed(header));
    return parts;
}

Result<std::size_t> verify_parts(const SignatureScheme& scheme, const SignatureParts& parts,
                                 const SignedDelivery& delivery,
                                 std::span<const std::string> secrets) {
    HW_CHECK(check_shape(scheme, parts));
    HW_CHECK(check_age(scheme, parts, delivery.received_at_ms));
    const auto bytes = signed_bytes(scheme, parts, delivery.body);
    for (std::size_t i = 0; i < secrets.size(); ++i) {
        const auto key = key_of(scheme, secrets[i]);
        if (!key) continue;
        const auto expected = keyed_hash_bytes(*key, bytes);
        for (const auto signature : parts.signatures) {
            const auto seen = bytes_of(scheme.mac, signature);
            if (seen && equal_secret(*seen, expected)) return i;
        }
    }
    return refuse(scheme, "no_match", "no secret of this connection made it");
}

std::optional<std::int64_t> signed_at_ms(const SignatureParts& parts) {
    const auto seconds = read_seconds(parts.time);
    return seconds ? std::optional(*seconds * kSecondMs) : std::nullopt;
}

std::string signature_of(const SignatureScheme& scheme, const SignatureParts& parts,
                         std::string_view body, std::string_view secret) {
    const auto key = key_of(scheme, secret);
    if (!key) return {};
    const auto bytes = signed_bytes(scheme, parts, body);
    return scheme.mac == MacText::Hex ? keyed_hash_hex(*key, bytes)
                                      : base64_text(keyed_hash_bytes(*key, bytes));
}

}  // namespace hw::connectors
