// SPDX-License-Identifier: Apache-2.0
#include "core/list_partners.hpp"

#include <map>

#include "base/fault.hpp"
#include "core/programs.hpp"

namespace hw {
namespace {

template <class T>
using ById = std::map<std::string, T, std::less<>>;

void add(PartnerTotals& totals, const LinkCounts& counts) {
    totals.clicks += counts.clicks;
    totals.leads += counts.leads;
    totals.conversions += counts.conversions;
    totals.sales += counts.sales;
    totals.sale_amount += counts.sale_amount;
}

}  // namespace

std::vector<EnrolledPartner> load_partners(Tx& tx, const std::vector<Enrollment>& enrollments) {
    const auto& ws = tx.workspace_id();
    std::vector<std::string> ids;
    for (const auto& enrollment : enrollments) ids.push_back(enrollment.partner_id);
    ById<Partner> partners;
    for (auto& partner : find_partners(tx, ws, ids)) {
        auto id = partner.partner_id;
        partners.insert_or_assign(std::move(id), std::move(partner));
    }
    ById<PartnerApplication> applications;
    for (auto& application : applications_of_partners(tx, ws, ids)) {
        auto id = application.partner_id;
        applications.insert_or_assign(std::move(id), std::move(application));
    }
    const auto earned = earned_by_partners(tx, ws, ids);
    ById<std::optional<PartnerGroup>> groups;
    ById<EnrolledPartner> loaded;
    for (const auto& enrollment : enrollments) {
        auto& one = loaded[enrollment.partner_id];
        const auto partner = partners.find(enrollment.partner_id);
        HW_ASSERT(partner != partners.end());
        one.partner = partner->second;
        one.enrollment = enrollment;
        auto group = groups.find(enrollment.group_id);
        if (group == groups.end()) {
            group =
                groups.emplace(enrollment.group_id, find_group(tx, ws, enrollment.group_id)).first;
        }
        one.group = group->second;
        const auto sum = earned.find(enrollment.partner_id);
        if (sum != earned.end()) one.total_commissions = sum->second;
        const auto application = applications.find(enrollment.partner_id);
        if (application != applications.end()) one.application = application->second;
    }
    auto links = links_of_partners(tx, ws, ids);
    const auto counts = link_totals(tx, ws, links);
    for (std::size_t i = 0; i < links.size(); ++i) {
        auto& one = loaded.find(*links[i].partner_id)->second;
        add(one.totals, counts[i]);
        one.links.push_back({std::move(links[i]), counts[i]});
    }
    std::vector<EnrolledPartner> found;
    found.reserve(enrollments.size());
    for (const auto& id : ids) found.push_back(std::move(loaded.find(id)->second));
    return found;
}

EnrolledPartner load_partner(Tx& tx, const Enrollment& enrollment) {
    return std::move(load_partners(tx, {enrollment}).front());
}

Result<std::vector<EnrolledPartner>> list_partners(Tx& tx, PartnerFilter filter) {
    filter.program_id = HW_TRY(required_program(tx)).program_id;
    return load_partners(tx, list_enrollments(tx, filter));
}

}  // namespace hw
