// SPDX-License-Identifier: Apache-2.0
// Rewards: what a group's partners earn for an event, and under which conditions more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct RewardAmount {
    bool is_percentage = false;
    std::int64_t amount = 0;  // minor units; of a percentage hundredths of a percent (2.9 %: 290)
    std::optional<std::int64_t> max_duration_months;  // 0: the first only; nothing: for ever
};

struct RewardCondition {
    std::string entity;               // customer, partner, sale, lead
    std::string attribute;            // country, amount, metadata, ...
    std::string comparison;           // equals_to, not_in, greater_than, ...
    std::vector<std::string> values;  // one, except for in and not_in
    bool is_text = true;              // false: the values are numbers
    std::string metadata_field;       // of metadata: which
};

struct RewardModifier {
    std::string modifier_id;
    bool needs_all = true;  // operator AND; else one condition is enough
    std::vector<RewardCondition> conditions;
    RewardAmount amount;
};

struct Reward {
    std::string workspace_id;
    std::string reward_id;
    std::string program_id;
    std::string event;  // click, lead, sale, referral
    RewardAmount base;
    std::optional<std::int64_t> spend_limit;  // minor units
    std::string spend_limit_interval;         // allTime, day, week, month; empty without a limit
    std::vector<RewardModifier> modifiers;
    std::string description;
    std::string tooltip;
    std::int64_t created_at_ms = 0;
    std::int64_t updated_at_ms = 0;
};

bool insert_reward(Tx& tx, const Reward& reward);  // false: the id is taken
void update_reward(Tx& tx, const Reward& reward);  // everything but its id, program and event
bool delete_reward(Tx& tx, std::string_view workspace_id, std::string_view reward_id);
std::optional<Reward> find_reward(Tx& tx, std::string_view workspace_id,
                                  std::string_view reward_id);
std::vector<Reward> list_rewards(Tx& tx, std::string_view workspace_id,
                                 std::string_view program_id);

}  // namespace hw
