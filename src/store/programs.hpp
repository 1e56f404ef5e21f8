// SPDX-License-Identifier: Apache-2.0
// Programmes and their groups: which rewards a partner earns, and how long they are held.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/tx.hpp"

namespace hw {

struct Program {
    std::string workspace_id;
    std::string program_id;
    std::string name;
    std::string slug;                   // unique in the workspace
    std::optional<std::string> domain;  // of partner links
    std::optional<std::string> url;     // where partner links lead
    std::int64_t min_payout_amount = 0;
    std::int64_t created_at_ms = 0;
};

bool insert_program(Tx& tx, const Program& program);  // false: id or slug taken
void update_program(Tx& tx, const Program& program);
std::optional<Program> find_program(Tx& tx, std::string_view workspace_id,
                                    std::string_view program_id);
// The workspace's first one, which calls that name none are about.
std::optional<Program> default_program(Tx& tx, std::string_view workspace_id);
std::vector<Program> list_programs(Tx& tx, std::string_view workspace_id);

struct DefaultLink {
    std::string domain;
    std::string url;
};

struct PartnerGroup {
    std::string workspace_id;
    std::string group_id;
    std::string program_id;
    std::string name;
    std::string slug;  // unique in the programme; "default" is where partners begin
    std::optional<std::string> color;
    std::int64_t holding_period_days = 0;
    std::optional<std::string> click_reward_id;
    std::optional<std::string> lead_reward_id;
    std::optional<std::string> sale_reward_id;
    std::optional<std::string> referral_reward_id;
    std::optional<std::string> discount_id;
    std::vector<std::string> link_hosts;  // that partner links may lead to; empty: the programme's
    std::vector<DefaultLink> default_links;  // made for every new partner
    std::int64_t created_at_ms = 0;
};

bool insert_group(Tx& tx, const PartnerGroup& group);  // false: id or slug taken
void update_group(Tx& tx, const PartnerGroup& group);
bool delete_group(Tx& tx, std::string_view workspace_id, std::string_view group_id);
std::optional<PartnerGroup> find_group(Tx& tx, std::string_view workspace_id,
                                       std::string_view group_id);
std::optional<PartnerGroup> find_group_by_slug(Tx& tx, std::string_view workspace_id,
                                               std::string_view program_id, std::string_view slug);
std::vector<PartnerGroup> list_groups(Tx& tx, std::string_view workspace_id,
                                      std::string_view program_id);

}  // namespace hw
