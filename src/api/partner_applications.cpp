// SPDX-License-Identifier: Apache-2.0
#include "core/partner_applications.hpp"

#include <fmt/format.h>

#include "api/json_text.hpp"
#include "api/partner_applications.hpp"
#include "api/partner_body.hpp"
#include "api/partner_json.hpp"
#include "api/query.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

constexpr TextRule kId{.max_characters = limits::kReferenceCharactersMax, .trim = true};
constexpr TextRule kFormText{.max_characters = limits::kFormTextCharactersMax};

std::unexpected<Error> bad_form(const std::string& place, const json::value& value,
                                std::string_view expected) {
    return std::unexpected(invalid_field(
        "invalid_type", place,
        fmt::format("Invalid input: expected {}, received {}", expected, json_type_name(&value))));
}

// applicationFormData: [{"label", "value"}], as JSON text.
Result<std::string> read_form(const json::object& body) {
    const auto* form = body.if_contains("applicationFormData");
    if (form == nullptr || form->is_null()) return std::string("[]");
    if (!form->is_array()) return bad_form("applicationFormData", *form, "array");
    const auto& items = form->get_array();
    if (items.size() > limits::kFormFieldsMax) {
        return std::unexpected(invalid_field(
            "too_big", "applicationFormData",
            fmt::format("Too big: expected array to have <={} items", limits::kFormFieldsMax)));
    }
    json::array fields;
    for (const auto& item : items) {
        const auto place = fmt::format("applicationFormData[{}]", fields.size());
        if (!item.is_object()) return bad_form(place, item, "object");
        auto label = HW_TRY(required_text(item.get_object(), "label", kFormText));
        const auto value = HW_TRY(optional_text(item.get_object(), "value", kFormText));
        fields.push_back(json::object{{"label", std::move(label)}, {"value", text_or_null(value)}});
    }
    return json_text(fields);
}

// What a page may say: nothing of ids, which are the merchant's to give.
void keep_to_strangers(NewPartner& partner) {
    partner.tenant_id.reset();
    const auto key_reserved = partner.links.key_reserved;
    partner.links = {};
    partner.links.key_reserved = key_reserved;
}

Answer id_answer(const std::string& partner_id) {
    return json_answer(json::serialize(json::object{{"partnerId", partner_id}}));
}

}  // namespace

Result<Work> submit_application(const Call& call) {
    const bool client = call.caller->publishable;
    const auto body = HW_TRY(parse_object(call.request.body));
    auto partner = HW_TRY(read_new_partner(body, call.options));
    // As links bring them: ?via=<id of the partner who told them>.
    if (!partner.referred_by_partner_id) {
        partner.referred_by_partner_id = HW_TRY(optional_text(body, "via", kId));
    }
    auto form = HW_TRY(read_form(body));
    if (client) keep_to_strangers(partner);
    return Work{
        Work::Mode::Write,
        [client, partner = std::move(partner), form = std::move(form)](Tx& tx) -> Result<Answer> {
            const auto made = hw::submit_application(tx, partner, form);
            if (client && (made || made.error().code == ErrorCode::Conflict)) {
                return json_answer(R"({"received":true})", 201);
            }
            if (!made) return std::unexpected(made.error());
            return json_answer(
                json::serialize(application_json(made->applicant, made->application)), 201);
        }};
}

Result<Work> list_applications(const Call& call) {
    const auto query = call.request.query;
    ApplicationFilter filter;
    filter.group_id = HW_TRY(query_text(query, "groupId")).value_or("");
    filter.country = HW_TRY(query_text(query, "country")).value_or("");
    filter.limit = HW_TRY(query_page_size(query));
    filter.offset = (HW_TRY(query_page(query)).value_or(1) - 1) * filter.limit;
    return Work{Work::Mode::Read, [filter = std::move(filter)](Tx& tx) -> Result<Answer> {
                    json::array found;
                    for (const auto& one : HW_TRY(hw::list_applications(tx, filter))) {
                        found.push_back(application_json(one.applicant, one.application));
                    }
                    return json_answer(json::serialize(found));
                }};
}

Result<Work> approve_application(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    ApproveApplication input;
    input.partner_id = HW_TRY(required_text(body, "partnerId", kId));
    input.group_id = HW_TRY(optional_text(body, "groupId", kId));
    input.links = HW_TRY(read_partner_link_props(body, call.options));
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    return id_answer(HW_TRY(hw::approve_application(tx, input)));
                }};
}

Result<Work> reject_application(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    RejectApplication input;
    input.partner_id = HW_TRY(required_text(body, "partnerId", kId));
    if (body.contains("rejectionReason")) {
        input.reason = HW_TRY(option_text(
            body, "rejectionReason",
            {"needsMoreDetail", "doesNotMeetRequirements", "notTheRightFit", "other"}, ""));
    }
    input.note = HW_TRY(optional_text(body, "rejectionNote",
                                      {.max_characters = limits::kRejectionNoteCharactersMax}));
    input.reapplication = HW_TRY(
        option_text(body, "reapplicationTimeframe", {"instant", "standard", "never"}, "standard"));
    const bool flagged = HW_TRY(optional_bool(body, "flagForFraud")).value_or(false);
    const auto why = HW_TRY(optional_text(body, "flagForFraudReason",
                                          {.max_characters = limits::kRejectionNoteCharactersMax}));
    if (flagged) input.fraud_flag = why.value_or("");
    return Work{Work::Mode::Write, [input = std::move(input)](Tx& tx) -> Result<Answer> {
                    return id_answer(HW_TRY(hw::reject_application(tx, input)));
                }};
}

}  // namespace hw::api
