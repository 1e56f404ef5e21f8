// SPDX-License-Identifier: Apache-2.0
#include "api/seed_program.hpp"

#include "api/json_text.hpp"
#include "api/reward_json.hpp"
#include "base/limits.hpp"

namespace hw {
namespace {

Result<std::int64_t> amount_of(const SeedFields& fields, std::string_view name) {
    const auto number = within_seed(fields.path(), optional_int(fields.object(), name,
                                                                {.min = -limits::kAmountMax,
                                                                 .max = limits::kAmountMax,
                                                                 .too_small_message = "Too small",
                                                                 .too_big_message = "Too big"}));
    return HW_TRY(number).value_or(0);
}

Result<Program> read_program(const SeedFields& fields) {
    Program program;
    program.program_id = HW_TRY(fields.text("id"));
    program.name = HW_TRY(fields.text("name"));
    program.slug = HW_TRY(fields.text("slug"));
    program.domain = HW_TRY(fields.optional("domain"));
    program.url = HW_TRY(fields.optional("url"));
    program.min_payout_amount = HW_TRY(amount_of(fields, "minPayoutAmount"));
    program.created_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    return program;
}

Result<DefaultLink> read_default_link(const SeedFields& fields) {
    DefaultLink link;
    link.domain = HW_TRY(fields.text("domain"));
    link.url = HW_TRY(fields.required("url"));
    return link;
}

Result<PartnerGroup> read_group(const SeedFields& fields) {
    PartnerGroup group;
    group.group_id = HW_TRY(fields.text("id"));
    group.program_id = HW_TRY(fields.text("programId"));
    group.name = HW_TRY(fields.text("name"));
    group.slug = HW_TRY(fields.text("slug"));
    group.color = HW_TRY(fields.optional("color"));
    group.holding_period_days = HW_TRY(amount_of(fields, "holdingPeriodDays"));
    group.click_reward_id = HW_TRY(fields.optional("clickRewardId"));
    group.lead_reward_id = HW_TRY(fields.optional("leadRewardId"));
    group.sale_reward_id = HW_TRY(fields.optional("saleRewardId"));
    group.referral_reward_id = HW_TRY(fields.optional("referralRewardId"));
    group.discount_id = HW_TRY(fields.optional("discountId"));
    group.link_hosts = HW_TRY(fields.texts("linkHosts"));
    group.default_links = HW_TRY(fields.each("defaultLinks", read_default_link));
    group.created_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    return group;
}

Result<Reward> read_seed_reward(const SeedFields& fields) {
    auto reward = HW_TRY(within_seed(fields.path(), read_reward(fields.exact())));
    reward.reward_id = HW_TRY(fields.text("id"));
    return reward;
}

Result<Discount> read_seed_discount(const SeedFields& fields) {
    auto discount = HW_TRY(within_seed(fields.path(), read_discount(fields.exact())));
    discount.discount_id = HW_TRY(fields.text("id"));
    return discount;
}

Result<SeedPartner> read_partner(const SeedFields& fields) {
    SeedPartner seed;
    auto& partner = seed.partner;
    partner.partner_id = HW_TRY(fields.text("id"));
    partner.name = HW_TRY(fields.text("name"));
    partner.username = HW_TRY(fields.optional("username"));
    partner.email = HW_TRY(fields.optional("email"));
    partner.image = HW_TRY(fields.optional("image"));
    partner.country = HW_TRY(fields.optional("country"));
    partner.company_name = HW_TRY(fields.optional("companyName"));
    partner.description = HW_TRY(fields.optional("description"));
    partner.created_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    auto& enrollment = seed.enrollment;
    enrollment.program_id = HW_TRY(fields.text("programId"));
    enrollment.group_id = HW_TRY(fields.text("groupId"));
    enrollment.status = HW_TRY(fields.text("status"));
    enrollment.tenant_id = HW_TRY(fields.optional("tenantId"));
    enrollment.banned_at_ms = HW_TRY(fields.time("bannedAt"));
    enrollment.banned_reason = HW_TRY(fields.optional("bannedReason"));
    enrollment.referred_by_partner_id = HW_TRY(fields.optional("referredByPartnerId"));
    enrollment.created_at_ms = partner.created_at_ms;
    return seed;
}

Result<SeedCommission> read_commission(const SeedFields& fields) {
    SeedCommission seed;
    auto& commission = seed.commission;
    commission.commission_id = HW_TRY(fields.text("id"));
    commission.program_id = HW_TRY(fields.text("programId"));
    commission.partner_id = HW_TRY(fields.required("partnerId"));
    commission.kind = HW_TRY(fields.text(fields.has("type") ? "type" : "kind"));
    commission.link_id = HW_TRY(fields.optional("linkId"));
    commission.customer_id = HW_TRY(fields.optional("customerId"));
    commission.invoice_id = HW_TRY(fields.optional("invoiceId"));
    commission.reward_id = HW_TRY(fields.optional("rewardId"));
    commission.description = HW_TRY(fields.optional("description"));
    commission.metadata =
        HW_TRY(within_seed(fields.path(), optional_metadata(fields.object(), "metadata")));
    commission.quantity = fields.has("quantity") ? HW_TRY(amount_of(fields, "quantity")) : 1;
    commission.amount = HW_TRY(amount_of(fields, "amount"));
    commission.earnings = HW_TRY(amount_of(fields, "earnings"));
    commission.occurred_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    seed.status = HW_TRY(fields.text("status"));
    seed.paid_at_ms = HW_TRY(fields.time("paidAt"));
    return seed;
}

Result<SeedPayout> read_payout(const SeedFields& fields) {
    SeedPayout seed;
    seed.payout.payout_id = HW_TRY(fields.text("id"));
    seed.payout.program_id = HW_TRY(fields.text("programId"));
    seed.payout.partner_id = HW_TRY(fields.text("partnerId"));
    seed.payout.description = HW_TRY(fields.optional("description"));
    seed.payout.created_at_ms = HW_TRY(fields.time("createdAt")).value_or(0);
    seed.commission_ids = HW_TRY(fields.texts("commissionIds"));
    seed.status = HW_TRY(fields.text("status"));
    seed.paid_at_ms = HW_TRY(fields.time("paidAt"));
    return seed;
}

}  // namespace

Result<SeedProgramme> read_seed_programme(const SeedFields& workspace) {
    SeedProgramme seed;
    seed.programs = HW_TRY(workspace.each("programs", read_program));
    seed.groups = HW_TRY(workspace.each("groups", read_group));
    seed.rewards = HW_TRY(workspace.each("rewards", read_seed_reward));
    seed.discounts = HW_TRY(workspace.each("discounts", read_seed_discount));
    seed.partners = HW_TRY(workspace.each("partners", read_partner));
    seed.commissions = HW_TRY(workspace.each("commissions", read_commission));
    seed.payouts = HW_TRY(workspace.each("payouts", read_payout));
    return seed;
}

}  // namespace hw
