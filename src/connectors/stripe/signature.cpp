// SPDX-License-Identifier: Apache-2.0
#include "connectors/stripe/signature.hpp"

#include <fmt/format.h>

#include "connectors/hmac_signature.hpp"

namespace hw::stripe {
namespace {

using connectors::kStripeScheme;

constexpr connectors::PairSyntax kSyntax{.separator = ',', .time_name = "t"};

}  // namespace

Result<std::size_t> verify_signature(std::string_view header, std::string_view body,
                                     std::span<const std::string> secrets,
                                     std::int64_t received_at_ms) {
    const auto parts = HW_TRY(connectors::parse_pairs(kStripeScheme, kSyntax, header));
    return connectors::verify_parts(kStripeScheme, parts, {body, received_at_ms}, secrets);
}

std::optional<std::int64_t> signed_at_ms(std::string_view header) {
    const auto parts = connectors::parse_pairs(kStripeScheme, kSyntax, header);
    return parts ? connectors::signed_at_ms(*parts) : std::nullopt;
}

std::string sign(std::string_view body, std::string_view secret, std::int64_t at_s) {
    const auto time = std::to_string(at_s);
    const connectors::SignatureParts parts{.time = time};
    // An empty secret signs nothing: what it would make matches nobody.
    return fmt::format("t={},v1={}", time,
                       connectors::signature_of(kStripeScheme, parts, body, secret));
}

}  // namespace hw::stripe
