// SPDX-License-Identifier: Apache-2.0
#include "api/commissions.hpp"

#include "api/analytics_query.hpp"
#include "api/commission_body.hpp"
#include "api/commission_json.hpp"
#include "api/metadata_query.hpp"
#include "api/query.hpp"
#include "store/payouts.hpp"
#include "store/programs.hpp"

namespace hw::api {
namespace {

// "a", "a,b"; with a minus in front: all but these.
Result<ListedValues> read_values(std::string_view query, std::string_view name) {
    ListedValues filter;
    filter.values = HW_TRY(query_list(query, name));
    auto& values = filter.values;
    if (!values.empty() && values.front().starts_with('-')) {
        filter.negated = true;
        values.front().erase(0, 1);
    }
    return filter;
}

Result<CommissionFilter> read_filter(std::string_view query) {
    CommissionFilter filter;
    filter.kinds = HW_TRY(read_values(query, "type"));
    filter.statuses = HW_TRY(read_values(query, "status"));
    filter.partner_ids = HW_TRY(read_values(query, "partnerId"));
    filter.group_ids = HW_TRY(read_values(query, "groupId"));
    filter.customer_id = HW_TRY(query_text(query, "customerId")).value_or("");
    filter.payout_id = HW_TRY(query_text(query, "payoutId")).value_or("");
    filter.invoice_id = HW_TRY(query_text(query, "invoiceId")).value_or("");
    const auto order = HW_TRY(query_option(query, "sortBy", {"createdAt", "amount"}, "createdAt"));
    filter.order = order == "amount" ? CommissionOrder::Amount : CommissionOrder::CreatedAt;
    filter.descending = HW_TRY(query_descending(query));
    filter.limit = HW_TRY(query_page_size(query));
    return filter;
}

Result<ListCommissions> read_list(std::string_view query) {
    ListCommissions input;
    input.filter = HW_TRY(read_filter(query));
    input.tenant_id = HW_TRY(query_text(query, "tenantId")).value_or("");
    input.range = HW_TRY(read_asked_range(query, kIntervalAll));
    if (const auto metadata = HW_TRY(query_text(query, "query"))) {
        input.metadata = HW_TRY(parse_metadata_query(*metadata));
    }
    const auto page = HW_TRY(query_page(query));
    input.page_given = page.has_value();
    input.page = page.value_or(1);
    input.starting_after = HW_TRY(query_text(query, "startingAfter"));
    input.ending_before = HW_TRY(query_text(query, "endingBefore"));
    return input;
}

Answer accepted(std::string_view message) {
    return json_answer(json::serialize(json::object{{"success", true}, {"message", message}}), 202);
}

Result<Answer> create(Tx& tx, const CustomCommission& input) {
    HW_TRY(create_custom_commission(tx, input));
    return accepted("Custom commission created.");
}

Result<Answer> create(Tx& tx, const LeadCommission& input) {
    const auto made = HW_TRY(create_lead_commission(tx, input));
    return accepted(made ? "Lead commission created."
                         : "Lead recorded before, or not worth a commission.");
}

Result<Answer> create(Tx& tx, const SaleCommission& input) {
    const auto made = HW_TRY(create_sale_commission(tx, input));
    return accepted(made ? "Sale commission created."
                         : "Sale recorded; it is not worth a commission.");
}

json::value group_holding_days(Tx& tx, const CommissionView& view) {
    if (!view.group_id) return nullptr;
    const auto group = find_group(tx, tx.workspace_id(), *view.group_id);
    return group ? json::value(group->holding_period_days) : json::value(nullptr);
}

json::value payout_of(Tx& tx, const CommissionView& view) {
    if (!view.state.payout_id) return nullptr;
    const auto step = last_payout_step(tx, tx.workspace_id(), *view.state.payout_id);
    return json::object{{"id", *view.state.payout_id},
                        {"status", step ? json::value(step->status) : json::value(nullptr)}};
}

// With what only the page of one commission shows.
json::object detailed(Tx& tx, const CommissionView& view) {
    auto out = commission_json(view);
    out["user"] = nullptr;
    if (view.commission.user_id) out["user"] = json::object{{"id", *view.commission.user_id}};
    out["reward"] = nullptr;
    if (view.commission.reward_id) {
        out["reward"] = json::object{{"id", *view.commission.reward_id},
                                     {"modifierId", view.commission.modifier_id}};
    }
    out["payout"] = payout_of(tx, view);
    out["holdingPeriodDays"] = group_holding_days(tx, view);
    return out;
}

}  // namespace

Result<Work> list_commissions(const Call& call) {
    auto input = HW_TRY(read_list(call.request.query));
    return Work{Work::Mode::Scan, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    json::array rows;
                    for (const auto& view : HW_TRY(hw::list_commissions(tx, input))) {
                        rows.push_back(commission_json(view));
                    }
                    return json_answer(json::serialize(rows));
                }};
}

Result<Work> create_commission(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_new_commission(body));
    if (auto* custom = std::get_if<CustomCommission>(&input)) {
        custom->decided_by = call.caller->api_key_id;
    }
    if (auto* sale = std::get_if<SaleCommission>(&input)) {
        sale->sale.reporting_currency = call.workspace().currency;
    }
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    return std::visit([&](const auto& one) { return create(tx, one); }, input);
                }};
}

Result<Work> get_commission(const Call& call) {
    return Work{Work::Mode::Read, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto view = HW_TRY(hw::get_commission(tx, id));
                    return json_answer(json::serialize(detailed(tx, view)));
                }};
}

Result<Work> update_commission(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_commission_update(body));
    input.commission_id = call.parameters.at(0);
    input.decided_by = call.caller->api_key_id;
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    HW_TRY(hw::update_commission(tx, input));
                    const auto view = HW_TRY(hw::get_commission(tx, input.commission_id));
                    return json_answer(json::serialize(commission_json(view)));
                }};
}

Result<Work> update_commissions(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto input = HW_TRY(read_commission_updates(body));
    input.decided_by = call.caller->api_key_id;
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    HW_CHECK(hw::update_commissions(tx, input));
                    json::array rows;
                    for (const auto& id : input.commission_ids) {
                        rows.push_back(json::object{{"id", id}, {"status", input.status}});
                    }
                    return json_answer(json::serialize(rows));
                }};
}

}  // namespace hw::api
