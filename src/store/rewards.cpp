// SPDX-License-Identifier: Apache-2.0
#include "store/rewards.hpp"

#include <boost/json.hpp>

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertReward{"insert_reward", R"sql(
insert into rewards (workspace_id, reward_id, program_id, event, is_percentage, amount,
    max_duration_months, spend_limit, spend_limit_interval, modifiers, description, tooltip,
    created_at_ms, updated_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict do nothing returning 1
)sql"};

const Query kUpdateReward{"update_reward", R"sql(
update rewards set is_percentage = $3, amount = $4, max_duration_months = $5, spend_limit = $6,
    spend_limit_interval = $7, modifiers = $8, description = $9, tooltip = $10, updated_at_ms = $11
where workspace_id = $1 and reward_id = $2
)sql"};

const Query kDeleteReward{
    "delete_reward", "delete from rewards where workspace_id = $1 and reward_id = $2 returning 1"};

const Query kFindReward{"find_reward", R"sql(
select workspace_id, reward_id, program_id, event, is_percentage, amount, max_duration_months,
    spend_limit, spend_limit_interval, modifiers, description, tooltip, created_at_ms, updated_at_ms
from rewards where workspace_id = $1 and reward_id = $2
)sql"};

const Query kListRewards{"list_rewards", R"sql(
select workspace_id, reward_id, program_id, event, is_percentage, amount, max_duration_months,
    spend_limit, spend_limit_interval, modifiers, description, tooltip, created_at_ms, updated_at_ms
from rewards where workspace_id = $1 and program_id = $2 order by reward_id
)sql"};

json::value json_of(const std::optional<std::int64_t>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

std::optional<std::int64_t> optional_from(const json::value& value) {
    return value.is_null() ? std::nullopt : std::optional(value.as_int64());
}

json::object json_of(const RewardCondition& condition) {
    return {{"entity", condition.entity},
            {"attribute", condition.attribute},
            {"comparison", condition.comparison},
            {"values", json::array(condition.values.begin(), condition.values.end())},
            {"text", condition.is_text},
            {"field", condition.metadata_field}};
}

json::object json_of(const RewardModifier& modifier) {
    json::array conditions;
    for (const auto& condition : modifier.conditions) conditions.push_back(json_of(condition));
    return {{"id", modifier.modifier_id},
            {"all", modifier.needs_all},
            {"conditions", std::move(conditions)},
            {"percentage", modifier.amount.is_percentage},
            {"amount", modifier.amount.amount},
            {"months", json_of(modifier.amount.max_duration_months)}};
}

std::string text_of(const std::vector<RewardModifier>& modifiers) {
    json::array all;
    for (const auto& modifier : modifiers) all.push_back(json_of(modifier));
    return json::serialize(all);
}

std::string text_from(const json::value& value) {
    return std::string(value.as_string());
}

RewardCondition condition_from(const json::object& object) {
    RewardCondition condition{.entity = text_from(object.at("entity")),
                              .attribute = text_from(object.at("attribute")),
                              .comparison = text_from(object.at("comparison")),
                              .values = {},
                              .is_text = object.at("text").as_bool(),
                              .metadata_field = text_from(object.at("field"))};
    for (const auto& value : object.at("values").as_array()) {
        condition.values.push_back(text_from(value));
    }
    return condition;
}

RewardModifier modifier_from(const json::object& object) {
    RewardModifier modifier{.modifier_id = text_from(object.at("id")),
                            .needs_all = object.at("all").as_bool(),
                            .conditions = {},
                            .amount = {.is_percentage = object.at("percentage").as_bool(),
                                       .amount = object.at("amount").as_int64(),
                                       .max_duration_months = optional_from(object.at("months"))}};
    for (const auto& condition : object.at("conditions").as_array()) {
        modifier.conditions.push_back(condition_from(condition.as_object()));
    }
    return modifier;
}

std::vector<RewardModifier> modifiers_from(std::string_view text) {
    const auto all = json::parse(json::string_view(text.data(), text.size()));
    std::vector<RewardModifier> modifiers;
    for (const auto& modifier : all.as_array()) {
        modifiers.push_back(modifier_from(modifier.as_object()));
    }
    return modifiers;
}

Reward reward_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .reward_id = row.text(1),
            .program_id = row.text(2),
            .event = row.text(3),
            .base = {.is_percentage = row.boolean(4),
                     .amount = row.int64(5),
                     .max_duration_months = row.optional_int64(6)},
            .spend_limit = row.optional_int64(7),
            .spend_limit_interval = row.text(8),
            .modifiers = modifiers_from(row.view(9)),
            .description = row.text(10),
            .tooltip = row.text(11),
            .created_at_ms = row.int64(12),
            .updated_at_ms = row.int64(13)};
}

}  // namespace

bool insert_reward(Tx& tx, const Reward& reward) {
    const auto modifiers = text_of(reward.modifiers);
    return tx.any(kInsertReward, reward.workspace_id, reward.reward_id, reward.program_id,
                  reward.event, reward.base.is_percentage, reward.base.amount,
                  reward.base.max_duration_months, reward.spend_limit, reward.spend_limit_interval,
                  modifiers, reward.description, reward.tooltip, reward.created_at_ms,
                  reward.updated_at_ms);
}

void update_reward(Tx& tx, const Reward& reward) {
    const auto modifiers = text_of(reward.modifiers);
    tx.exec(kUpdateReward, reward.workspace_id, reward.reward_id, reward.base.is_percentage,
            reward.base.amount, reward.base.max_duration_months, reward.spend_limit,
            reward.spend_limit_interval, modifiers, reward.description, reward.tooltip,
            reward.updated_at_ms);
}

bool delete_reward(Tx& tx, std::string_view workspace_id, std::string_view reward_id) {
    return tx.any(kDeleteReward, workspace_id, reward_id);
}

std::optional<Reward> find_reward(Tx& tx, std::string_view workspace_id,
                                  std::string_view reward_id) {
    return tx.first(kFindReward, reward_from, workspace_id, reward_id);
}

std::vector<Reward> list_rewards(Tx& tx, std::string_view workspace_id,
                                 std::string_view program_id) {
    return tx.all(kListRewards, reward_from, workspace_id, program_id);
}

}  // namespace hw
