// SPDX-License-Identifier: Apache-2.0
// From the bytes of an event of Polar to facts in words of our own.
#pragma once

#include <vector>

#include "core/payment_provider.hpp"

namespace hw::polar {

// 400 for what is no event.
Result<DeliveryHead> read_event_head(const InboundMessage& message);

// Nothing for an event that says nothing of interest; 422 for an amount that cannot be.
Result<std::vector<PaymentFact>> parse_event(const InboundMessage& message);

}  // namespace hw::polar
