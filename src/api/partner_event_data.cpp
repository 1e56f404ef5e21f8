// SPDX-License-Identifier: Apache-2.0
#include "api/partner_event_data.hpp"

#include "api/customer_json.hpp"
#include "api/track_body.hpp"
#include "base/fault.hpp"
#include "base/link_key.hpp"
#include "store/commissions.hpp"
#include "store/customers.hpp"
#include "store/partners.hpp"

namespace hw {
namespace {

struct PartnerOfEvent {
    std::string_view program_id;
    std::string_view partner_id;
    std::string_view link_id;  // whose counts this transaction may have changed; empty: none
};

std::optional<json::object> partner_json(Tx& tx, const PartnerOfEvent& of) {
    const auto& workspace_id = tx.workspace_id();
    const auto partner = find_partner(tx, workspace_id, of.partner_id);
    if (!partner) return std::nullopt;
    const auto enrollment = find_enrollment(tx, workspace_id, of.program_id, of.partner_id);
    const auto group_id = enrollment ? std::optional(enrollment->group_id) : std::nullopt;
    const auto totals = totals_of_partner(tx, workspace_id, of.partner_id);
    const auto more = tx.uncommitted_counts(of.link_id);
    return json::object{{"id", partner->partner_id},
                        {"name", partner->name},
                        {"email", text_or_null(partner->email)},
                        {"image", text_or_null(partner->image)},
                        {"payoutsEnabledAt", nullptr},
                        {"country", text_or_null(partner->country)},
                        {"groupId", text_or_null(group_id)},
                        {"totalClicks", totals.clicks + more.clicks},
                        {"totalLeads", totals.leads + more.leads},
                        {"totalConversions", totals.conversions + more.conversions},
                        {"totalSales", totals.sales + more.sales},
                        {"totalSaleAmount", totals.sale_amount + more.sale_amount},
                        {"totalCommissions", earned_by_partner(tx, workspace_id, of.partner_id)}};
}

json::value customer_of(Tx& tx, const Commission& commission) {
    if (!commission.customer_id) return nullptr;
    auto customer = find_customer(tx, commission.workspace_id, *commission.customer_id);
    if (!customer) return nullptr;
    const auto totals = customer_totals(tx, commission.workspace_id, *commission.customer_id);
    return customer_json({std::move(*customer), totals});
}

json::value link_of(Tx& tx, const Commission& commission) {
    if (!commission.link_id) return nullptr;
    const auto link = find_link(tx, commission.workspace_id, *commission.link_id);
    if (!link) return nullptr;
    return json::object{{"id", link->link_id},
                        {"shortLink", short_link(*link)},
                        {"domain", link->domain},
                        {"key", display_key(link->key)}};
}

}  // namespace

std::optional<json::object> event_partner(Tx& tx, const Link& link) {
    if (!link.program_id || !link.partner_id) return std::nullopt;
    return partner_json(tx, {*link.program_id, *link.partner_id, link.link_id});
}

std::optional<json::object> event_partner(Tx& tx, std::string_view program_id,
                                          std::string_view partner_id) {
    return partner_json(tx, {program_id, partner_id, ""});
}

json::value exact_or_null(const std::optional<std::string>& text) {
    return text ? parse_exact_value(*text) : json::value(nullptr);
}

json::object commission_data(Tx& tx, std::string_view commission_id) {
    const auto found = find_commission(tx, tx.workspace_id(), commission_id);
    const auto state = find_commission_state(tx, tx.workspace_id(), commission_id);
    HW_ASSERT(found && state);
    const auto& commission = *found;
    const auto link_id = commission.link_id.value_or("");
    auto partner = partner_json(tx, {commission.program_id, commission.partner_id, link_id});
    return {{"id", commission.commission_id},
            {"type", commission.kind},
            {"amount", state->amount},
            {"earnings", state->earnings},
            {"currency", commission.currency},
            {"status", state->status},
            {"invoiceId", text_or_null(commission.invoice_id)},
            {"description", text_or_null(commission.description)},
            {"quantity", commission.quantity},
            {"userId", text_or_null(commission.user_id)},
            {"metadata", exact_or_null(commission.metadata)},
            {"createdAt", time_or_null(commission.created_at_ms)},
            {"updatedAt", time_or_null(commission.created_at_ms)},
            {"partner", partner ? json::value(std::move(*partner)) : nullptr},
            {"customer", customer_of(tx, commission)},
            {"link", link_of(tx, commission)}};
}

}  // namespace hw
