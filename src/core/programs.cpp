// SPDX-License-Identifier: Apache-2.0
#include "core/programs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/slug.hpp"
#include "base/url.hpp"
#include "store/discounts.hpp"
#include "store/partners.hpp"
#include "store/rewards.hpp"

namespace hw {
namespace {

constexpr std::array<std::int64_t, 6> kHoldingPeriods = {0, 7, 14, 30, 60, 90};

std::unexpected<Error> refuse(std::string_view field, std::string_view why) {
    return fail(ErrorCode::UnprocessableEntity, fmt::format("custom: {}: {}", field, why),
                "invalid_field");
}

Result<std::string> chosen_slug(const std::optional<std::string>& slug, const std::string& name) {
    auto chosen = slug.value_or(slug_of(name, limits::kSlugCharactersMax));
    if (is_slug(chosen, limits::kSlugCharactersMax)) return chosen;
    return refuse("slug", fmt::format("'{}' is no slug: give 1 to {} lower-case letters, digits "
                                      "and hyphens, with no hyphen at either end",
                                      chosen, limits::kSlugCharactersMax));
}

// Addresses were handed out under it, so it stays.
Result<void> check_same_slug(const std::optional<std::string>& wanted, const std::string& slug) {
    if (!wanted || *wanted == slug) return {};
    return refuse("slug", fmt::format("it is '{}' and cannot be changed: leave it out", slug));
}

std::unexpected<Error> slug_taken(std::string_view slug) {
    return fail(ErrorCode::Conflict,
                fmt::format("The slug '{}' is already in use. Choose another one.", slug),
                "duplicate_slug");
}

Result<void> apply(Tx& tx, const ProgramFields& fields, Program& program) {
    if (fields.name) program.name = *fields.name;
    if (fields.domain) {
        program.domain.reset();
        if (*fields.domain) program.domain = HW_TRY(choose_domain(tx, **fields.domain));
    }
    if (fields.url) {
        program.url.reset();
        if (*fields.url) program.url = HW_TRY(normalize_destination(**fields.url));
    }
    program.min_payout_amount = fields.min_payout_amount.value_or(program.min_payout_amount);
    return {};
}

struct RewardSlot {
    std::string_view field;
    std::string_view event;
    Patch<std::string> GroupFields::* wanted;
    std::optional<std::string> PartnerGroup::* stored;
};

constexpr RewardSlot kRewardSlots[] = {
    {"clickRewardId", "click", &GroupFields::click_reward_id, &PartnerGroup::click_reward_id},
    {"leadRewardId", "lead", &GroupFields::lead_reward_id, &PartnerGroup::lead_reward_id},
    {"saleRewardId", "sale", &GroupFields::sale_reward_id, &PartnerGroup::sale_reward_id},
    {"referralRewardId", "referral", &GroupFields::referral_reward_id,
     &PartnerGroup::referral_reward_id},
};

Result<void> put_rewards(Tx& tx, const GroupFields& fields, PartnerGroup& group) {
    for (const auto& slot : kRewardSlots) {
        const auto& wanted = fields.*slot.wanted;
        if (!wanted) continue;
        group.*slot.stored = *wanted;
        if (!*wanted) continue;
        const auto reward = find_reward(tx, group.workspace_id, **wanted);
        const bool fits =
            reward && reward->program_id == group.program_id && reward->event == slot.event;
        if (fits) continue;
        return refuse(slot.field,
                      fmt::format("'{}' is no {} reward of this programme", **wanted, slot.event));
    }
    if (!fields.discount_id) return {};
    group.discount_id = *fields.discount_id;
    if (!group.discount_id) return {};
    const auto discount = find_discount(tx, group.workspace_id, *group.discount_id);
    if (discount && discount->program_id == group.program_id) return {};
    return refuse("discountId",
                  fmt::format("'{}' is no discount of this programme", *group.discount_id));
}

Result<void> put_hosts(const GroupFields& fields, PartnerGroup& group) {
    if (!fields.link_hosts) return {};
    if (fields.link_hosts->size() > limits::kLinkHostsMax) {
        return refuse("linkHosts", fmt::format("{} hosts; {} is the limit",
                                               fields.link_hosts->size(), limits::kLinkHostsMax));
    }
    group.link_hosts.clear();
    for (const auto& host : *fields.link_hosts) {
        auto folded = host_of("https://" + ascii_lower(host));
        if (folded.empty() || folded != ascii_lower(host)) {
            return refuse("linkHosts",
                          fmt::format("'{}' is no host: write for example shop.example", host));
        }
        group.link_hosts.push_back(std::move(folded));
    }
    return {};
}

Result<void> put_default_links(Tx& tx, const Program& program, const GroupFields& fields,
                               PartnerGroup& group) {
    if (!fields.default_links) return {};
    if (fields.default_links->size() > limits::kDefaultLinksMax) {
        return refuse("defaultLinks",
                      fmt::format("{} links; {} is the limit", fields.default_links->size(),
                                  limits::kDefaultLinksMax));
    }
    group.default_links.clear();
    for (const auto& link : *fields.default_links) {
        auto domain = link.domain.empty() ? std::nullopt : std::optional(link.domain);
        if (!domain) domain = program.domain;
        auto chosen = HW_TRY(choose_domain(tx, domain));
        auto url = HW_TRY(normalize_destination(link.url));
        HW_CHECK(check_partner_url(program, group, url));
        group.default_links.push_back({std::move(chosen), std::move(url)});
    }
    return {};
}

Result<void> apply(Tx& tx, const Program& program, const GroupFields& fields, PartnerGroup& group) {
    if (fields.name) group.name = *fields.name;
    if (fields.color) group.color = *fields.color;
    if (fields.holding_period_days) group.holding_period_days = *fields.holding_period_days;
    if (std::ranges::find(kHoldingPeriods, group.holding_period_days) == kHoldingPeriods.end()) {
        return refuse("holdingPeriodDays",
                      fmt::format("{} days; choose one of {}", group.holding_period_days,
                                  fmt::join(kHoldingPeriods, ", ")));
    }
    HW_CHECK(put_rewards(tx, fields, group));
    HW_CHECK(put_hosts(fields, group));
    return put_default_links(tx, program, fields, group);
}

bool is_at_or_below(std::string_view host, std::string_view domain) {
    if (!host.ends_with(domain)) return false;
    host.remove_suffix(domain.size());
    return host.empty() || host.ends_with('.');
}

}  // namespace

Result<Program> required_program(Tx& tx, const std::optional<std::string>& program_id) {
    auto program = program_id ? find_program(tx, tx.workspace_id(), *program_id)
                              : default_program(tx, tx.workspace_id());
    if (!program) return fail(ErrorCode::NotFound, "Program not found", "program_not_found");
    return std::move(*program);
}

Result<Program> create_program(Tx& tx, const ProgramFields& fields) {
    if (list_programs(tx, tx.workspace_id()).size() >= limits::kProgramsMax) {
        return fail(ErrorCode::Forbidden,
                    fmt::format("A workspace has at most {} programs.", limits::kProgramsMax),
                    "too_many_programs");
    }
    Program program{.workspace_id = tx.workspace_id(),
                    .program_id = tx.new_id("prog_"),
                    .name = {},
                    .slug = {},
                    .domain = {},
                    .url = {},
                    .min_payout_amount = 0,
                    .created_at_ms = tx.now_ms()};
    HW_CHECK(apply(tx, fields, program));
    program.slug = HW_TRY(chosen_slug(fields.slug, program.name));
    if (!insert_program(tx, program)) return slug_taken(program.slug);
    PartnerGroup group;
    group.workspace_id = program.workspace_id;
    group.group_id = tx.new_id("grp_");
    group.program_id = program.program_id;
    group.name = "Default Group";
    group.slug = kDefaultGroup;
    group.created_at_ms = tx.now_ms();
    const bool made = insert_group(tx, group);
    HW_ASSERT(made);
    return program;
}

Result<Program> update_program(Tx& tx, std::string_view program_id, const ProgramFields& fields) {
    auto program = HW_TRY(required_program(tx, std::string(program_id)));
    HW_CHECK(check_same_slug(fields.slug, program.slug));
    HW_CHECK(apply(tx, fields, program));
    update_program(tx, program);
    return program;
}

Result<PartnerGroup> get_group(Tx& tx, std::string_view group_id) {
    auto group = find_group(tx, tx.workspace_id(), group_id);
    if (!group) return fail(ErrorCode::NotFound, "Group not found.", "group_not_found");
    return std::move(*group);
}

Result<PartnerGroup> create_group(Tx& tx, const GroupFields& fields) {
    const auto program = HW_TRY(required_program(tx, fields.program_id));
    if (list_groups(tx, tx.workspace_id(), program.program_id).size() >=
        limits::kGroupsOfProgramMax) {
        return fail(ErrorCode::Forbidden,
                    fmt::format("A program has at most {} groups.", limits::kGroupsOfProgramMax),
                    "too_many_groups");
    }
    PartnerGroup group;
    group.workspace_id = tx.workspace_id();
    group.group_id = tx.new_id("grp_");
    group.program_id = program.program_id;
    group.created_at_ms = tx.now_ms();
    HW_CHECK(apply(tx, program, fields, group));
    group.slug = HW_TRY(chosen_slug(fields.slug, group.name));
    if (!insert_group(tx, group)) return slug_taken(group.slug);
    return group;
}

Result<PartnerGroup> update_group(Tx& tx, std::string_view group_id, const GroupFields& fields) {
    auto group = HW_TRY(get_group(tx, group_id));
    const auto program = HW_TRY(required_program(tx, group.program_id));
    HW_CHECK(check_same_slug(fields.slug, group.slug));
    if (fields.program_id && *fields.program_id != group.program_id) {
        return refuse("programId", fmt::format("the group belongs to {} for good: leave it out",
                                               group.program_id));
    }
    HW_CHECK(apply(tx, program, fields, group));
    update_group(tx, group);
    return group;
}

Result<std::string> delete_group(Tx& tx, std::string_view group_id) {
    const auto group = HW_TRY(get_group(tx, group_id));
    if (group.slug == kDefaultGroup) {
        return fail(ErrorCode::Conflict,
                    "The default group cannot be deleted: partners begin in it.", "default_group");
    }
    if (has_enrollments(tx, group.workspace_id, group.program_id, group.group_id)) {
        return fail(ErrorCode::Conflict,
                    fmt::format("The group '{}' still has partners: move them to another group "
                                "first.",
                                group.name),
                    "group_in_use");
    }
    delete_group(tx, group.workspace_id, group.group_id);
    return group.group_id;
}

Result<void> check_partner_url(const Program& program, const PartnerGroup& group,
                               std::string_view url) {
    const auto host = host_of(url);
    auto allowed = group.link_hosts;
    if (allowed.empty() && program.url) allowed.push_back(host_of(*program.url));
    // A programme that names no address of its own leaves it to its partners.
    if (allowed.empty()) return {};
    const auto fits = [&](const std::string& domain) { return is_at_or_below(host, domain); };
    if (!host.empty() && std::ranges::any_of(allowed, fits)) return {};
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("custom: url: The destination host '{}' is not allowed in the group "
                            "'{}': use one of {}",
                            host, group.name, fmt::join(allowed, ", ")),
                "foreign_host");
}

}  // namespace hw
