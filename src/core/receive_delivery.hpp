// SPDX-License-Identifier: Apache-2.0
// A delivery of a payment processor arrives: its bytes are kept before anybody looks at them, once
// for ever when they are signed, for a while when they are not.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "core/delivery_candidates.hpp"
#include "core/payment_provider.hpp"
#include "store/payment_connections.hpp"
#include "store/tx.hpp"

namespace hw {

struct ReceivedDelivery {
    bool duplicate = false;
    bool ignored = false;  // of the other mode, or thin: kept and not looked at
    std::string inbox_id{};
};

// Its signature was found good, or else `accepted_by` tells who vouches for it. Leaves a job that
// processes it. In the name of the connection's workspace.
ReceivedDelivery receive_delivery(Tx& tx, const PaymentConnection& connection,
                                  const InboundMessage& message, const DeliveryHead& head,
                                  std::string_view accepted_by = {});

struct SetAside {
    std::string reason;        // why nobody vouches for it
    std::int64_t address = 0;  // salted hash of the sender's
    DeliveryClaims claims{};
    std::vector<DeliveryCandidate> candidates{};
};
// What is over the connection's share goes, the oldest first. Gives the id.
std::string quarantine_delivery(Tx& tx, const PaymentConnection& connection,
                                const InboundMessage& message, const SetAside& set_aside);

struct VerifiedQuarantine {
    std::int64_t accepted = 0;
    std::int64_t left = 0;
};

// What the connection's secrets vouch for by now, its age judged when it came, is received after
// all, by the connection of the account that it names. Everything else is for a person to decide,
// see core/decide_quarantine.hpp. For the operator.
VerifiedQuarantine verify_quarantine(Tx& tx, const PaymentProvider& provider,
                                     const PaymentConnection& connection);

}  // namespace hw
