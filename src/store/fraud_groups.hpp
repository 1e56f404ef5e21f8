// SPDX-License-Identifier: Apache-2.0
// What fraud rules found (append-only), and its groups, one per partner and rule, which a person
// decides about or time does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct FraudGroup {
    std::string group_id;
    std::string partner_id;
    std::string rule;
    std::string status;      // pending, resolved
    std::string resolution;  // empty while pending; released, fraud, expired
    std::int64_t events = 0;
    std::int64_t first_event_at_ms = 0;
    std::int64_t last_event_at_ms = 0;
    std::optional<std::int64_t> expires_at_ms;  // nothing: never
    std::optional<std::int64_t> resolved_at_ms;
    std::optional<std::string> resolved_by;
    // Of a resolved group: the last event whose commission was brought in line; nothing: all were.
    std::optional<std::string> settled_through;
};

struct FraudEvent {
    std::string event_id;
    std::string group_id;
    std::string rule;
    std::string partner_id;
    std::string commission_id;
    std::optional<std::string> customer_id;
    std::string evidence_key;  // what it is about
    std::vector<std::pair<std::string, std::string>> evidence;
    std::int64_t at_ms = 0;
};

// Adds the event to the pending group of its partner and rule, which is made when there is none,
// and gives the group's id; `event.group_id` is not read. Nothing the second time for a commission
// and rule.
std::optional<std::string> add_fraud_event(Tx& tx, const FraudEvent& event,
                                           std::optional<std::int64_t> expires_at_ms);

std::optional<FraudGroup> find_fraud_group(Tx& tx, std::string_view workspace_id,
                                           std::string_view group_id);
std::optional<FraudGroup> find_pending_fraud_group(Tx& tx, std::string_view workspace_id,
                                                   std::string_view partner_id,
                                                   std::string_view rule);

struct FraudGroupFilter {
    std::string status;  // empty: any, and so are the others
    std::string partner_id;
    std::string rule;
    std::string after;  // an id; newest first
    std::int64_t limit = 100;
};
std::vector<FraudGroup> list_fraud_groups(Tx& tx, const FraudGroupFilter& filter);

struct FraudEventText {
    FraudEvent event;      // without its evidence
    std::string evidence;  // JSON
};
// Of a group, oldest first, after that one.
std::vector<FraudEventText> list_fraud_events(Tx& tx, std::string_view group_id,
                                              std::string_view after, std::int64_t limit);

// False when it is not pending any more.
bool resolve_fraud_group(Tx& tx, std::string_view group_id, std::string_view resolution,
                         std::string_view by);
// An empty `through` begins; nothing: all events are settled.
void set_settled_through(Tx& tx, std::string_view group_id,
                         const std::optional<std::string>& through);

// Whether a person has released this partner from this rule's finding of that.
bool is_cleared_by_person(Tx& tx, const FraudEvent& event);

// Whether another group waits for a decision on that commission.
bool is_held_by_fraud_group(Tx& tx, std::string_view commission_id);

std::vector<std::string> due_fraud_groups(Tx& tx, std::string_view workspace_id,
                                          std::int64_t limit);
std::vector<std::string> unsettled_fraud_groups(Tx& tx, std::string_view workspace_id,
                                                std::int64_t limit);

}  // namespace hw
