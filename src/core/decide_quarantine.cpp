// SPDX-License-Identifier: Apache-2.0
#include "core/decide_quarantine.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/digest.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "store/advisory_lock.hpp"
#include "store/audit_log.hpp"
#include "store/candidate_workspaces.hpp"
#include "store/inbox.hpp"

namespace hw {
namespace {

constexpr std::string_view kAssigned = "assigned";
constexpr std::string_view kDismissed = "dismissed";

std::unexpected<Error> invalid(std::string message) {
    return fail(ErrorCode::UnprocessableEntity, std::move(message), "invalid_decision");
}

std::string told(const Tx& tx, const QuarantineDecision& decision) {
    std::string what(decision.decision);
    if (decision.decision == kAssigned) {
        // Nobody is told the connections of others.
        what += tx.workspace_id() == decision.to_workspace_id
                    ? " to the connection " + decision.to_connection_id
                    : " to a connection of another workspace";
    }
    return fmt::format("{} was {} by {} on {}: \"{}\"", decision.quarantine_id, what,
                       decision.actor, time_text(decision.decided_at_ms), decision.reason);
}

// What was decided before, if that was the same.
Result<std::optional<QuarantineDecision>> decided_before(Tx& tx, std::string_view decision,
                                                         const DecideQuarantine& input) {
    auto first = find_quarantine_decision(tx, input.quarantine_id);
    if (!first) return std::nullopt;
    const bool same = first->decision == decision && first->to_connection_id == input.connection_id;
    if (same) return first;
    return fail(ErrorCode::Conflict, told(tx, *first), "decided_already");
}

Result<QuarantineRow> row_to_decide(Tx& tx, const DecideQuarantine& input) {
    const auto characters = utf16_length(input.reason);
    if (characters == 0 || characters > limits::kQuarantineReasonMax) {
        return invalid(fmt::format("reason: received {} characters; expected 1 to {}", characters,
                                   limits::kQuarantineReasonMax));
    }
    auto row = find_quarantine(tx, input.quarantine_id);
    if (row) return std::move(*row);
    return fail(ErrorCode::NotFound,
                "Quarantined delivery not found. They are kept for 30 days, up to 500 of a "
                "connection.",
                "quarantine_not_found");
}

QuarantineDecision decision_of(const Tx& tx, const QuarantineRow& row,
                               const DecideQuarantine& input) {
    QuarantineDecision decision;
    decision.workspace_id = row.workspace_id;
    decision.quarantine_id = row.quarantine_id;
    decision.actor = input.actor;
    decision.reason = input.reason;
    decision.decided_at_ms = tx.now_ms();
    decision.set_aside_for = row.reason;
    decision.from_connection_id = row.connection_id;
    decision.received_at_ms = row.received_at_ms;
    decision.body_hash = sha256_hex(row.body);
    return decision;
}

Result<PaymentConnection> connection_to(Tx& tx, const QuarantineRow& row,
                                        const DecideQuarantine& input) {
    auto to = find_payment_connection(tx, input.connection_id);
    const bool reachable =
        to && !to->deleted_at_ms && (input.any_workspace || to->workspace_id == tx.workspace_id());
    if (!reachable) {
        return fail(ErrorCode::NotFound, "Payment connection not found.", "connection_not_found");
    }
    const auto from = find_payment_connection(tx, row.connection_id);
    if (from && from->provider == to->provider) return std::move(*to);
    return invalid(fmt::format("connectionId: is a connection of {}; the delivery came from {}",
                               to->provider, from ? from->provider : "an unknown processor"));
}

// In the workspace that gets it: whose money moves must see who said so.
void note(Tx& tx, const QuarantineDecision& decision) {
    append_audit_entry(tx, {.actor = decision.actor,
                            .action = fmt::format("quarantine.{}", decision.decision),
                            .subject_id = decision.quarantine_id,
                            .detail = told(tx, decision)});
}

QuarantineDecision receive_decided(Tx& there, const PaymentConnection& to,
                                   const InboundMessage& message, const DeliveryHead& head,
                                   QuarantineDecision decision) {
    const auto received = receive_delivery(there, to, message, head, decision.actor);
    decision.decision = kAssigned;
    decision.to_workspace_id = to.workspace_id;
    decision.to_connection_id = to.connection_id;
    decision.inbox_id = received.inbox_id;
    decision.duplicate = received.duplicate;
    return decision;
}

// Of two people who decide at once one is the first.
void wait_for_turn(Tx& tx, const DecideQuarantine& input) {
    wait_advisory_lock(tx, "quarantine:" + tx.workspace_id() + ":" + input.quarantine_id);
}

}  // namespace

Result<QuarantineDecision> assign_quarantine(Tx& tx, const PaymentProviders& providers,
                                             const DecideQuarantine& input) {
    wait_for_turn(tx, input);
    auto first = HW_TRY(decided_before(tx, kAssigned, input));
    if (first) return std::move(*first);
    const auto row = HW_TRY(row_to_decide(tx, input));
    const auto to = HW_TRY(connection_to(tx, row, input));
    const auto* provider = find_provider(providers, to.provider);
    if (provider == nullptr) {
        return invalid(
            fmt::format("connectionId: nobody here reads deliveries of {}", to.provider));
    }
    const InboundMessage message{row.body, row.headers, row.received_at_ms};
    const auto head = provider->read_head(message);
    if (!head) {
        return invalid(fmt::format("id: {} is no event of {}: {}. It can be dismissed",
                                   row.quarantine_id, to.provider, head.error().message));
    }
    Tx there(tx, to.workspace_id);
    const auto decision = receive_decided(there, to, message, *head, decision_of(tx, row, input));
    HW_ASSERT(insert_quarantine_decision(tx, decision));
    delete_quarantine(tx, row.quarantine_id);
    note(there, decision);
    return decision;
}

Result<QuarantineDecision> dismiss_quarantine(Tx& tx, const DecideQuarantine& input) {
    wait_for_turn(tx, input);
    auto first = HW_TRY(decided_before(tx, kDismissed, input));
    if (first) return std::move(*first);
    const auto row = HW_TRY(row_to_decide(tx, input));
    auto decision = decision_of(tx, row, input);
    decision.decision = kDismissed;
    HW_ASSERT(insert_quarantine_decision(tx, decision));
    delete_quarantine(tx, row.quarantine_id);
    note(tx, decision);
    return decision;
}

bool has_single_workspace(Tx& tx) {
    return list_oldest_workspaces(tx, 2).size() == 1;
}

std::optional<ReceivedDelivery> accept_unverified(Tx& tx, const PaymentProvider& provider,
                                                  const PaymentConnection& connection,
                                                  const InboundMessage& message,
                                                  std::string_view reason) {
    // A signature that is too old or broken is no setting that somebody forgot.
    if (reason != "missing_signature" && reason != "no_match") return std::nullopt;
    const auto head = provider.read_head(message);
    if (!head || !has_single_workspace(tx)) return std::nullopt;
    Tx there(tx, connection.workspace_id);
    QuarantineDecision decision;
    decision.workspace_id = connection.workspace_id;
    decision.quarantine_id = there.new_id("qrt_");
    decision.actor = kAcceptedBySetting;
    decision.reason = "hooks-accept-unverified";
    decision.decided_at_ms = tx.now_ms();
    decision.set_aside_for = reason;
    decision.from_connection_id = connection.connection_id;
    decision.received_at_ms = message.received_at_ms;
    decision.body_hash = sha256_hex(message.body);
    decision = receive_decided(there, connection, message, *head, std::move(decision));
    // What comes again decides nothing: senders repeat what they like.
    if (!decision.duplicate) HW_ASSERT(insert_quarantine_decision(there, decision));
    return ReceivedDelivery{.duplicate = decision.duplicate, .inbox_id = decision.inbox_id};
}

}  // namespace hw
