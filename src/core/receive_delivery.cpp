// SPDX-License-Identifier: Apache-2.0
#include "core/receive_delivery.hpp"

#include "base/limits.hpp"
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
                                  const InboundMessage& message, const DeliveryHead& head) {
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
    const bool ignored = !row.reason.empty();
    if (ignored) {
        row.state = "ignored";
        row.settled_at_ms = tx.now_ms();
    }
    if (!insert_inbox(tx, row)) return {.duplicate = true};
    if (head.thin) note_thin_delivery(tx, connection.connection_id);
    if (ignored) return {.duplicate = false, .ignored = true};
    NewJob job;
    job.kind = kProcessInboxJob;
    job.subject_id = row.inbox_id;
    job.payload = connection.provider;
    insert_job(tx, job);
    return {};
}

void quarantine_delivery(Tx& tx, const PaymentConnection& connection, const InboundMessage& message,
                         std::string_view reason, std::int64_t address) {
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
    row.address = address;
    row.received_at_ms = message.received_at_ms;
    row.reason = reason;
    insert_quarantine(tx, row);
}

VerifiedQuarantine verify_quarantine(Tx& tx, const PaymentProvider& provider,
                                     const PaymentConnection& connection) {
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
        receive_delivery(tx, connection, message, *head);
        delete_quarantine(tx, row->quarantine_id);
        ++verified.accepted;
    }
    return verified;
}

}  // namespace hw
