// SPDX-License-Identifier: Apache-2.0
// Polar as the rest of the program sees it.
#pragma once

#include "core/payment_provider.hpp"

namespace hw {

class PolarProvider final : public PaymentProvider {
  public:
    std::string_view name() const override { return "polar"; }
    std::span<const std::string_view> kept_headers() const override;
    Result<std::size_t> verify(const InboundMessage& message,
                               std::span<const std::string> secrets) const override;
    Result<DeliveryHead> read_head(const InboundMessage& message) const override;
    Result<std::vector<PaymentFact>> read_facts(const InboundMessage& message) const override;
};

}  // namespace hw
