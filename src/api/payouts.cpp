// SPDX-License-Identifier: Apache-2.0
#include "api/payouts.hpp"

#include "api/export.hpp"
#include "api/payout_json.hpp"
#include "api/query.hpp"
#include "base/money.hpp"
#include "core/create_payouts.hpp"
#include "core/move_payout.hpp"
#include "store/programs.hpp"

namespace hw::api {
namespace {

constexpr TextRule kId{.max_characters = limits::kExternalIdCharactersMax, .trim = true};
constexpr TextRule kText{.max_characters = limits::kCommissionTextCharactersMax, .trim = true};

Result<ListPayouts> read_list(std::string_view query) {
    ListPayouts input;
    auto& filter = input.filter;
    filter.status = HW_TRY(query_option(
        query, "status",
        {"pending", "processing", "processed", "sent", "completed", "failed", "canceled"}, ""));
    filter.partner_id = HW_TRY(query_text(query, "partnerId")).value_or("");
    filter.group_id = HW_TRY(query_text(query, "groupId")).value_or("");
    const auto order =
        HW_TRY(query_option(query, "sortBy", {"amount", "initiatedAt", "paidAt"}, "amount"));
    filter.order = order == "amount"        ? PayoutOrder::Amount
                   : order == "initiatedAt" ? PayoutOrder::InitiatedAt
                                            : PayoutOrder::PaidAt;
    filter.descending = HW_TRY(query_descending(query));
    filter.limit = HW_TRY(query_page_size(query));
    input.tenant_id = HW_TRY(query_text(query, "tenantId")).value_or("");
    input.page = HW_TRY(query_page(query)).value_or(1);
    return input;
}

// A body is welcome, not needed.
Result<json::object> body_of(const Call& call) {
    if (call.request.body.empty()) return json::object{};
    return parse_object(call.request.body);
}

// Amounts stand in decimals too, as banks read them.
json::object export_row(const PayoutView& view) {
    auto row = payout_json(view);
    const auto& payout = view.listed.payout;
    row["amountDecimal"] = format_minor(payout.amount, payout.currency);
    return row;
}

constexpr ExportColumn kColumns[] = {
    {"payoutId", "id"},
    {"partnerId", "partner.id"},
    {"tenantId", "partner.tenantId"},
    {"partnerName", "partner.name"},
    {"partnerEmail", "partner.email"},
    {"country", "partner.country"},
    {"amount", "amountDecimal"},
    {"currency", "currency"},
    {"status", "status"},
    {"periodStart", "periodStart"},
    {"periodEnd", "periodEnd"},
    {"createdAt", "createdAt"},
    {"description", "description"},
};

Result<Work> move_to(const Call& call, std::string status) {
    const auto body = HW_TRY(body_of(call));
    MovePayout input;
    input.payout_id = call.parameters.at(0);
    input.status = std::move(status);
    input.reason = HW_TRY(optional_text(body, "reason", kText)).value_or("");
    input.trace_id = HW_TRY(optional_text(body, "traceId", kId));
    input.decided_by = call.caller->api_key_id;
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    HW_TRY(move_payout(tx, input));
                    const auto view = HW_TRY(hw::get_payout(tx, input.payout_id));
                    return json_answer(json::serialize(payout_json(view)));
                }};
}

}  // namespace

Result<Work> list_payouts(const Call& call) {
    auto input = HW_TRY(read_list(call.request.query));
    return Work{Work::Mode::Read, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    json::array rows;
                    for (const auto& view : HW_TRY(hw::list_payouts(tx, input))) {
                        rows.push_back(payout_json(view));
                    }
                    return json_answer(json::serialize(rows));
                }};
}

Result<Work> create_payouts(const Call& call) {
    const auto body = HW_TRY(body_of(call));
    CreatePayouts input;
    input.partner_id = HW_TRY(optional_text(body, "partnerId", kId));
    input.description = HW_TRY(optional_text(body, "description", kText));
    input.decided_by = call.caller->api_key_id;
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) mutable -> Result<Answer> {
                    const auto program = default_program(tx, tx.workspace_id());
                    if (!program) {
                        return fail(ErrorCode::NotFound, "Program not found", "program_not_found");
                    }
                    input.program_id = program->program_id;
                    const auto created = HW_TRY(hw::create_payouts(tx, input));
                    json::array rows;
                    for (const auto& payout : created.payouts) {
                        const auto view = HW_TRY(hw::get_payout(tx, payout.payout_id));
                        rows.push_back(payout_json(view));
                    }
                    return json_answer(
                        json::serialize(json::object{{"payouts", std::move(rows)},
                                                     {"more", !created.last_partner_id.empty()}}),
                        201);
                }};
}

Result<Work> export_payouts(const Call& call) {
    auto input = HW_TRY(read_list(call.request.query));
    auto read = [input = std::move(input)](Tx& tx, const std::string& after) -> Result<ExportPage> {
        ExportPage page;
        const auto views = HW_TRY(hw::export_payouts(tx, input, after));
        for (const auto& view : views) page.rows.push_back(export_row(view));
        if (!views.empty()) page.after = views.back().listed.payout.payout_id;
        page.last = std::ssize(views) < input.filter.limit;
        return page;
    };
    return export_rows(call, {.name = "payouts", .columns = kColumns, .read = std::move(read)});
}

Result<Work> get_payout(const Call& call) {
    return Work{Work::Mode::Read, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto view = HW_TRY(hw::get_payout(tx, id));
                    auto out = payout_json(view);
                    json::array items;
                    for (const auto& item : items_of_payout(tx, tx.workspace_id(), id)) {
                        items.push_back(json::object{{"commissionId", item.commission_id},
                                                     {"amount", item.amount}});
                    }
                    out["items"] = std::move(items);
                    return json_answer(json::serialize(out));
                }};
}

Result<Work> confirm_payout(const Call& call) {
    return move_to(call, "completed");
}

Result<Work> cancel_payout(const Call& call) {
    return move_to(call, "canceled");
}

Result<Work> fail_payout(const Call& call) {
    return move_to(call, "failed");
}

}  // namespace hw::api
