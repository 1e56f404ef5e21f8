// SPDX-License-Identifier: Apache-2.0
// Signatures of deliveries by HMAC-SHA256, in the kinds that payment processors have. Strict where
// published libraries are lax, because a signature decides whether money is booked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace hw::connectors {

enum class SignedContent : std::uint8_t { Body, TimeDotBody, TimeColonBody, IdDotTimeDotBody };
enum class MacText : std::uint8_t { Hex, Base64 };
enum class KeyText : std::uint8_t { Text, Base64 };  // Base64: behind "whsec_", if it begins so

struct SignatureScheme {
    std::string_view header;
    std::string_view name;  // what a signature is called in the header, and in no_<name>
    SignedContent content;
    MacText mac;
    KeyText key;
};

inline constexpr SignatureScheme kStripeScheme{"Stripe-Signature", "v1", SignedContent::TimeDotBody,
                                               MacText::Hex, KeyText::Text};
inline constexpr SignatureScheme kPaddleScheme{
    "Paddle-Signature", "h1", SignedContent::TimeColonBody, MacText::Hex, KeyText::Text};
inline constexpr SignatureScheme kLemonSqueezyScheme{
    "X-Signature", "signature", SignedContent::Body, MacText::Hex, KeyText::Text};
inline constexpr SignatureScheme kShopifyScheme{
    "X-Shopify-Hmac-SHA256", "signature", SignedContent::Body, MacText::Base64, KeyText::Text};
inline constexpr SignatureScheme kStandardScheme{
    "webhook-signature", "v1", SignedContent::IdDotTimeDotBody, MacText::Base64, KeyText::Base64};
// Standard Webhooks in all but the secret, whose very text is the key.
inline constexpr SignatureScheme kPolarScheme{
    "webhook-signature", "v1", SignedContent::IdDotTimeDotBody, MacText::Base64, KeyText::Text};

struct SignatureParts {
    std::string_view id{};
    std::string_view time{};  // seconds since 1970, as it stands in the header
    std::vector<std::string_view> signatures{};
};

// How a header of pairs is written: "t=…,v1=…".
struct PairSyntax {
    char separator;
    std::string_view time_name;
};

// Pairs that nobody here knows are passed over.
Result<SignatureParts> parse_pairs(const SignatureScheme& scheme, const PairSyntax& syntax,
                                   std::string_view header);

// "v1,<base64> v1,<base64>", with id and time from headers of their own.
Result<SignatureParts> parse_standard(const SignatureScheme& scheme, std::string_view id,
                                      std::string_view time, std::string_view header);

// The header is the signature.
Result<SignatureParts> parse_plain(const SignatureScheme& scheme, std::string_view header);

struct SignedDelivery {
    std::string_view body;
    std::int64_t received_at_ms;  // when the age is judged, in both directions
};

// The position of the secret that signed these bytes. The reason of an error is one of
// missing_signature, malformed, no_<name>, too_many_signatures, timestamp_too_old,
// timestamp_in_future, no_match.
Result<std::size_t> verify_parts(const SignatureScheme& scheme, const SignatureParts& parts,
                                 const SignedDelivery& delivery,
                                 std::span<const std::string> secrets);

// When it was signed, as the parts say; nothing where no time is signed.
std::optional<std::int64_t> signed_at_ms(const SignatureParts& parts);

// The signature that a secret makes, as it stands in a header. Empty for a secret that is no key.
std::string signature_of(const SignatureScheme& scheme, const SignatureParts& parts,
                         std::string_view body, std::string_view secret);

}  // namespace hw::connectors
