// SPDX-License-Identifier: Apache-2.0
// Somebody decides about a delivery that no signature vouches for. Nothing else than such a
// decision makes money of one, and each is told once, with who decided it and why.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "core/payment_provider.hpp"
#include "core/receive_delivery.hpp"
#include "store/payment_connections.hpp"
#include "store/quarantine_decisions.hpp"
#include "store/tx.hpp"

namespace hw {

struct DecideQuarantine {
    std::string quarantine_id;
    std::string connection_id{};  // whose inbox gets it; of assigning alone
    std::string reason;
    std::string actor;
    // The operator may give it to any workspace of the server; others to their own.
    bool any_workspace = false;
};

// Moves the delivery into the inbox of that connection, where it is processed as any other. Both
// are in the name of the workspace where it was set aside. A repeat gets the first decision; 409
// names it when it was another one.
Result<QuarantineDecision> assign_quarantine(Tx& tx, const PaymentProviders& providers,
                                             const DecideQuarantine& input);
// Deletes it.
Result<QuarantineDecision> dismiss_quarantine(Tx& tx, const DecideQuarantine& input);

inline constexpr std::string_view kAcceptedBySetting = "setting";

// On a server with one workspace: what has no signature, or one that no secret makes, is received
// as though it had been assigned, because the operator chose so for the whole server. Nothing:
// it is to be set aside. For the operator.
std::optional<ReceivedDelivery> accept_unverified(Tx& tx, const PaymentProvider& provider,
                                                  const PaymentConnection& connection,
                                                  const InboundMessage& message,
                                                  std::string_view reason);

// Whether accept_unverified could accept anything. For the operator.
bool has_single_workspace(Tx& tx);

}  // namespace hw
