// SPDX-License-Identifier: Apache-2.0
#include "core/seed_program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/ascii.hpp"
#include "base/civil_time.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/slug.hpp"
#include "base/url.hpp"
#include "core/programs.hpp"
#include "core/rewards.hpp"
#include "core/run_workflows.hpp"
#include "core/settle_commission.hpp"

namespace hw {
namespace {

constexpr std::int64_t kPendingMs = 30 * kDayMs;
constexpr auto kSeeder = "seed";

constexpr std::array<std::string_view, 8> kPartnerStates = {
    "pending", "approved", "rejected", "invited", "declined", "deactivated", "banned", "archived"};
constexpr std::array<std::string_view, 8> kCommissionStates = {
    "pending", "hold", "processed", "paid", "refunded", "duplicate", "fraud", "canceled"};
constexpr std::array<std::string_view, 8> kPayoutStates = {
    "pending", "processing", "processed", "sent", "completed", "failed", "canceled", ""};

std::unexpected<Error> refuse(std::string_view path, std::string_view why) {
    return fail(ErrorCode::UnprocessableEntity, fmt::format("{}: {}", path, why), "invalid_seed");
}

std::unexpected<Error> clash(std::string_view path, std::string_view why) {
    return fail(ErrorCode::Conflict, fmt::format("{}: {}", path, why), "seed_clash");
}

void note(SeedTally& tally, bool made) {
    ++(made ? tally.made : tally.kept);
}

std::int64_t or_now(Tx& tx, std::int64_t at_ms) {
    return at_ms != 0 ? at_ms : tx.now_ms();
}

class Ids {
  public:
    Result<void> add(const std::string& path, const std::string& id, bool is_needed) {
        if (id.empty() && is_needed) return refuse(path + ".id", "give it an id");
        const bool fits = std::ranges::all_of(id, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '_' || c == '-' || c == '.';
        });
        if (!fits || id.size() > limits::kProgramTextCharactersMax) {
            return refuse(path + ".id", fmt::format("'{}' is no id: use letters, digits, '_', '-' "
                                                    "and '.'",
                                                    id));
        }
        if (id.empty() || ids_.insert(id).second) return {};
        return refuse(path + ".id", fmt::format("'{}' stands in this file twice: remove one", id));
    }

  private:
    std::set<std::string> ids_;
};

Result<void> check_state(const std::string& path, std::string_view status,
                         const std::array<std::string_view, 8>& known) {
    if (!status.empty() && std::ranges::find(known, status) != known.end()) return {};
    return refuse(path + ".status", fmt::format("'{}' is unknown", status));
}

Result<void> normalize_slug(const std::string& path, const std::string& name, std::string& slug) {
    if (name.empty()) return refuse(path + ".name", "give it a name");
    if (slug.empty()) slug = slug_of(name, limits::kSlugCharactersMax);
    if (is_slug(slug, limits::kSlugCharactersMax)) return {};
    return refuse(path + ".slug", fmt::format("'{}' is no slug: use a-z, 0-9 and '-'", slug));
}

template <class T, class F>
Result<void> each(const std::string& path, std::string_view name, std::vector<T>& items, F check) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        HW_CHECK(check(fmt::format("{}.{}[{}]", path, name, i), items[i]));
    }
    return {};
}

