// SPDX-License-Identifier: Apache-2.0
#include "core/list_commissions.hpp"

#include <fmt/format.h>

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "core/check_paging.hpp"
#include "store/programs.hpp"

namespace hw {
namespace {

Result<void> check_page(Tx& tx, const ListCommissions& input, const Program& program) {
    const AskedPage asked{.page = input.page,
                          .page_given = input.page_given,
                          .starting_after = input.starting_after,
                          .ending_before = input.ending_before,
                          .by_creation = input.filter.order == CommissionOrder::CreatedAt};
    HW_CHECK(check_paging(asked));
    const auto& cursor = cursor_of(asked);
    const auto found =
        cursor ? find_commission(tx, tx.workspace_id(), *cursor) : std::optional<Commission>{};
    return check_cursor(asked, found && found->program_id == program.program_id);
}

CommissionFilter by_invoice(const CommissionFilter& filter) {
    CommissionFilter only;
    only.program_id = filter.program_id;
    only.invoice_id = filter.invoice_id;
    // Who asks for the page behind the last one must not get that again, for ever.
    only.after = filter.after;
    only.before = filter.before;
    only.descending = filter.descending;
    only.limit = filter.limit;
    only.offset = filter.offset;
    return only;
}

// Nothing when there is no partner of that tenant id: then there is no commission of theirs either.
Result<std::optional<CommissionFilter>> filter_of(Tx& tx, const ListCommissions& input,
                                                  const Program& program) {
    auto filter = input.filter;
    filter.program_id = program.program_id;
    filter.after = input.starting_after.value_or("");
    filter.before = input.ending_before.value_or("");
    filter.offset = (input.page - 1) * filter.limit;
    if (!filter.invoice_id.empty()) return by_invoice(filter);
    if (!input.tenant_id.empty()) {
        const auto enrolled = find_enrollment_by_tenant_id(tx, tx.workspace_id(),
                                                           program.program_id, input.tenant_id);
        if (!enrolled) return std::nullopt;
        filter.partner_ids = {{enrolled->partner_id}, false};
    }
    const bool asks_for_some = !filter.statuses.values.empty() || !filter.kinds.values.empty() ||
                               !filter.partner_ids.values.empty() || !filter.customer_id.empty() ||
                               !filter.payout_id.empty();
    if (!asks_for_some) filter.statuses = {{"duplicate", "fraud", "canceled"}, true};
    const auto range = HW_TRY(read_range(input.range, tx.now_ms(), 0));
    filter.from_ms = range.from_ms;
    // "until now" is no limit: a commission may be dated later.
    if (input.range.end) filter.to_ms = range.to_ms;
    return filter;
}

CommissionView view_of(Tx& tx, Commission commission) {
    const auto& workspace_id = tx.workspace_id();
    const auto state = find_commission_state(tx, workspace_id, commission.commission_id);
    auto partner = find_partner(tx, workspace_id, commission.partner_id);
    HW_ASSERT(state && partner);
    CommissionView view{.commission = std::move(commission),
                        .state = *state,
                        .updated_at_ms = 0,
                        .partner = std::move(*partner),
                        .group_id = {},
                        .customer = {}};
    const auto& made = view.commission;
    view.updated_at_ms = commission_updated_at_ms(tx, workspace_id, made.commission_id);
    if (const auto enrollment =
            find_enrollment(tx, workspace_id, made.program_id, made.partner_id)) {
        view.group_id = enrollment->group_id;
    }
    if (made.customer_id) {
        if (auto customer = find_customer(tx, workspace_id, *made.customer_id)) {
            const auto totals = customer_totals(tx, workspace_id, *made.customer_id);
            view.customer = CustomerWithTotals{std::move(*customer), totals};
        }
    }
    return view;
}

// With a condition on the metadata, which SQL does not see: reads on until the page is full.
Result<std::vector<Commission>> matching(Tx& tx, const ListCommissions& input,
                                         CommissionFilter filter) {
    std::vector<Commission> found;
    auto skip = filter.offset;
    const auto wanted = filter.limit;
    filter.offset = 0;
    filter.limit = limits::kMetadataRowsAtOnce;
    for (std::int64_t read = 0; read < limits::kMetadataRowsMax;) {
        const auto ids = list_commission_ids(tx, filter);
        for (const auto& id : ids) {
            auto commission = find_commission(tx, tx.workspace_id(), id);
            if (!commission->metadata || !input.metadata(*commission->metadata)) continue;
            if (skip-- > 0) continue;
            found.push_back(std::move(*commission));
            if (std::ssize(found) == wanted) return found;
        }
        if (std::ssize(ids) < filter.limit) return found;
        read += std::ssize(ids);
        filter.offset += std::ssize(ids);
    }
    return fail(ErrorCode::UnprocessableEntity,
                fmt::format("invalid_value: query: more than {} commissions would have to be read: "
                            "add a start, a partner or a customer.",
                            limits::kMetadataRowsMax),
                "query_too_wide");
}

}  // namespace

Result<std::vector<CommissionView>> list_commissions(Tx& tx, const ListCommissions& input) {
    const auto program = default_program(tx, tx.workspace_id());
    if (!program) return fail(ErrorCode::NotFound, "Program not found", "program_not_found");
    HW_CHECK(check_page(tx, input, *program));
    const auto filter = HW_TRY(filter_of(tx, input, *program));
    std::vector<CommissionView> views;
    if (!filter) return views;
    if (input.metadata) {
        for (auto& commission : HW_TRY(matching(tx, input, *filter))) {
            views.push_back(view_of(tx, std::move(commission)));
        }
        return views;
    }
    for (const auto& id : list_commission_ids(tx, *filter)) {
        auto commission = find_commission(tx, tx.workspace_id(), id);
        HW_ASSERT(commission);
        views.push_back(view_of(tx, std::move(*commission)));
    }
    return views;
}

Result<CommissionView> get_commission(Tx& tx, std::string_view commission_id) {
    auto commission = find_commission(tx, tx.workspace_id(), commission_id);
    if (!commission) {
        return fail(ErrorCode::NotFound, fmt::format("Commission {} not found.", commission_id),
                    "commission_not_found");
    }
    return view_of(tx, std::move(*commission));
}

}  // namespace hw
