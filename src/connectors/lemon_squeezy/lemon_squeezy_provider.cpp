// SPDX-License-Identifier: Apache-2.0
#include "connectors/lemon_squeezy/lemon_squeezy_provider.hpp"

#include <array>

#include "connectors/hmac_signature.hpp"
#include "connectors/lemon_squeezy/parse_event.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 1> kHeaders = {"X-Signature"};

}  // namespace

std::span<const std::string_view> LemonSqueezyProvider::kept_headers() const {
    return kHeaders;
}

Result<std::size_t> LemonSqueezyProvider::verify(const InboundMessage& message,
                                                 std::span<const std::string> secrets) const {
    const auto& scheme = connectors::kLemonSqueezyScheme;
    const auto parts = HW_TRY(connectors::parse_plain(scheme, message.header(scheme.header)));
    return connectors::verify_parts(scheme, parts, {message.body, message.received_at_ms}, secrets);
}

Result<DeliveryHead> LemonSqueezyProvider::read_head(const InboundMessage& message) const {
    return lemon_squeezy::read_event_head(message);
}

Result<std::vector<PaymentFact>> LemonSqueezyProvider::read_facts(
    const InboundMessage& message) const {
    return lemon_squeezy::parse_event(message);
}

}  // namespace hw
