// SPDX-License-Identifier: Apache-2.0
// A delivery of a payment processor arrives: its bytes are kept before anybody looks at them, once
// for ever when they are signed, for a while when they are not.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "core/payment_provider.hpp"
#include "store/payment_connections.hpp"
#include "store/tx.hpp"

namespace hw {

struct ReceivedDelivery {
    bool duplicate = false;
    bool ignored = false;  // of the other mode, or thin: kept and not looked at
};

// Its signature was found good. Leaves a job that processes it.
ReceivedDelivery receive_delivery(Tx& tx, const PaymentConnection& connection,
                                  const InboundMessage& message, const DeliveryHead& head);

// `address` is a salted hash. What is over the connection's share goes, the oldest first.
void quarantine_delivery(Tx& tx, const PaymentConnection& connection, const InboundMessage& message,
                         std::string_view reason, std::int64_t address);

struct VerifiedQuarantine {
    std::int64_t accepted = 0;
    std::int64_t left = 0;
};

// What the connection's secrets vouch for by now, its age judged when it came, is received after
// all. Nothing else ever is.
VerifiedQuarantine verify_quarantine(Tx& tx, const PaymentProvider& provider,
                                     const PaymentConnection& connection);

}  // namespace hw
