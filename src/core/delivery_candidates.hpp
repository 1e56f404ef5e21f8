// SPDX-License-Identifier: Apache-2.0
// Whose a delivery could be that nobody vouches for: a ladder of guesses for a person to choose
// from. What the body says of itself is the sender's word, so a guess moves nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/payment_provider.hpp"
#include "store/inbox.hpp"
#include "store/payment_connections.hpp"
#include "store/tx.hpp"

namespace hw {

// What an unsigned body claims. Empty: nothing.
struct DeliveryClaims {
    std::string delivery_id{};
    std::string event_type{};
    std::string account{};
    std::string email{};  // of the customer
};
DeliveryClaims read_claims(const PaymentProvider& provider, const InboundMessage& message);

// For the operator. Rung by rung, the most telling one first:
//   connection                   the address it came to
//   account                      the connected account that it names belongs to this workspace
//   email_domain                 the customer's domain, unless anybody can have an address there,
//                                is a link domain of this workspace or its programme's website
//   first_workspace_with_secret  the one that set up a signing secret first
//   first_workspace              the oldest one
std::vector<DeliveryCandidate> delivery_candidates(Tx& tx, const PaymentConnection& connection,
                                                   const DeliveryClaims& claims);

}  // namespace hw
