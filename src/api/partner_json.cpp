// SPDX-License-Identifier: Apache-2.0
#include "api/partner_json.hpp"

#include "api/track_body.hpp"
#include "base/link_key.hpp"

namespace hw {
namespace {

// Their accounts elsewhere, which this server knows nothing of.
void add_accounts(json::object& out) {
    for (const auto* name : {"website", "youtube", "twitter", "linkedin", "instagram", "tiktok"}) {
        out[name] = nullptr;
    }
}

void add_totals(json::object& out, const EnrolledPartner& enrolled) {
    const auto& totals = enrolled.totals;
    out["totalClicks"] = totals.clicks;
    out["totalLeads"] = totals.leads;
    out["totalConversions"] = totals.conversions;
    out["totalSales"] = totals.sales;
    out["totalSaleAmount"] = totals.sale_amount;
    out["totalCommissions"] = enrolled.total_commissions;
    out["netRevenue"] = totals.sale_amount - enrolled.total_commissions;
    out["earningsPerClick"] = ratio_or_null(totals.sale_amount, totals.clicks);
    out["averageLifetimeValue"] = ratio_or_null(totals.sale_amount, totals.conversions);
    out["clickToLeadRate"] = ratio_or_null(totals.leads, totals.clicks);
    out["clickToConversionRate"] = ratio_or_null(totals.conversions, totals.clicks);
    out["leadToConversionRate"] = ratio_or_null(totals.conversions, totals.leads);
    out["returnOnAdSpend"] = ratio_or_null(totals.sale_amount, enrolled.total_commissions);
    // The older names.
    out["clicks"] = totals.clicks;
    out["leads"] = totals.leads;
    out["conversions"] = totals.conversions;
    out["sales"] = totals.sales;
    out["saleAmount"] = totals.sale_amount;
}

// Who was banned earns nothing any more.
void add_rewards(json::object& out, const EnrolledPartner& enrolled) {
    const auto& group = enrolled.group;
    const bool earns = group && enrolled.enrollment.status != "banned";
    const auto id = [&](std::optional<std::string> PartnerGroup::* member) {
        return earns ? text_or_null((*group).*member) : json::value(nullptr);
    };
    out["clickRewardId"] = id(&PartnerGroup::click_reward_id);
    out["leadRewardId"] = id(&PartnerGroup::lead_reward_id);
    out["saleRewardId"] = id(&PartnerGroup::sale_reward_id);
    out["referralRewardId"] = id(&PartnerGroup::referral_reward_id);
    out["discountId"] = id(&PartnerGroup::discount_id);
}

void add_application(json::object& out, const std::optional<PartnerApplication>& application) {
    out["applicationId"] = nullptr;
    out["application"] = nullptr;
    if (!application) return;
    out["applicationId"] = application->application_id;
    out["application"] =
        json::object{{"rejectionReason", text_or_null(application->rejection_reason)},
                     {"rejectionNote", text_or_null(application->rejection_note)},
                     {"reviewedAt", time_or_null(application->reviewed_at_ms)}};
}

}  // namespace

json::array partner_links_json(const std::vector<LinkAndTotals>& links) {
    json::array out;
    for (const auto& [link, totals] : links) {
        out.push_back(json::object{{"id", link.link_id},
                                   {"domain", link.domain},
                                   {"key", display_key(link.key)},
                                   {"shortLink", short_link(link)},
                                   {"url", link.url},
                                   {"clicks", totals.clicks},
                                   {"leads", totals.leads},
                                   {"conversions", totals.conversions},
                                   {"sales", totals.sales},
                                   {"saleAmount", totals.sale_amount}});
    }
    return out;
}

json::object enrolled_partner_json(const EnrolledPartner& enrolled) {
    const auto& partner = enrolled.partner;
    const auto& enrollment = enrolled.enrollment;
    json::object out{{"id", partner.partner_id},
                     {"name", partner.name},
                     {"username", text_or_null(partner.username)},
                     {"email", text_or_null(partner.email)},
                     {"image", text_or_null(partner.image)},
                     {"description", text_or_null(partner.description)},
                     {"country", text_or_null(partner.country)},
                     {"companyName", text_or_null(partner.company_name)},
                     {"networkStatus", "draft"},
                     {"defaultPayoutMethod", nullptr},
                     {"paypalEmail", nullptr},
                     {"stripeConnectId", nullptr},
                     {"payoutsEnabledAt", nullptr},
                     {"identityVerifiedAt", nullptr},
                     {"trustedAt", nullptr},
                     {"programId", enrollment.program_id},
                     {"groupId", enrollment.group_id},
                     {"partnerId", partner.partner_id},
                     {"tenantId", text_or_null(enrollment.tenant_id)},
                     {"createdAt", time_or_null(enrollment.created_at_ms)},
                     {"status", enrollment.status},
                     {"bannedAt", time_or_null(enrollment.banned_at_ms)},
                     {"bannedReason", text_or_null(enrollment.banned_reason)},
                     {"referredByPartnerId", text_or_null(enrollment.referred_by_partner_id)},
                     {"referralFormData", nullptr},
                     {"tags", json::array{}}};
    out["links"] = partner_links_json(enrolled.links);
    add_totals(out, enrolled);
    add_rewards(out, enrolled);
    add_application(out, enrolled.application);
    add_accounts(out);
    return out;
}

json::object application_json(const EnrolledPartner& applicant,
                              const PartnerApplication& application) {
    const auto& partner = applicant.partner;
    json::object about{{"id", partner.partner_id},
                       {"name", partner.name},
                       {"companyName", text_or_null(partner.company_name)},
                       {"email", text_or_null(partner.email)},
                       {"image", text_or_null(partner.image)},
                       {"description", text_or_null(partner.description)},
                       {"country", text_or_null(partner.country)},
                       {"groupId", application.group_id},
                       {"status", applicant.enrollment.status}};
    add_accounts(about);
    const auto form = json::parse(application.form_data);
    return {{"id", application.application_id},
            {"createdAt", time_or_null(application.created_at_ms)},
            {"partner", std::move(about)},
            {"applicationFormData", form.as_array().empty() ? json::value(nullptr) : form}};
}

}  // namespace hw
