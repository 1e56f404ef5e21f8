// SPDX-License-Identifier: Apache-2.0
#include "core/list_payouts.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "store/programs.hpp"

namespace hw {
namespace {

PayoutView view_of(Tx& tx, ListedPayout listed) {
    const auto& payout = listed.payout;
    auto partner = find_partner(tx, tx.workspace_id(), payout.partner_id);
    HW_ASSERT(partner);
    const auto enrollment =
        find_enrollment(tx, tx.workspace_id(), payout.program_id, payout.partner_id);
    PayoutView view{.listed = std::move(listed),
                    .partner = std::move(*partner),
                    .group_id = {},
                    .tenant_id = {}};
    if (enrollment) {
        view.group_id = enrollment->group_id;
        view.tenant_id = enrollment->tenant_id;
    }
    return view;
}

std::vector<PayoutView> views_of(Tx& tx, std::vector<ListedPayout> payouts) {
    std::vector<PayoutView> views;
    for (auto& listed : payouts) views.push_back(view_of(tx, std::move(listed)));
    return views;
}

Result<PayoutFilter> filter_of(Tx& tx, const ListPayouts& input) {
    const auto program = default_program(tx, tx.workspace_id());
    if (!program) return fail(ErrorCode::NotFound, "Program not found", "program_not_found");
    auto filter = input.filter;
    filter.program_id = program->program_id;
    if (input.tenant_id.empty()) return filter;
    const auto enrolled =
        find_enrollment_by_tenant_id(tx, tx.workspace_id(), program->program_id, input.tenant_id);
    if (!enrolled) {
        return fail(ErrorCode::NotFound,
                    fmt::format("Partner with tenantId {} not found.", input.tenant_id),
                    "partner_not_found");
    }
    filter.partner_id = enrolled->partner_id;
    return filter;
}

}  // namespace

Result<std::vector<PayoutView>> list_payouts(Tx& tx, const ListPayouts& input) {
    auto filter = HW_TRY(filter_of(tx, input));
    filter.offset = (input.page - 1) * filter.limit;
    if (input.page > limits::kPageMax) {
        return fail(ErrorCode::UnprocessableEntity,
                    "Page is too big (cannot be more than 1000): filter the list.",
                    "invalid_paging");
    }
    return views_of(tx, list_payouts(tx, filter));
}

Result<std::vector<PayoutView>> export_payouts(Tx& tx, const ListPayouts& input,
                                               std::string_view after_id) {
    const auto filter = HW_TRY(filter_of(tx, input));
    return views_of(tx, list_payouts_after(tx, filter, after_id));
}

Result<PayoutView> get_payout(Tx& tx, std::string_view payout_id) {
    auto listed = find_listed_payout(tx, payout_id);
    if (!listed) {
        return fail(ErrorCode::NotFound, fmt::format("There is no payout {}.", payout_id),
                    "payout_not_found");
    }
    return view_of(tx, std::move(*listed));
}

}  // namespace hw
