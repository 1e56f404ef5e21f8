// SPDX-License-Identifier: Apache-2.0
#include "connectors/polar/polar_provider.hpp"

#include <array>

#include "connectors/hmac_signature.hpp"
#include "connectors/polar/parse_event.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 3> kHeaders = {"webhook-id", "webhook-timestamp",
                                                      "webhook-signature"};

}  // namespace

std::span<const std::string_view> PolarProvider::kept_headers() const {
    return kHeaders;
}

Result<std::size_t> PolarProvider::verify(const InboundMessage& message,
                                          std::span<const std::string> secrets) const {
    const auto& scheme = connectors::kPolarScheme;
    const auto parts = HW_TRY(connectors::parse_standard(scheme, message.header("webhook-id"),
                                                         message.header("webhook-timestamp"),
                                                         message.header(scheme.header)));
    return connectors::verify_parts(scheme, parts, {message.body, message.received_at_ms}, secrets);
}

Result<DeliveryHead> PolarProvider::read_head(const InboundMessage& message) const {
    return polar::read_event_head(message);
}

Result<std::vector<PaymentFact>> PolarProvider::read_facts(const InboundMessage& message) const {
    return polar::parse_event(message);
}

}  // namespace hw