Result<void> normalize_terms(const std::string& path, SeedProgramme& seed) {
    Ids programs, groups, rewards, discounts;
    const auto program_fits = [&](const std::string& at, Program& program) -> Result<void> {
        HW_CHECK(programs.add(at, program.program_id, false));
        if (program.url) program.url = HW_TRY(normalize_destination(*program.url));
        if (program.domain) program.domain = ascii_lower(*program.domain);
        return normalize_slug(at, program.name, program.slug);
    };
    const auto group_fits = [&](const std::string& at, PartnerGroup& group) -> Result<void> {
        HW_CHECK(groups.add(at, group.group_id, false));
        return normalize_slug(at, group.name, group.slug);
    };
    const auto reward_fits = [&](const std::string& at, Reward& reward) -> Result<void> {
        HW_CHECK(rewards.add(at, reward.reward_id, true));
        const auto good = check_reward(reward);
        if (!good) return refuse(at, good.error().message);
        return {};
    };
    const auto discount_fits = [&](const std::string& at, Discount& discount) -> Result<void> {
        HW_CHECK(discounts.add(at, discount.discount_id, true));
        const auto good = check_discount(discount);
        if (!good) return refuse(at, good.error().message);
        return {};
    };
    HW_CHECK(each(path, "programs", seed.programs, program_fits));
    HW_CHECK(each(path, "groups", seed.groups, group_fits));
    HW_CHECK(each(path, "rewards", seed.rewards, reward_fits));
    return each(path, "discounts", seed.discounts, discount_fits);
}

// The programme's id as it is stored.
Result<std::string> program_of(Tx& tx, const Workspace& workspace, const std::string& at,
                               const std::string& program_id) {
    const auto program = program_id.empty() ? default_program(tx, workspace.workspace_id)
                                            : find_program(tx, workspace.workspace_id, program_id);
    if (program) return program->program_id;
    return clash(at + ".programId", fmt::format("the workspace has no program '{}'", program_id));
}

Result<void> seed_program(Tx& tx, const std::string& at, Program program, SeedTally& tally) {
    const auto named = program.program_id;
    if (program.program_id.empty()) program.program_id = tx.new_id("prog_");
    program.created_at_ms = or_now(tx, program.created_at_ms);
    const bool made = insert_program(tx, program);
    note(tally, made);
    if (made) return {};
    for (const auto& stored : list_programs(tx, program.workspace_id)) {
        const bool is_it =
            stored.slug == program.slug && (named.empty() || stored.program_id == named);
        if (is_it) return {};
    }
    return clash(at, "its id or slug is another program's in the database");
}

Result<void> seed_group(Tx& tx, const std::string& at, const Workspace& workspace,
                        PartnerGroup group, SeedTally& tally) {
    const auto named = group.group_id;
    group.workspace_id = workspace.workspace_id;
    group.program_id = HW_TRY(program_of(tx, workspace, at, group.program_id));
    if (group.group_id.empty()) group.group_id = tx.new_id("grp_");
    group.created_at_ms = or_now(tx, group.created_at_ms);
    for (const auto& id : {group.click_reward_id, group.lead_reward_id, group.sale_reward_id,
                           group.referral_reward_id}) {
        if (!id || find_reward(tx, group.workspace_id, *id)) continue;
        return clash(at, fmt::format("the workspace has no reward '{}'", *id));
    }
    if (group.discount_id && !find_discount(tx, group.workspace_id, *group.discount_id)) {
        return clash(at, fmt::format("the workspace has no discount '{}'", *group.discount_id));
    }
    const bool made = insert_group(tx, group);
    note(tally, made);
    if (made) return {};
    const auto stored = find_group_by_slug(tx, group.workspace_id, group.program_id, group.slug);
    if (stored && (named.empty() || stored->group_id == named)) return {};
    return clash(at, "its id or slug is another group's in the database");
}

// Partners begin in a group that every programme has.
void ensure_default_groups(Tx& tx, const Workspace& workspace) {
    for (const auto& program : list_programs(tx, workspace.workspace_id)) {
        if (find_group_by_slug(tx, workspace.workspace_id, program.program_id, kDefaultGroup)) {
            continue;
        }
        PartnerGroup group;
        group.workspace_id = workspace.workspace_id;
        group.group_id = tx.new_id("grp_");
        group.program_id = program.program_id;
        group.name = "Default Group";
        group.slug = kDefaultGroup;
        group.created_at_ms = tx.now_ms();
        insert_group(tx, group);
    }
}

