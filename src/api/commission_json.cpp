// SPDX-License-Identifier: Apache-2.0
#include "api/commission_json.hpp"

#include "api/customer_json.hpp"

namespace hw {

json::object partner_summary_json(const Partner& partner,
                                  const std::optional<std::string>& group_id) {
    return {{"id", partner.partner_id},
            {"name", partner.name},
            {"email", text_or_null(partner.email)},
            {"image", text_or_null(partner.image)},
            // Payouts are made outside of this server: nobody has to enable them here.
            {"payoutsEnabledAt", nullptr},
            {"country", text_or_null(partner.country)},
            {"groupId", text_or_null(group_id)}};
}

json::object commission_json(const CommissionView& view) {
    const auto& c = view.commission;
    json::value customer = nullptr;
    if (view.customer) customer = customer_json(*view.customer);
    return {{"id", c.commission_id},
            {"type", c.kind},
            {"amount", view.state.amount},
            {"earnings", view.state.earnings},
            {"currency", c.currency},
            {"status", view.state.status},
            {"invoiceId", text_or_null(c.invoice_id)},
            {"description", text_or_null(c.description)},
            {"quantity", c.quantity},
            {"userId", text_or_null(c.user_id)},
            {"metadata", json_or_null(c.metadata)},
            {"createdAt", time_or_null(c.occurred_at_ms)},
            {"updatedAt", time_or_null(view.updated_at_ms)},
            {"paidAt", time_or_null(view.state.paid_at_ms)},
            {"partner", partner_summary_json(view.partner, view.group_id)},
            {"customer", std::move(customer)}};
}

}  // namespace hw
