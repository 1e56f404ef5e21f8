// SPDX-License-Identifier: Apache-2.0
// Programmes and their groups as their owner sets them up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/link_fields.hpp"
#include "store/programs.hpp"

namespace hw {

inline constexpr std::string_view kDefaultGroup = "default";

struct ProgramFields {
    std::optional<std::string> name;
    std::optional<std::string> slug;  // of a new one; else from the name
    Patch<std::string> domain;        // of partner links; one of the workspace's
    Patch<std::string> url;           // where partner links lead
    std::optional<std::int64_t> min_payout_amount;
};

// The named one, else the workspace's first. 404 `Program not found`.
Result<Program> required_program(Tx& tx, const std::optional<std::string>& program_id = {});

// With its group "default".
Result<Program> create_program(Tx& tx, const ProgramFields& fields);
Result<Program> update_program(Tx& tx, std::string_view program_id, const ProgramFields& fields);

struct GroupFields {
    std::optional<std::string> program_id;  // of a new one; else the workspace's first
    std::optional<std::string> name;
    std::optional<std::string> slug;  // of a new one; else from the name
    Patch<std::string> color;
    std::optional<std::int64_t> holding_period_days;
    Patch<std::string> click_reward_id;
    Patch<std::string> lead_reward_id;
    Patch<std::string> sale_reward_id;
    Patch<std::string> referral_reward_id;
    Patch<std::string> discount_id;
    std::optional<std::vector<std::string>> link_hosts;
    std::optional<std::vector<DefaultLink>> default_links;
};

Result<PartnerGroup> get_group(Tx& tx, std::string_view group_id);
Result<PartnerGroup> create_group(Tx& tx, const GroupFields& fields);
Result<PartnerGroup> update_group(Tx& tx, std::string_view group_id, const GroupFields& fields);
// Gives the id. 409 while partners are in it, and for the one where they begin.
Result<std::string> delete_group(Tx& tx, std::string_view group_id);

// Whether partner links of that group may lead there: a host of the group's, or a domain below one;
// without any the programme's. 422 names those that are allowed.
Result<void> check_partner_url(const Program& program, const PartnerGroup& group,
                               std::string_view url);

}  // namespace hw
