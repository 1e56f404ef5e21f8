// SPDX-License-Identifier: Apache-2.0
#include "store/inbox.hpp"

#include <boost/json.hpp>

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertInbox{"insert_inbox", R"sql(
insert into inbox (workspace_id, inbox_id, connection_id, delivery_id, event_type, body, headers,
    received_at_ms, state, reason, settled_at_ms, signed_at_ms, api_version, accepted_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict do nothing returning 1
)sql"};

const Query kCountDuplicate{"count_inbox_duplicate", R"sql(
update inbox set duplicates = duplicates + 1
where workspace_id = $1 and connection_id = $2 and delivery_id = $3
)sql"};

const std::string kInboxColumns =
    "inbox_id, connection_id, delivery_id, event_type, headers, received_at_ms, state, reason, "
    "settled_at_ms, signed_at_ms, api_version, accepted_by, duplicates";

const Query kFindInbox{"find_inbox", "select " + kInboxColumns +
                                         ", body from inbox "
                                         "where workspace_id = $1 and inbox_id = $2"};

const Query kFindInboxId{"find_inbox_id", R"sql(
select inbox_id from inbox where workspace_id = $1 and connection_id = $2 and delivery_id = $3
)sql"};

const Query kSettleInbox{"settle_inbox", R"sql(
update inbox set state = $3, reason = $4, settled_at_ms = $5
where workspace_id = $1 and inbox_id = $2
)sql"};

const Query kListInbox{"list_inbox", "select " + kInboxColumns + R"sql(
from inbox
where workspace_id = $1 and connection_id = $2 and inbox_id < $3 and ($4 = '' or state = $4)
order by inbox_id desc limit $5
)sql"};

const Query kInsertQuarantine{"insert_quarantine", R"sql(
insert into quarantine (workspace_id, quarantine_id, connection_id, body, body_bytes, headers,
    address, received_at_ms, reason, delivery_id, event_type, candidates)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql"};

const std::string kQuarantineColumns =
    "quarantine_id, connection_id, body_bytes, headers, address, received_at_ms, reason, "
    "delivery_id, event_type, candidates";

const Query kFindQuarantine{"find_quarantine", "select " + kQuarantineColumns + R"sql(, body
from quarantine where workspace_id = $1 and quarantine_id = $2
)sql"};

const Query kListQuarantine{"list_quarantine", "select " + kQuarantineColumns + R"sql(
from quarantine where workspace_id = $1 and connection_id = $2 and quarantine_id < $3
order by quarantine_id desc limit $4
)sql"};

const Query kListWholeQuarantine{"list_whole_quarantine", "select " + kQuarantineColumns + R"sql(
from quarantine where workspace_id = $1 and quarantine_id < $2
order by quarantine_id desc limit $3
)sql"};

const Query kOldestQuarantine{"list_oldest_quarantine", "select " + kQuarantineColumns + R"sql(
from quarantine where workspace_id = $1 and connection_id = $2 order by quarantine_id limit $3
)sql"};

const Query kQuarantineUse{"quarantine_use", R"sql(
select count(*), cast(coalesce(sum(body_bytes), 0) as bigint) from quarantine
where workspace_id = $1 and connection_id = $2
)sql"};

const Query kDeleteQuarantine{
    "delete_quarantine", "delete from quarantine where workspace_id = $1 and quarantine_id = $2"};

const Query kDeleteOldQuarantine{"delete_old_quarantine", R"sql(
delete from quarantine where workspace_id = $1 and quarantine_id in
    (select quarantine_id from quarantine where workspace_id = $1 and received_at_ms < $2 limit $3)
returning 1
)sql"};

// Greater than every id.
constexpr std::string_view kEnd = "~";

std::string_view before_or_end(std::string_view before) {
    return before.empty() ? kEnd : before;
}

KeptHeaders headers_from(std::string_view text) {
    KeptHeaders headers;
    const auto value = json::parse(text);
    for (const auto& member : value.as_object()) {
        headers.emplace_back(member.key(), member.value().as_string());
    }
    return headers;
}

std::string candidates_text(const std::vector<DeliveryCandidate>& candidates) {
    json::array rows;
    for (const auto& each : candidates) {
        rows.push_back(json::object{{"rung", each.rung}, {"workspaceId", each.workspace_id}});
    }
    return json::serialize(rows);
}

std::vector<DeliveryCandidate> candidates_from(std::string_view text) {
    std::vector<DeliveryCandidate> candidates;
    const auto rows = json::parse(text);
    for (const auto& row : rows.as_array()) {
        candidates.push_back({std::string(row.at("rung").as_string()),
                              std::string(row.at("workspaceId").as_string())});
    }
    return candidates;
}

InboxRow inbox_from(const Tx& tx, const Row& row) {
    InboxRow found;
    found.workspace_id = tx.workspace_id();
    found.inbox_id = row.text(0);
    found.connection_id = row.text(1);
    found.delivery_id = row.text(2);
    found.event_type = row.text(3);
    found.headers = headers_from(row.view(4));
    found.received_at_ms = row.int64(5);
    found.state = row.text(6);
    found.reason = row.text(7);
    found.settled_at_ms = row.optional_int64(8);
    found.signed_at_ms = row.optional_int64(9);
    found.api_version = row.text(10);
    found.accepted_by = row.text(11);
    found.duplicates = row.int64(12);
    return found;
}

QuarantineRow quarantine_from(const Tx& tx, const Row& row) {
    QuarantineRow found;
    found.workspace_id = tx.workspace_id();
    found.quarantine_id = row.text(0);
    found.connection_id = row.text(1);
    found.body_bytes = row.int64(2);
    found.headers = headers_from(row.view(3));
    found.address = row.int64(4);
    found.received_at_ms = row.int64(5);
    found.reason = row.text(6);
    found.delivery_id = row.text(7);
    found.event_type = row.text(8);
    found.candidates = candidates_from(row.view(9));
    return found;
}

}  // namespace

std::string headers_text(const KeptHeaders& headers) {
    json::object object;
    for (const auto& [name, value] : headers) object[name] = value;
    return json::serialize(object);
}

bool insert_inbox(Tx& tx, const InboxRow& row) {
    const auto headers = headers_text(row.headers);
    const bool is_new =
        tx.any(kInsertInbox, row.workspace_id, row.inbox_id, row.connection_id, row.delivery_id,
               row.event_type, Param::Bytes{row.body}, headers, row.received_at_ms, row.state,
               row.reason, row.settled_at_ms, row.signed_at_ms, row.api_version, row.accepted_by);
    if (!is_new) tx.exec(kCountDuplicate, row.workspace_id, row.connection_id, row.delivery_id);
    return is_new;
}

std::optional<InboxRow> find_inbox(Tx& tx, std::string_view inbox_id) {
    return tx.first(
        kFindInbox,
        [&](const Row& row) {
            auto found = inbox_from(tx, row);
            found.body = row.bytes(13);
            return found;
        },
        tx.workspace_id(), inbox_id);
}

std::optional<std::string> find_inbox_id(Tx& tx, std::string_view connection_id,
                                         std::string_view delivery_id) {
    return tx.first(
        kFindInboxId, [](const Row& row) { return row.text(0); }, tx.workspace_id(), connection_id,
        delivery_id);
}

void settle_inbox(Tx& tx, std::string_view inbox_id, std::string_view state,
                  std::string_view reason) {
    tx.exec(kSettleInbox, tx.workspace_id(), inbox_id, state, reason, tx.now_ms());
}

std::vector<InboxRow> list_inbox(Tx& tx, const InboxFilter& filter) {
    return tx.all(
        kListInbox, [&](const Row& row) { return inbox_from(tx, row); }, tx.workspace_id(),
        filter.connection_id, before_or_end(filter.before), filter.state, filter.limit);
}

void insert_quarantine(Tx& tx, const QuarantineRow& row) {
    const auto headers = headers_text(row.headers);
    const auto candidates = candidates_text(row.candidates);
    tx.exec(kInsertQuarantine, row.workspace_id, row.quarantine_id, row.connection_id,
            Param::Bytes{row.body}, row.body_bytes, headers, row.address, row.received_at_ms,
            row.reason, row.delivery_id, row.event_type, candidates);
}

std::optional<QuarantineRow> find_quarantine(Tx& tx, std::string_view quarantine_id) {
    return tx.first(
        kFindQuarantine,
        [&](const Row& row) {
            auto found = quarantine_from(tx, row);
            found.body = row.bytes(10);
            return found;
        },
        tx.workspace_id(), quarantine_id);
}

void delete_quarantine(Tx& tx, std::string_view quarantine_id) {
    tx.exec(kDeleteQuarantine, tx.workspace_id(), quarantine_id);
}

std::vector<QuarantineRow> list_quarantine(Tx& tx, std::string_view connection_id,
                                           std::string_view before, std::int64_t limit) {
    return tx.all(
        kListQuarantine, [&](const Row& row) { return quarantine_from(tx, row); },
        tx.workspace_id(), connection_id, before_or_end(before), limit);
}

std::vector<QuarantineRow> list_whole_quarantine(Tx& tx, std::string_view before,
                                                 std::int64_t limit) {
    return tx.all(
        kListWholeQuarantine, [&](const Row& row) { return quarantine_from(tx, row); },
        tx.workspace_id(), before_or_end(before), limit);
}

QuarantineUse quarantine_use(Tx& tx, std::string_view connection_id) {
    return tx
        .first(
            kQuarantineUse,
            [](const Row& row) { return QuarantineUse{row.int64(0), row.int64(1)}; },
            tx.workspace_id(), connection_id)
        .value_or(QuarantineUse{});
}

std::vector<QuarantineRow> list_oldest_quarantine(Tx& tx, std::string_view connection_id,
                                                  std::int64_t limit) {
    return tx.all(
        kOldestQuarantine, [&](const Row& row) { return quarantine_from(tx, row); },
        tx.workspace_id(), connection_id, limit);
}

std::size_t delete_old_quarantine(Tx& tx, std::int64_t before_ms, std::int64_t limit) {
    std::size_t count = 0;
    tx.each(
        kDeleteOldQuarantine, [&](const Row&) { ++count; }, tx.workspace_id(), before_ms, limit);
    return count;
}

}  // namespace hw
