// SPDX-License-Identifier: Apache-2.0
#include "store/fraud_groups.hpp"

#include <boost/json.hpp>

#include "base/fault.hpp"

namespace hw {
namespace {

namespace json = boost::json;

const Query kHasEvent{"has_fraud_event", R"sql(
select 1 from fraud_events where workspace_id = $1 and commission_id = $2 and rule = $3
)sql"};

// Whoever adds to a group holds its row until the transaction ends, so that nobody resolves it
// without this event.
const Query kTouchGroup{"touch_fraud_group", R"sql(
insert into fraud_groups as g (workspace_id, group_id, partner_id, rule, status, resolution, events,
    first_event_at_ms, last_event_at_ms, expires_at_ms)
values ($1, $2, $3, $4, 'pending', '', 1, $5, $5, $6)
on conflict (workspace_id, partner_id, rule) where status = 'pending'
do update set events = g.events + 1, last_event_at_ms = excluded.last_event_at_ms,
    expires_at_ms = excluded.expires_at_ms
returning group_id
)sql"};

const Query kInsertEvent{"insert_fraud_event", R"sql(
insert into fraud_events (workspace_id, event_id, group_id, rule, partner_id, commission_id,
    customer_id, evidence_key, evidence, at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

const std::string kGroupColumns =
    "select group_id, partner_id, rule, status, resolution, events, first_event_at_ms, "
    "last_event_at_ms, expires_at_ms, resolved_at_ms, resolved_by, settled_through "
    "from fraud_groups where workspace_id = $1 ";

const Query kFindGroup{"find_fraud_group", kGroupColumns + "and group_id = $2"};

const Query kFindPendingGroup{
    "find_pending_fraud_group",
    kGroupColumns + "and partner_id = $2 and rule = $3 and status = 'pending'"};

const Query kListGroups{"list_fraud_groups",
                        kGroupColumns +
                            "and group_id < $2 and ($3 = '' or status = $3) "
                            "and ($4 = '' or partner_id = $4) and ($5 = '' or rule = $5) "
                            "order by group_id desc limit $6"};

const Query kListEvents{"list_fraud_events", R"sql(
select event_id, group_id, rule, partner_id, commission_id, customer_id, evidence_key, evidence,
    at_ms
from fraud_events where workspace_id = $1 and group_id = $2 and event_id > $3
order by event_id limit $4
)sql"};

const Query kResolveGroup{"resolve_fraud_group", R"sql(
update fraud_groups set status = 'resolved', resolution = $3, resolved_at_ms = $4, resolved_by = $5,
    settled_through = ''
where workspace_id = $1 and group_id = $2 and status = 'pending' returning 1
)sql"};

const Query kSetSettledThrough{"set_settled_through", R"sql(
update fraud_groups set settled_through = $3 where workspace_id = $1 and group_id = $2
)sql"};

const Query kIsCleared{"is_fraud_event_cleared", R"sql(
select 1 from fraud_events e join fraud_groups g
    on g.workspace_id = e.workspace_id and g.group_id = e.group_id
where e.workspace_id = $1 and e.partner_id = $2 and e.rule = $3 and e.evidence_key = $4
    and g.resolution = 'released'
limit 1
)sql"};

const Query kIsHeld{"is_held_by_fraud_group", R"sql(
select 1 from fraud_events e join fraud_groups g
    on g.workspace_id = e.workspace_id and g.group_id = e.group_id
where e.workspace_id = $1 and e.commission_id = $2 and g.status = 'pending' limit 1
)sql"};

const Query kDueGroups{"due_fraud_groups", R"sql(
select group_id from fraud_groups
where workspace_id = $1 and status = 'pending' and expires_at_ms is not null
    and expires_at_ms <= $2
order by expires_at_ms limit $3
)sql"};

const Query kUnsettledGroups{"unsettled_fraud_groups", R"sql(
select group_id from fraud_groups where workspace_id = $1 and settled_through >= ''
order by settled_through limit $2
)sql"};

constexpr std::string_view kAboveEveryId = "\U0010FFFF";

FraudGroup group_from(const Row& row) {
    return {.group_id = row.text(0),
            .partner_id = row.text(1),
            .rule = row.text(2),
            .status = row.text(3),
            .resolution = row.text(4),
            .events = row.int64(5),
            .first_event_at_ms = row.int64(6),
            .last_event_at_ms = row.int64(7),
            .expires_at_ms = row.optional_int64(8),
            .resolved_at_ms = row.optional_int64(9),
            .resolved_by = row.optional_text(10),
            .settled_through = row.optional_text(11)};
}

FraudEventText event_from(const Row& row) {
    return {.event = {.event_id = row.text(0),
                      .group_id = row.text(1),
                      .rule = row.text(2),
                      .partner_id = row.text(3),
                      .commission_id = row.text(4),
                      .customer_id = row.optional_text(5),
                      .evidence_key = row.text(6),
                      .evidence = {},
                      .at_ms = row.int64(8)},
            .evidence = row.text(7)};
}

std::string first_text(const Row& row) {
    return row.text(0);
}

std::string evidence_text(const FraudEvent& event) {
    json::object object;
    for (const auto& [name, value] : event.evidence) object[name] = value;
    return json::serialize(object);
}

}  // namespace

std::optional<std::string> add_fraud_event(Tx& tx, const FraudEvent& event,
                                           std::optional<std::int64_t> expires_at_ms) {
    const auto& ws = tx.workspace_id();
    if (tx.any(kHasEvent, ws, event.commission_id, event.rule)) return std::nullopt;
    const auto new_group_id = tx.new_id("frg_");
    const auto group_id = tx.first(kTouchGroup, first_text, ws, new_group_id, event.partner_id,
                                   event.rule, event.at_ms, expires_at_ms);
    HW_ASSERT(group_id);
    const auto evidence = evidence_text(event);
    tx.exec(kInsertEvent, ws, event.event_id, *group_id, event.rule, event.partner_id,
            event.commission_id, event.customer_id, event.evidence_key, evidence, event.at_ms);
    return group_id;
}

std::optional<FraudGroup> find_fraud_group(Tx& tx, std::string_view workspace_id,
                                           std::string_view group_id) {
    return tx.first(kFindGroup, group_from, workspace_id, group_id);
}

std::optional<FraudGroup> find_pending_fraud_group(Tx& tx, std::string_view workspace_id,
                                                   std::string_view partner_id,
                                                   std::string_view rule) {
    return tx.first(kFindPendingGroup, group_from, workspace_id, partner_id, rule);
}

std::vector<FraudGroup> list_fraud_groups(Tx& tx, const FraudGroupFilter& filter) {
    const std::string_view before = filter.after.empty() ? kAboveEveryId : filter.after;
    return tx.all(kListGroups, group_from, tx.workspace_id(), before, filter.status,
                  filter.partner_id, filter.rule, filter.limit);
}

std::vector<FraudEventText> list_fraud_events(Tx& tx, std::string_view group_id,
                                              std::string_view after, std::int64_t limit) {
    return tx.all(kListEvents, event_from, tx.workspace_id(), group_id, after, limit);
}

bool resolve_fraud_group(Tx& tx, std::string_view group_id, std::string_view resolution,
                         std::string_view by) {
    return tx.any(kResolveGroup, tx.workspace_id(), group_id, resolution, tx.now_ms(), by);
}

void set_settled_through(Tx& tx, std::string_view group_id,
                         const std::optional<std::string>& through) {
    tx.exec(kSetSettledThrough, tx.workspace_id(), group_id, through);
}

bool is_cleared_by_person(Tx& tx, const FraudEvent& event) {
    return tx.any(kIsCleared, tx.workspace_id(), event.partner_id, event.rule, event.evidence_key);
}

bool is_held_by_fraud_group(Tx& tx, std::string_view commission_id) {
    return tx.any(kIsHeld, tx.workspace_id(), commission_id);
}

std::vector<std::string> due_fraud_groups(Tx& tx, std::string_view workspace_id,
                                          std::int64_t limit) {
    return tx.all(kDueGroups, first_text, workspace_id, tx.now_ms(), limit);
}

std::vector<std::string> unsettled_fraud_groups(Tx& tx, std::string_view workspace_id,
                                                std::int64_t limit) {
    return tx.all(kUnsettledGroups, first_text, workspace_id, limit);
}

}  // namespace hw
