// SPDX-License-Identifier: Apache-2.0
#include "store/inbox.hpp"

#include <boost/json.hpp>

#include "base/id.hpp"

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertInbox{"insert_inbox", R"sql(
insert into inbox (workspace_id, inbox_id, connection_id, delivery_id, event_type, body, headers,
    received_at_ms, state, reason, settled_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning 1
)sql"};

const Query kFindInbox{"find_inbox", R"sql(
select inbox_id, connection_id, delivery_id, event_type, headers, received_at_ms, state, reason,
    settled_at_ms, body
from inbox where workspace_id = $1 and inbox_id = $2
)sql"};

const Query kSettleInbox{"settle_inbox", R"sql(
update inbox set state = $3, reason = $4, settled_at_ms = $5
where workspace_id = $1 and inbox_id = $2
)sql"};

const Query kListInbox{"list_inbox", R"sql(
select inbox_id, connection_id, delivery_id, event_type, headers, received_at_ms, state, reason,
    settled_at_ms
from inbox
where workspace_id = $1 and connection_id = $2 and inbox_id < $3 and ($4 = '' or state = $4)
order by inbox_id desc limit $5
)sql"};

const Query kInsertQuarantine{"insert_quarantine", R"sql(
insert into quarantine (workspace_id, quarantine_id, connection_id, body, body_bytes, headers,
    address, received_at_ms, reason)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

const Query kFindQuarantine{"find_quarantine", R"sql(
select quarantine_id, connection_id, body_bytes, headers, address, received_at_ms, reason, body
from quarantine where workspace_id = $1 and quarantine_id = $2
)sql"};

const Query kListQuarantine{"list_quarantine", R"sql(
select quarantine_id, connection_id, body_bytes, headers, address, received_at_ms, reason
from quarantine where workspace_id = $1 and connection_id = $2 and quarantine_id < $3
order by quarantine_id desc limit $4
)sql"};

const Query kOldestQuarantine{"list_oldest_quarantine", R"sql(
select quarantine_id, connection_id, body_bytes, headers, address, received_at_ms, reason
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

const Query kFirstInbox{"first_inbox", R"sql(
select received_at_ms from inbox where workspace_id = $1 order by inbox_id limit 1
)sql"};

const Query kLastInbox{"last_inbox", R"sql(
select received_at_ms from inbox where workspace_id = $1 order by inbox_id desc limit 1
)sql"};

const Query kCountInbox{"count_inbox", R"sql(
select count(*) from inbox where workspace_id = $1 and inbox_id >= $2 and state = $3
)sql"};

const Query kCountQuarantine{"count_quarantine", R"sql(
select count(*) from quarantine where workspace_id = $1 and received_at_ms >= $2
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
    return found;
}

}  // namespace

std::string headers_text(const KeptHeaders& headers) {
    json::object object;
    for (const auto& [name, value] : headers) object[name] = value;
    return json::serialize(object);
}

InboxTimes inbox_times(Tx& tx) {
    const auto time = [](const Row& row) { return row.int64(0); };
    return {.first_ms = tx.first(kFirstInbox, time, tx.workspace_id()),
            .last_ms = tx.first(kLastInbox, time, tx.workspace_id())};
}

std::int64_t count_inbox(Tx& tx, std::string_view state, std::int64_t from_ms) {
    return *tx.first(
        kCountInbox, [](const Row& row) { return row.int64(0); }, tx.workspace_id(),
        first_id("ibx_", from_ms), state);
}

std::int64_t count_quarantine(Tx& tx, std::int64_t from_ms) {
    return *tx.first(
        kCountQuarantine, [](const Row& row) { return row.int64(0); }, tx.workspace_id(), from_ms);
}

bool insert_inbox(Tx& tx, const InboxRow& row) {
    const auto headers = headers_text(row.headers);
    return tx.any(kInsertInbox, row.workspace_id, row.inbox_id, row.connection_id, row.delivery_id,
                  row.event_type, Param::Bytes{row.body}, headers, row.received_at_ms, row.state,
                  row.reason, row.settled_at_ms);
}

std::optional<InboxRow> find_inbox(Tx& tx, std::string_view inbox_id) {
    return tx.first(
        kFindInbox,
        [&](const Row& row) {
            auto found = inbox_from(tx, row);
            found.body = row.bytes(9);
            return found;
        },
        tx.workspace_id(), inbox_id);
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
    tx.exec(kInsertQuarantine, row.workspace_id, row.quarantine_id, row.connection_id,
            Param::Bytes{row.body}, row.body_bytes, headers, row.address, row.received_at_ms,
            row.reason);
}

std::optional<QuarantineRow> find_quarantine(Tx& tx, std::string_view quarantine_id) {
    return tx.first(
        kFindQuarantine,
        [&](const Row& row) {
            auto found = quarantine_from(tx, row);
            found.body = row.bytes(7);
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
