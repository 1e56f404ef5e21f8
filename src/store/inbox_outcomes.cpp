// SPDX-License-Identifier: Apache-2.0
#include "store/inbox_outcomes.hpp"

#include "base/id.hpp"

namespace hw {
namespace {

const Query kFirstInbox{"first_inbox", R"sql(
select received_at_ms from inbox where workspace_id = $1 and accepted_by = ''
order by inbox_id limit 1
)sql"};

const Query kLastInbox{"last_inbox", R"sql(
select received_at_ms from inbox where workspace_id = $1 and accepted_by = ''
order by inbox_id desc limit 1
)sql"};

const Query kCountInbox{"count_inbox", R"sql(
select count(*) from inbox where workspace_id = $1 and inbox_id >= $2 and state = $3
)sql"};

const Query kCountQuarantine{"count_quarantine", R"sql(
select count(*) from quarantine where workspace_id = $1 and received_at_ms >= $2
)sql"};

const Query kRepeats{"inbox_repeats", R"sql(
select count(*), cast(coalesce(sum(duplicates), 0) as bigint) from inbox
where workspace_id = $1 and inbox_id >= $2
)sql"};

// The reason stands behind the body, so only one row is read for it.
const Query kLastDead{"last_dead_delivery", R"sql(
select received_at_ms, reason from inbox where workspace_id = $1 and inbox_id =
    (select max(inbox_id) from inbox
     where workspace_id = $1 and inbox_id >= $2 and state = 'dead')
)sql"};

const Query kLastSetAside{"last_set_aside", R"sql(
select received_at_ms, reason from quarantine where workspace_id = $1
order by quarantine_id desc limit 1
)sql"};

const Query kLastSkew{"last_clock_skew", R"sql(
select received_at_ms - signed_at_ms from inbox
where workspace_id = $1 and inbox_id >= $2 and signed_at_ms is not null
order by inbox_id desc limit 1
)sql"};

const Query kLastVersion{"last_api_version", R"sql(
select api_version from inbox
where workspace_id = $1 and inbox_id >= $2 and accepted_by = '' and api_version <> ''
order by inbox_id desc limit 1
)sql"};

const Query kHasType{"has_event_type", R"sql(
select 1 from inbox where workspace_id = $1 and connection_id = $2 and event_type = $3 limit 1
)sql"};

const Query kHasDelivery{"has_delivery", R"sql(
select 1 from inbox where workspace_id = $1 and connection_id = $2 limit 1
)sql"};

constexpr auto kNumber = [](const Row& row) { return row.int64(0); };
constexpr auto kFailure = [](const Row& row) { return InboxFailure{row.int64(0), row.text(1)}; };

}  // namespace

InboxTimes inbox_times(Tx& tx) {
    return {.first_ms = tx.first(kFirstInbox, kNumber, tx.workspace_id()),
            .last_ms = tx.first(kLastInbox, kNumber, tx.workspace_id())};
}

std::int64_t count_inbox(Tx& tx, std::string_view state, std::int64_t from_ms) {
    return *tx.first(kCountInbox, kNumber, tx.workspace_id(), first_id("ibx_", from_ms), state);
}

std::int64_t count_quarantine(Tx& tx, std::int64_t from_ms) {
    return *tx.first(kCountQuarantine, kNumber, tx.workspace_id(), from_ms);
}

InboxRepeats inbox_repeats(Tx& tx, std::int64_t from_ms) {
    return *tx.first(
        kRepeats, [](const Row& row) { return InboxRepeats{row.int64(0), row.int64(1)}; },
        tx.workspace_id(), first_id("ibx_", from_ms));
}

std::optional<InboxFailure> last_dead_delivery(Tx& tx, std::int64_t from_ms) {
    return tx.first(kLastDead, kFailure, tx.workspace_id(), first_id("ibx_", from_ms));
}

std::optional<InboxFailure> last_set_aside(Tx& tx) {
    return tx.first(kLastSetAside, kFailure, tx.workspace_id());
}

std::optional<std::int64_t> last_clock_skew_ms(Tx& tx, std::int64_t from_ms) {
    return tx.first(kLastSkew, kNumber, tx.workspace_id(), first_id("ibx_", from_ms));
}

std::string last_api_version(Tx& tx, std::int64_t from_ms) {
    const auto text = [](const Row& row) { return row.text(0); };
    return tx.first(kLastVersion, text, tx.workspace_id(), first_id("ibx_", from_ms)).value_or("");
}

bool has_delivery(Tx& tx, std::string_view connection_id) {
    return tx.any(kHasDelivery, tx.workspace_id(), connection_id);
}

bool has_event_type(Tx& tx, std::string_view connection_id, std::string_view event_type) {
    return tx.any(kHasType, tx.workspace_id(), connection_id, event_type);
}

}  // namespace hw
