// SPDX-License-Identifier: Apache-2.0
// Deliveries of payment processors, byte for byte: those that were signed, and for a while those
// that were not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/tx.hpp"

namespace hw {

inline constexpr std::string_view kProcessInboxJob = "process_inbox";

using KeptHeaders = std::vector<std::pair<std::string, std::string>>;

struct InboxRow {
    std::string workspace_id;
    std::string inbox_id;
    std::string connection_id;
    std::string delivery_id;  // of the processor: the event's id
    std::string event_type;
    std::string body;  // not in lists
    KeptHeaders headers;
    std::int64_t received_at_ms = 0;
    std::string state = "received";  // processed, ignored, dead
    std::string reason;              // of ignored and dead
    std::optional<std::int64_t> settled_at_ms;
    std::optional<std::int64_t> signed_at_ms{};  // as the signature covers it
    std::string api_version{};                   // of the processor; may be ''
    std::string accepted_by{};                   // who vouched for it instead of a signature
    std::int64_t duplicates = 0;                 // how often it was delivered again
};

bool insert_inbox(Tx& tx, const InboxRow& row);  // false: delivered before, which is counted
std::optional<InboxRow> find_inbox(Tx& tx, std::string_view inbox_id);
// The id of the row that this delivery of the connection has.
std::optional<std::string> find_inbox_id(Tx& tx, std::string_view connection_id,
                                         std::string_view delivery_id);
void settle_inbox(Tx& tx, std::string_view inbox_id, std::string_view state,
                  std::string_view reason);
// The newest first, before the id; empty: from the newest on.
struct InboxFilter {
    std::string connection_id;
    std::string state;  // empty: all
    std::string before;
    std::int64_t limit = 50;
};
std::vector<InboxRow> list_inbox(Tx& tx, const InboxFilter& filter);

// Whose a delivery could be that nobody vouches for, and what suggests it. Decides nothing.
struct DeliveryCandidate {
    std::string rung;  // see core/delivery_candidates.hpp
    std::string workspace_id;

    bool operator==(const DeliveryCandidate&) const = default;
};

struct QuarantineRow {
    std::string workspace_id;
    std::string quarantine_id;
    std::string connection_id;
    std::string body;  // not in lists
    std::int64_t body_bytes = 0;
    KeptHeaders headers;
    std::int64_t address = 0;  // salted hash of the sender's IP
    std::int64_t received_at_ms = 0;
    std::string reason;
    // As the body claims.
    std::string delivery_id{};  // empty: it is no event
    std::string event_type{};
    std::vector<DeliveryCandidate> candidates{};
};

void insert_quarantine(Tx& tx, const QuarantineRow& row);
std::optional<QuarantineRow> find_quarantine(Tx& tx, std::string_view quarantine_id);
void delete_quarantine(Tx& tx, std::string_view quarantine_id);
// The newest first, before the id; empty: from the newest on.
std::vector<QuarantineRow> list_quarantine(Tx& tx, std::string_view connection_id,
                                           std::string_view before, std::int64_t limit);
std::vector<QuarantineRow> list_whole_quarantine(Tx& tx, std::string_view before,
                                                 std::int64_t limit);
// How much the connection keeps, and its oldest rows.
struct QuarantineUse {
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
};
QuarantineUse quarantine_use(Tx& tx, std::string_view connection_id);
std::vector<QuarantineRow> list_oldest_quarantine(Tx& tx, std::string_view connection_id,
                                                  std::int64_t limit);
// Up to `limit` rows of the workspace that came before then. Gives how many.
std::size_t delete_old_quarantine(Tx& tx, std::int64_t before_ms, std::int64_t limit);

// JSON, as the rows have it.
std::string headers_text(const KeptHeaders& headers);

}  // namespace hw
