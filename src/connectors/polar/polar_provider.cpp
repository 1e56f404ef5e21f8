// SPDX-License-Identifier: Apache-2.0
#include "connectors/polar/polar_provider.hpp"

#include <array>

#include "connectors/hmac_signature.hpp"
#include "connectors/polar/parse_event.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 3> kHeaders = {"webhook-id", "webhook-timestamp",
                                                      "webhook-signature"};

Result<connectors::SignatureParts> parts_of(const InboundMessage& message) {
    const auto& scheme = connectors::kPolarScheme;
    return connectors::parse_standard(scheme, message.header("webhook-id"),
                                      message.header("webhook-timestamp"),
                                      message.header(scheme.header));
}

}  // namespace

std::span<const std::string_view> PolarProvider::kept_headers() const {
    return kHeaders;
}

Result<std::size_t> PolarProvider::verify(const InboundMessage& message,
                                          std::span<const std::string> secrets) const {
    const auto parts = HW_TRY(parts_of(message));
    return connectors::verify_parts(connectors::kPolarScheme, parts,
                                    {message.body, message.received_at_ms}, secrets);
}

Result<DeliveryHead> PolarProvider::read_head(const InboundMessage& message) const {
    auto head = HW_TRY(polar::read_event_head(message));
    if (const auto parts = parts_of(message)) {
        head.signed_at_ms = connectors::signed_at_ms(*parts);
    }
    return head;
}

Result<std::vector<PaymentFact>> PolarProvider::read_facts(const InboundMessage& message) const {
    return polar::parse_event(message);
}

}  // namespace hw
