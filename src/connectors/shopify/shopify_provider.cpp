// SPDX-License-Identifier: Apache-2.0
#include "connectors/shopify/shopify_provider.hpp"

#include <array>

#include "connectors/hmac_signature.hpp"
#include "connectors/shopify/parse_event.hpp"

namespace hw {
namespace {

constexpr std::array<std::string_view, 2> kHeaders = {"X-Shopify-Hmac-SHA256", "X-Shopify-Topic"};

}  // namespace

std::span<const std::string_view> ShopifyProvider::kept_headers() const {
    return kHeaders;
}

Result<std::size_t> ShopifyProvider::verify(const InboundMessage& message,
                                            std::span<const std::string> secrets) const {
    const auto& scheme = connectors::kShopifyScheme;
    const auto parts = HW_TRY(connectors::parse_plain(scheme, message.header(scheme.header)));
    return connectors::verify_parts(scheme, parts, {message.body, message.received_at_ms}, secrets);
}

Result<DeliveryHead> ShopifyProvider::read_head(const InboundMessage& message) const {
    return shopify::read_event_head(message);
}

Result<std::vector<PaymentFact>> ShopifyProvider::read_facts(const InboundMessage& message) const {
    return shopify::parse_event(message);
}

}  // namespace hw
