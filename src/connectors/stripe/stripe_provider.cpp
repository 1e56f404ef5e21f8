// SPDX-License-Identifier: Apache-2.0
#include "connectors/stripe/stripe_provider.hpp"

#include <array>

#include "connectors/stripe/parse_event.hpp"
#include "connectors/stripe/signature.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 1> kHeaders = {"Stripe-Signature"};

}  // namespace

std::span<const std::string_view> StripeProvider::kept_headers() const {
    return kHeaders;
}

Result<std::size_t> StripeProvider::verify(const InboundMessage& message,
                                           std::span<const std::string> secrets) const {
    return stripe::verify_signature(message.header(kHeaders.front()), message.body, secrets,
                                    message.received_at_ms);
}

Result<DeliveryHead> StripeProvider::read_head(const InboundMessage& message) const {
    auto head = HW_TRY(stripe::read_event_head(message.body));
    head.signed_at_ms = stripe::signed_at_ms(message.header(kHeaders.front()));
    return head;
}

Result<std::vector<PaymentFact>> StripeProvider::read_facts(const InboundMessage& message) const {
    return stripe::parse_event(message.body);
}

}  // namespace hw
