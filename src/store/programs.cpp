// SPDX-License-Identifier: Apache-2.0
#include "store/programs.hpp"

#include <boost/json.hpp>

namespace hw {
namespace {

namespace json = boost::json;

const Query kInsertProgram{"insert_program", R"sql(
insert into programs (workspace_id, program_id, name, slug, domain, url, min_payout_amount,
    created_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning 1
)sql"};

const Query kUpdateProgram{"update_program", R"sql(
update programs set name = $3, domain = $4, url = $5, min_payout_amount = $6
where workspace_id = $1 and program_id = $2
)sql"};

const Query kFindProgram{"find_program", R"sql(
select workspace_id, program_id, name, slug, domain, url, min_payout_amount, created_at_ms
from programs where workspace_id = $1 and program_id = $2
)sql"};

const Query kListPrograms{"list_programs", R"sql(
select workspace_id, program_id, name, slug, domain, url, min_payout_amount, created_at_ms
from programs where workspace_id = $1 order by created_at_ms, program_id limit $2
)sql"};

const Query kInsertGroup{"insert_group", R"sql(
insert into partner_groups (workspace_id, group_id, program_id, name, slug, color,
    holding_period_days, click_reward_id, lead_reward_id, sale_reward_id, referral_reward_id,
    discount_id, link_hosts, default_links, created_at_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict do nothing returning 1
)sql"};

const Query kUpdateGroup{"update_group", R"sql(
update partner_groups set name = $3, color = $4, holding_period_days = $5, click_reward_id = $6,
    lead_reward_id = $7, sale_reward_id = $8, referral_reward_id = $9, discount_id = $10,
    link_hosts = $11, default_links = $12
where workspace_id = $1 and group_id = $2
)sql"};

const Query kDeleteGroup{
    "delete_group",
    "delete from partner_groups where workspace_id = $1 and group_id = $2 returning 1"};

const std::string kGroupColumns =
    "select workspace_id, group_id, program_id, name, slug, color, holding_period_days, "
    "click_reward_id, lead_reward_id, sale_reward_id, referral_reward_id, discount_id, link_hosts, "
    "default_links, created_at_ms from partner_groups where workspace_id = $1 ";

const Query kFindGroup{"find_group", kGroupColumns + "and group_id = $2"};
const Query kFindGroupBySlug{"find_group_by_slug",
                             kGroupColumns + "and program_id = $2 and slug = $3"};
const Query kListGroups{"list_groups", kGroupColumns + "and program_id = $2 order by slug"};

constexpr std::int64_t kProgramsListed = 100;

Program program_from(const Row& row) {
    return {.workspace_id = row.text(0),
            .program_id = row.text(1),
            .name = row.text(2),
            .slug = row.text(3),
            .domain = row.optional_text(4),
            .url = row.optional_text(5),
            .min_payout_amount = row.int64(6),
            .created_at_ms = row.int64(7)};
}

std::string text_of(const std::vector<std::string>& texts) {
    return json::serialize(json::array(texts.begin(), texts.end()));
}

std::string text_of(const std::vector<DefaultLink>& links) {
    json::array all;
    for (const auto& link : links) {
        all.push_back(json::object{{"domain", link.domain}, {"url", link.url}});
    }
    return json::serialize(all);
}

json::array array_from(std::string_view text) {
    return json::parse(json::string_view(text.data(), text.size())).as_array();
}

PartnerGroup group_from(const Row& row) {
    PartnerGroup group{.workspace_id = row.text(0),
                       .group_id = row.text(1),
                       .program_id = row.text(2),
                       .name = row.text(3),
                       .slug = row.text(4),
                       .color = row.optional_text(5),
                       .holding_period_days = row.int64(6),
                       .click_reward_id = row.optional_text(7),
                       .lead_reward_id = row.optional_text(8),
                       .sale_reward_id = row.optional_text(9),
                       .referral_reward_id = row.optional_text(10),
                       .discount_id = row.optional_text(11),
                       .link_hosts = {},
                       .default_links = {},
                       .created_at_ms = row.int64(14)};
    const auto hosts = array_from(row.view(12));
    for (const auto& host : hosts) group.link_hosts.emplace_back(host.as_string());
    const auto links = array_from(row.view(13));
    for (const auto& link : links) {
        group.default_links.push_back(
            {std::string(link.at("domain").as_string()), std::string(link.at("url").as_string())});
    }
    return group;
}

}  // namespace

bool insert_program(Tx& tx, const Program& program) {
    return tx.any(kInsertProgram, program.workspace_id, program.program_id, program.name,
                  program.slug, program.domain, program.url, program.min_payout_amount,
                  program.created_at_ms);
}

void update_program(Tx& tx, const Program& program) {
    tx.exec(kUpdateProgram, program.workspace_id, program.program_id, program.name, program.domain,
            program.url, program.min_payout_amount);
}

std::optional<Program> find_program(Tx& tx, std::string_view workspace_id,
                                    std::string_view program_id) {
    return tx.first(kFindProgram, program_from, workspace_id, program_id);
}

std::optional<Program> default_program(Tx& tx, std::string_view workspace_id) {
    return tx.first(kListPrograms, program_from, workspace_id, std::int64_t{1});
}

std::vector<Program> list_programs(Tx& tx, std::string_view workspace_id) {
    return tx.all(kListPrograms, program_from, workspace_id, kProgramsListed);
}

bool insert_group(Tx& tx, const PartnerGroup& group) {
    const auto hosts = text_of(group.link_hosts);
    const auto links = text_of(group.default_links);
    return tx.any(kInsertGroup, group.workspace_id, group.group_id, group.program_id, group.name,
                  group.slug, group.color, group.holding_period_days, group.click_reward_id,
                  group.lead_reward_id, group.sale_reward_id, group.referral_reward_id,
                  group.discount_id, hosts, links, group.created_at_ms);
}

void update_group(Tx& tx, const PartnerGroup& group) {
    const auto hosts = text_of(group.link_hosts);
    const auto links = text_of(group.default_links);
    tx.exec(kUpdateGroup, group.workspace_id, group.group_id, group.name, group.color,
            group.holding_period_days, group.click_reward_id, group.lead_reward_id,
            group.sale_reward_id, group.referral_reward_id, group.discount_id, hosts, links);
}

bool delete_group(Tx& tx, std::string_view workspace_id, std::string_view group_id) {
    return tx.any(kDeleteGroup, workspace_id, group_id);
}

std::optional<PartnerGroup> find_group(Tx& tx, std::string_view workspace_id,
                                       std::string_view group_id) {
    return tx.first(kFindGroup, group_from, workspace_id, group_id);
}

std::optional<PartnerGroup> find_group_by_slug(Tx& tx, std::string_view workspace_id,
                                               std::string_view program_id, std::string_view slug) {
    return tx.first(kFindGroupBySlug, group_from, workspace_id, program_id, slug);
}

std::vector<PartnerGroup> list_groups(Tx& tx, std::string_view workspace_id,
                                      std::string_view program_id) {
    return tx.all(kListGroups, group_from, workspace_id, program_id);
}

}  // namespace hw
