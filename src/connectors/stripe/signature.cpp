// SPDX-License-Identifier: Apache-2.0
#include "connectors/stripe/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "base/digest.hpp"

namespace hw::stripe {
namespace {

constexpr std::int64_t kToleranceS = 300;
constexpr std::size_t kSignaturesMax = 10;
constexpr std::size_t kTimeDigitsMax = 11;
constexpr std::size_t kHexCharacters = 64;
constexpr std::int64_t kSecondMs = 1'000;

std::unexpected<Error> refuse(std::string_view reason, std::string message) {
    return fail(ErrorCode::BadRequest, std::move(message), std::string(reason));
}

struct SignatureHeader {
    std::optional<std::string_view> time;
    std::vector<std::string_view> signatures;
};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Schemes that nobody here knows are passed over.
Result<SignatureHeader> parse_header(std::string_view header) {
    SignatureHeader parsed;
    for (std::size_t at = 0; at <= header.size();) {
        const auto end = std::min(header.find(',', at), header.size());
        const auto part = trimmed(header.substr(at, end - at));
        at = end + 1;
        const auto equals = part.find('=');
        if (equals == part.npos) continue;
        const auto name = part.substr(0, equals);
        const auto value = part.substr(equals + 1);
        if (name == "v1") parsed.signatures.push_back(value);
        if (name != "t") continue;
        if (parsed.time) return refuse("malformed", "Stripe-Signature: expected one t, saw two");
        parsed.time = value;
    }
    return parsed;
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

std::string lower_hex(std::string_view text) {
    std::string lower(text);
    for (auto& c : lower) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

std::string expected_hex(std::string_view time, std::string_view body, std::string_view secret) {
    std::string signed_bytes;
    signed_bytes.reserve(time.size() + 1 + body.size());
    signed_bytes.append(time).append(".").append(body);
    return keyed_hash_hex(secret, signed_bytes);
}

Result<void> check_age(std::int64_t at_s, std::int64_t received_at_ms) {
    const auto age_s = received_at_ms / kSecondMs - at_s;
    if (age_s > kToleranceS) {
        return refuse("timestamp_too_old",
                      fmt::format("Stripe-Signature: t is {} s before the receipt; {} are allowed",
                                  age_s, kToleranceS));
    }
    if (age_s < -kToleranceS) {
        return refuse("timestamp_in_future",
                      fmt::format("Stripe-Signature: t is {} s after the receipt; {} are allowed",
                                  -age_s, kToleranceS));
    }
    return {};
}

}  // namespace

Result<std::size_t> verify_signature(std::string_view header, std::string_view body,
                                     std::span<const std::string> secrets,
                                     std::int64_t received_at_ms) {
    if (trimmed(header).empty()) {
        return refuse("missing_signature", "The header Stripe-Signature is missing");
    }
    const auto parsed = HW_TRY(parse_header(header));
    const auto at_s = read_seconds(parsed.time.value_or(""));
    if (!at_s) {
        return refuse("malformed", "Stripe-Signature: expected t with the seconds since 1970");
    }
    if (parsed.signatures.empty()) return refuse("no_v1", "Stripe-Signature: there is no v1");
    if (parsed.signatures.size() > kSignaturesMax) {
        return refuse("too_many_signatures",
                      fmt::format("Stripe-Signature: {} times v1; at most {} are looked at",
                                  parsed.signatures.size(), kSignaturesMax));
    }
    HW_CHECK(check_age(*at_s, received_at_ms));
    for (std::size_t i = 0; i < secrets.size(); ++i) {
        if (secrets[i].empty()) continue;
        const auto expected = expected_hex(*parsed.time, body, secrets[i]);
        for (const auto signature : parsed.signatures) {
            if (signature.size() != kHexCharacters) continue;
            if (equal_secret(lower_hex(signature), expected)) return i;
        }
    }
    return refuse("no_match", "Stripe-Signature: no secret of this connection made it");
}

std::string sign(std::string_view body, std::string_view secret, std::int64_t at_s) {
    const auto time = std::to_string(at_s);
    return fmt::format("t={},v1={}", time, expected_hex(time, body, secret));
}

}  // namespace hw::stripe
