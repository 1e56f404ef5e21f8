// SPDX-License-Identifier: Apache-2.0
#include "connectors/paddle/paddle_provider.hpp"

#include <array>

#include "connectors/hmac_signature.hpp"
#include "connectors/paddle/parse_event.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 1> kHeaders = {"Paddle-Signature"};

Result<connectors::SignatureParts> parts_of(const InboundMessage& message) {
    constexpr connectors::PairSyntax kSyntax{.separator = ';', .time_name = "ts"};
    const auto& scheme = connectors::kPaddleScheme;
    return connectors::parse_pairs(scheme, kSyntax, message.header(scheme.header));
}

}  // namespace

std::span<const std::string_view> PaddleProvider::kept_headers() const {
    return kHeaders;
}

Result<std::size_t> PaddleProvider::verify(const InboundMessage& message,
                                           std::span<const std::string> secrets) const {
    const auto parts = HW_TRY(parts_of(message));
    return connectors::verify_parts(connectors::kPaddleScheme, parts,
                                    {message.body, message.received_at_ms}, secrets);
}

Result<DeliveryHead> PaddleProvider::read_head(const InboundMessage& message) const {
    auto head = HW_TRY(paddle::read_event_head(message));
    if (const auto parts = parts_of(message)) {
        head.signed_at_ms = connectors::signed_at_ms(*parts);
    }
    return head;
}

Result<std::vector<PaymentFact>> PaddleProvider::read_facts(const InboundMessage& message) const {
    return paddle::parse_event(message);
}

}  // namespace hw