Result<Partner> ensure_partner(Tx& tx, const std::string& at, Partner partner) {
    const auto named = partner.partner_id;
    auto stored = named.empty() ? std::nullopt : find_partner(tx, partner.workspace_id, named);
    if (!stored && partner.email) {
        stored = find_partner_by_email(tx, partner.workspace_id, *partner.email);
    }
    if (stored) {
        if (named.empty() || stored->partner_id == named) return std::move(*stored);
        return clash(at + ".id", fmt::format("{} has the id {} in the database: write that one, or "
                                             "none",
                                             *partner.email, stored->partner_id));
    }
    if (partner.partner_id.empty()) partner.partner_id = tx.new_id("pn_");
    partner.created_at_ms = or_now(tx, partner.created_at_ms);
    const bool made = insert_partner(tx, partner);
    HW_ASSERT(made);
    return partner;
}

Result<void> seed_partner(Tx& tx, const std::string& at, const Workspace& workspace,
                          const SeedPartner& seed, SeedTally& tally) {
    auto wanted = seed.partner;
    wanted.workspace_id = workspace.workspace_id;
    const auto partner = HW_TRY(ensure_partner(tx, at, std::move(wanted)));
    auto enrollment = seed.enrollment;
    enrollment.workspace_id = workspace.workspace_id;
    enrollment.program_id = HW_TRY(program_of(tx, workspace, at, enrollment.program_id));
    enrollment.partner_id = partner.partner_id;
    const auto group =
        enrollment.group_id.empty()
            ? find_group_by_slug(tx, workspace.workspace_id, enrollment.program_id, kDefaultGroup)
            : find_group(tx, workspace.workspace_id, enrollment.group_id);
    if (!group || group->program_id != enrollment.program_id) {
        return clash(at + ".groupId",
                     fmt::format("the program has no group '{}'", enrollment.group_id));
    }
    enrollment.group_id = group->group_id;
    enrollment.enrollment_id = tx.new_id("pge_");
    enrollment.created_at_ms = or_now(tx, enrollment.created_at_ms);
    enrollment.updated_at_ms = enrollment.created_at_ms;
    const bool made = insert_enrollment(tx, enrollment);
    note(tally, made);
    if (made) {
        Tx own(tx, workspace.workspace_id);
        run_workflows(own, {.trigger = "partnerEnrolled",
                            .program_id = enrollment.program_id,
                            .partner_id = enrollment.partner_id});
        return {};
    }
    if (find_enrollment(tx, workspace.workspace_id, enrollment.program_id, enrollment.partner_id)) {
        return {};
    }
    return clash(at + ".tenantId", "it is another partner's in the database");
}

void review(Tx& tx, const Commission& commission, const std::string& verdict) {
    insert_commission_review(tx, commission,
                             {.verdict = verdict,
                              .amount = {},
                              .earnings = {},
                              .reason = "seeded",
                              .decided_by = kSeeder});
}

Result<void> seed_commission(Tx& tx, const std::string& at, const Workspace& workspace,
                             const SeedCommission& seed, SeedTally& tally) {
    auto commission = seed.commission;
    const auto& ws = commission.workspace_id = workspace.workspace_id;
    const bool made = !find_commission(tx, ws, commission.commission_id);
    note(tally, made);
    if (!made) return {};
    commission.program_id = HW_TRY(program_of(tx, workspace, at, commission.program_id));
    if (!find_enrollment(tx, ws, commission.program_id, commission.partner_id)) {
        return clash(at + ".partnerId",
                     fmt::format("the program has no partner '{}'", commission.partner_id));
    }
    commission.currency = workspace.currency;
    commission.occurred_at_ms = or_now(tx, commission.occurred_at_ms);
    commission.created_at_ms = commission.occurred_at_ms;
    const bool waits = seed.status != "processed" && seed.status != "paid";
    commission.matures_at_ms = waits ? std::max(tx.now_ms(), commission.occurred_at_ms) + kPendingMs
                                     : commission.occurred_at_ms;
    insert_commission(tx, commission);
    if (waits && seed.status != "pending") review(tx, commission, seed.status);
    settle_commission(tx, commission, "accrual");
    return {};
}

