// SPDX-License-Identifier: Apache-2.0
// An Event of Stripe in words of our own. Fields are looked for where any version of the API has
// put them; the version that the event names decides nothing, and an unknown word is no error.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "core/payment_provider.hpp"

namespace hw::stripe {

// BadRequest with the reason not_an_event for anything else.
Result<DeliveryHead> read_event_head(std::string_view body);

// What the event tells of money, people and subscriptions: one fact, or none.
Result<std::vector<PaymentFact>> parse_event(std::string_view body);

}  // namespace hw::stripe
