// SPDX-License-Identifier: Apache-2.0
#include "core/ban_partner.hpp"

#include "api/ban_partner.hpp"
#include "api/json.hpp"
#include "api/partner_body.hpp"

namespace hw::api {
namespace {

Answer answer_of(const std::string& partner_id) {
    return json_answer(json::serialize(json::object{{"partnerId", partner_id}}));
}

}  // namespace

Result<Work> ban_partner(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto reference = HW_TRY(read_partner_reference(body));
    auto reason = HW_TRY(option_text(
        body, "reason",
        {"tos_violation", "inappropriate_content", "fake_traffic", "fraud", "spam", "brand_abuse"},
        ""));
    if (reason.empty()) {
        return std::unexpected(invalid_field("invalid_value", "reason",
                                             "Invalid option: expected one of "
                                             "\"tos_violation\"|\"inappropriate_content\"|"
                                             "\"fake_traffic\"|\"fraud\"|\"spam\"|"
                                             "\"brand_abuse\""));
    }
    return Work{
        Work::Mode::Write,
        [reference = std::move(reference), reason = std::move(reason)](Tx& tx) -> Result<Answer> {
            return answer_of(HW_TRY(hw::ban_partner(tx, reference, reason)));
        }};
}

Result<Work> deactivate_partner(const Call& call) {
    const auto body = HW_TRY(parse_object(call.request.body));
    auto reference = HW_TRY(read_partner_reference(body));
    return Work{Work::Mode::Write, [reference = std::move(reference)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::deactivate_partner(tx, reference)));
                }};
}

}  // namespace hw::api