void pay(Tx& tx, Payout payout, const std::vector<Commission>& commissions,
         const std::string& status, std::int64_t at_ms) {
    std::vector<PayoutItem> items;
    payout.period_start_ms = payout.period_end_ms = payout.created_at_ms;
    for (const auto& commission : commissions) {
        const auto state =
            find_commission_state(tx, commission.workspace_id, commission.commission_id);
        HW_ASSERT(state);
        items.push_back({payout.payout_id, commission.commission_id, state->earnings});
        payout.amount += state->earnings;
        payout.period_start_ms = std::min(payout.period_start_ms, commission.occurred_at_ms);
    }
    insert_payout(tx, payout, items);
    insert_payout_step(tx, payout.workspace_id, payout.payout_id,
                       {.seq = 1,
                        .status = status,
                        .reason = "seeded",
                        .trace_id = {},
                        .decided_by = kSeeder,
                        .decided_at_ms = at_ms});
    for (const auto& commission : commissions) settle_commission(tx, commission, "payout");
}

Result<void> seed_payout(Tx& tx, const std::string& at, const Workspace& workspace,
                         const SeedPayout& seed, SeedTally& tally) {
    auto payout = seed.payout;
    const auto& ws = payout.workspace_id = workspace.workspace_id;
    const bool made = !find_payout(tx, ws, payout.payout_id);
    note(tally, made);
    if (!made) return {};
    payout.program_id = HW_TRY(program_of(tx, workspace, at, payout.program_id));
    payout.currency = workspace.currency;
    payout.created_at_ms = or_now(tx, payout.created_at_ms);
    std::vector<Commission> commissions;
    for (const auto& id : seed.commission_ids) {
        auto commission = find_commission(tx, ws, id);
        if (payout.partner_id.empty() && commission) payout.partner_id = commission->partner_id;
        if (!commission || commission->partner_id != payout.partner_id) {
            return clash(at + ".commissionIds",
                         fmt::format("'{}' is no commission of this partner", id));
        }
        commissions.push_back(std::move(*commission));
    }
    if (!find_enrollment(tx, ws, payout.program_id, payout.partner_id)) {
        return clash(at + ".partnerId",
                     fmt::format("the program has no partner '{}'", payout.partner_id));
    }
    pay(tx, payout, commissions, seed.status, seed.paid_at_ms.value_or(payout.created_at_ms));
    return {};
}

// What is said to be paid, and is in no payout of the file, has one of its own.
void pay_the_rest(Tx& tx, const Workspace& workspace, const SeedCommission& seed) {
    const auto& ws = workspace.workspace_id;
    const auto state = find_commission_state(tx, ws, seed.commission.commission_id);
    if (seed.status != "paid" || !state || state->status == "paid" || state->payout_id) return;
    const auto commission = find_commission(tx, ws, seed.commission.commission_id);
    Payout payout;
    payout.workspace_id = ws;
    payout.payout_id = tx.new_id("po_");
    payout.program_id = commission->program_id;
    payout.partner_id = commission->partner_id;
    payout.currency = commission->currency;
    payout.created_at_ms = seed.paid_at_ms.value_or(commission->occurred_at_ms);
    pay(tx, payout, {*commission}, "completed", payout.created_at_ms);
}

}  // namespace

