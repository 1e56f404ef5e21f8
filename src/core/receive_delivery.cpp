// SPDX-License-Identifier: Apache-2.0
#include "core/receive_delivery.hpp"

#include "base/limits.hpp"
#include "core/payment_accounts.hpp"
#include "store/inbox.hpp"
#include "store/jobs.hpp"

namespace hw {
namespace {

std::vector<std::string> secrets_of(Tx& tx, const PaymentConnection& connection) {
    std::vector<std::string> secrets;
    for (auto& each : list_payment_secrets(tx, connection)) {
        secrets.push_back(std::move(each.secret));
    }
    return secrets;
}

std::string_view ignored_because(const PaymentConnection& connection, const DeliveryHead& head) {
    if (head.tells_mode && head.test != (connection.mode == "test")) return "mode_mismatch";
    return head.thin ? "thin_event" : "";
}

}  // namespace

ReceivedDelivery receive_delivery(Tx& tx, const PaymentConnection& connection,
                                  const InboundMessage& message, const DeliveryHead& head,
                                  std::string_view accepted_by) {
    InboxRow row;
    row.workspace_id = tx.workspace_id();
    row.inbox_id = tx.new_id("ibx_");
    row.connection_id = connection.connection_id;
    row.delivery_id = head.delivery_id;
    row.event_type = head.event_type;
    row.body = message.body;
    row.headers = message.headers;
    row.received_at_ms = message.received_at_ms;
    row.reason = ignored_because(connection, head);
    row.api_version = head.api_version;
    row.accepted_by = accepted_by;
    // A time that no signature covers says nothing about clocks.
    if (accepted_by.empty()) row.signed_at_ms = head.signed_at_ms;
    const bool ignored = !row.reason.empty();
    if (ignored) {
        row.state = "ignored";
        row.settled_at_ms = tx.now_ms();
    }
    if (!insert_inbox(tx, row)) {
        const auto first = find_inbox_id(tx, row.connection_id, row.delivery_id);
        return {.duplicate = true, .inbox_id = first.value_or("")};
    }
    if (head.thin) note_thin_delivery(tx, connection.connection_id);
    if (ignored) return {.ignored = true, .inbox_id = row.inbox_id};
    NewJob job;
    job.kind = kProcessInboxJob;
    job.subject_id = row.inbox_id;
    job.payload = connection.provider;
    insert_job(tx, job);
    return {.inbox_id = row.inbox_id};
}

std::string quarantine_delivery(Tx& tx, const PaymentConnection& connection,
                                const InboundMessage& message, const SetAside& set_aside) {
    constexpr std::int64_t kAtOnce = 50;
    auto use = quarantine_use(tx, connection.connection_id);
    const auto bytes = static_cast<std::int64_t>(message.body.size());
    const auto over = [&] {
        return use.rows >= limits::kQuarantineRowsMax ||
               use.bytes + bytes > limits::kQuarantineBytesMax;
    };
    while (use.rows > 0 && over()) {
        for (const auto& old : list_oldest_quarantine(tx, connection.connection_id, kAtOnce)) {
            if (!over()) break;
            delete_quarantine(tx, old.quarantine_id);
            --use.rows;
            use.bytes -= old.body_bytes;
        }
    }
    QuarantineRow row;
    row.workspace_id = tx.workspace_id();
    row.quarantine_id = tx.new_id("qrt_");
    row.connection_id = connection.connection_id;
    row.body = message.body;
    row.body_bytes = bytes;
    row.headers = message.headers;
    row.address = set_aside.address;
    row.received_at_ms = message.received_at_ms;
    row.reason = set_aside.reason;
    row.delivery_id = set_aside.claims.delivery_id;
    row.event_type = set_aside.claims.event_type;
    row.candidates = set_aside.candidates;
    insert_quarantine(tx, row);
    return row.quarantine_id;
}

VerifiedQuarantine verify_quarantine(Tx& whole, const PaymentProvider& provider,
                                     const PaymentConnection& connection) {
    Tx tx(whole, connection.workspace_id);
    const auto secrets = secrets_of(tx, connection);
    VerifiedQuarantine verified;
    for (const auto& each :
         list_oldest_quarantine(tx, connection.connection_id, limits::kQuarantineRowsMax)) {
        const auto row = find_quarantine(tx, each.quarantine_id);
        if (!row) continue;
        const InboundMessage message{row->body, row->headers, row->received_at_ms};
        const auto head = provider.read_head(message);
        if (!head || !provider.verify(message, secrets)) {
            ++verified.left;
            continue;
        }
        const auto owner = connection_of_account(whole, connection, head->account);
        Tx there(whole, owner.workspace_id);
        receive_delivery(there, owner, message, *head);
        delete_quarantine(tx, row->quarantine_id);
        ++verified.accepted;
    }
    return verified;
}

}  // namespace hw
