// SPDX-License-Identifier: Apache-2.0
#include "api/payout_json.hpp"

namespace hw {

json::object payout_json(const PayoutView& view) {
    const auto& payout = view.listed.payout;
    const auto& step = view.listed.step;
    const auto& partner = view.partner;
    const bool failed = step.status == "failed" && !step.reason.empty();
    return {{"id", payout.payout_id},
            {"invoiceId", nullptr},
            {"amount", payout.amount},
            {"currency", payout.currency},
            {"status", step.status},
            {"description", text_or_null(payout.description)},
            {"periodStart", time_or_null(payout.period_start_ms)},
            {"periodEnd", time_or_null(payout.period_end_ms)},
            {"createdAt", time_or_null(payout.created_at_ms)},
            {"updatedAt", time_or_null(step.decided_at_ms)},
            {"initiatedAt", time_or_null(view.listed.initiated_at_ms)},
            {"paidAt", time_or_null(view.listed.paid_at_ms)},
            {"failureReason", failed ? json::value(step.reason) : json::value(nullptr)},
            {"mode", "external"},  // the merchant pays; this server keeps the books
            {"method", nullptr},
            {"traceId", text_or_null(step.trace_id)},
            {"partner", json::object{{"id", partner.partner_id},
                                     {"name", partner.name},
                                     {"email", text_or_null(partner.email)},
                                     {"image", text_or_null(partner.image)},
                                     {"defaultPayoutMethod", nullptr},
                                     {"payoutsEnabledAt", nullptr},
                                     {"country", text_or_null(partner.country)},
                                     {"groupId", text_or_null(view.group_id)},
                                     {"tenantId", text_or_null(view.tenant_id)}}},
            {"user", nullptr}};
}

}  // namespace hw