Result<void> normalize_programme(const std::string& path, SeedProgramme& seed) {
    HW_CHECK(normalize_terms(path, seed));
    Ids partners, commissions, payouts;
    const auto partner_fits = [&](const std::string& at, SeedPartner& one) -> Result<void> {
        HW_CHECK(partners.add(at, one.partner.partner_id, !one.partner.email));
        if (one.partner.name.empty()) one.partner.name = one.partner.email.value_or("");
        if (one.partner.name.empty()) return refuse(at + ".name", "give it a name");
        if (one.enrollment.status.empty()) one.enrollment.status = "approved";
        return check_state(at, one.enrollment.status, kPartnerStates);
    };
    const auto commission_fits = [&](const std::string& at, SeedCommission& one) -> Result<void> {
        HW_CHECK(commissions.add(at, one.commission.commission_id, true));
        if (one.commission.kind.empty()) one.commission.kind = "custom";
        if (one.status.empty()) one.status = "pending";
        return check_state(at, one.status, kCommissionStates);
    };
    const auto payout_fits = [&](const std::string& at, SeedPayout& one) -> Result<void> {
        HW_CHECK(payouts.add(at, one.payout.payout_id, true));
        if (one.status.empty()) one.status = "pending";
        return check_state(at, one.status, kPayoutStates);
    };
    HW_CHECK(each(path, "partners", seed.partners, partner_fits));
    HW_CHECK(each(path, "commissions", seed.commissions, commission_fits));
    return each(path, "payouts", seed.payouts, payout_fits);
}

Result<void> seed_partners(Tx& tx, const std::string& path, const Workspace& workspace,
                           const SeedProgramme& seed, SeedProgrammeCounts& counts) {
    const auto at = [&](std::string_view name, std::size_t i) {
        return fmt::format("{}.{}[{}]", path, name, i);
    };
    for (std::size_t i = 0; i < seed.programs.size(); ++i) {
        auto program = seed.programs[i];
        program.workspace_id = workspace.workspace_id;
        HW_CHECK(seed_program(tx, at("programs", i), std::move(program), counts.programs));
    }
    for (std::size_t i = 0; i < seed.rewards.size(); ++i) {
        auto reward = seed.rewards[i];
        reward.workspace_id = workspace.workspace_id;
        reward.program_id = HW_TRY(program_of(tx, workspace, at("rewards", i), reward.program_id));
        reward.created_at_ms = reward.updated_at_ms = tx.now_ms();
        note(counts.rewards, insert_reward(tx, reward));
    }
    for (std::size_t i = 0; i < seed.discounts.size(); ++i) {
        auto discount = seed.discounts[i];
        discount.workspace_id = workspace.workspace_id;
        discount.program_id =
            HW_TRY(program_of(tx, workspace, at("discounts", i), discount.program_id));
        discount.created_at_ms = or_now(tx, discount.created_at_ms);
        note(counts.discounts, insert_discount(tx, discount));
    }
    for (std::size_t i = 0; i < seed.groups.size(); ++i) {
        HW_CHECK(seed_group(tx, at("groups", i), workspace, seed.groups[i], counts.groups));
    }
    ensure_default_groups(tx, workspace);
    for (std::size_t i = 0; i < seed.partners.size(); ++i) {
        HW_CHECK(seed_partner(tx, at("partners", i), workspace, seed.partners[i], counts.partners));
    }
    return {};
}

Result<void> seed_earnings(Tx& tx, const std::string& path, const Workspace& workspace,
                           const SeedProgramme& seed, SeedProgrammeCounts& counts) {
    for (std::size_t i = 0; i < seed.commissions.size(); ++i) {
        HW_CHECK(seed_commission(tx, fmt::format("{}.commissions[{}]", path, i), workspace,
                                 seed.commissions[i], counts.commissions));
    }
    for (std::size_t i = 0; i < seed.payouts.size(); ++i) {
        HW_CHECK(seed_payout(tx, fmt::format("{}.payouts[{}]", path, i), workspace, seed.payouts[i],
                             counts.payouts));
    }
    for (const auto& commission : seed.commissions) pay_the_rest(tx, workspace, commission);
    return {};
}

}  // namespace hw
