// SPDX-License-Identifier: Apache-2.0
#include "core/track_lead.hpp"

#include "api/first_party.hpp"
#include "api/json.hpp"
#include "api/track_body.hpp"
#include "api/track_lead.hpp"
#include "base/limits.hpp"

namespace hw::api {
namespace {

// What a page tells (`client`) is held to more than what a server tells.
Result<TrackLead> read_track_lead(const json::object& body, bool client) {
    TrackLead lead;
    lead.click_id = client ? HW_TRY(read_client_click_id(body))
                           : HW_TRY(optional_text(body, "clickId", {.trim = true})).value_or("");
    lead.event_name = HW_TRY(required_text(body, "eventName",
                                           {.max_characters = limits::kEventNameCharactersMax,
                                            .trim = true,
                                            .empty_message = "eventName is required"}));
    const auto told = HW_TRY(read_external_id(body, client));
    lead.customer = HW_TRY(read_new_customer(body));
    const auto mode = HW_TRY(option_text(body, "mode", {"async", "wait", "deferred"}, "async"));
    lead.mode = mode == "deferred" ? LeadMode::Deferred
                                   : (mode == "wait" ? LeadMode::Wait : LeadMode::Async);
    lead.quantity =
        HW_TRY(optional_int(body, "eventQuantity",
                            {.min = 1,
                             .max = 100,
                             .too_small_message = "Too small: expected number to be >0",
                             .too_big_message = "Too big: expected number to be <=100"}))
            .value_or(1);
    lead.metadata = HW_TRY(optional_metadata(body, "metadata"));
    lead.customer.external_id = HW_TRY(required_external_id(told));
    auto code = HW_TRY(read_discount_code(body));
    lead.discount_code = std::move(code.anywhere);
    lead.told_code = std::move(code.told);
    return lead;
}

Answer answer_of(const TrackedLead& tracked) {
    auto answer = json_answer(json::serialize(
        json::object{{"click", json::object{{"id", tracked.click_id}}},
                     {"link", link_summary(tracked.link)},
                     {"customer", json::object{{"name", tracked.customer.name},
                                               {"email", text_or_null(tracked.customer.email)},
                                               {"avatar", text_or_null(tracked.customer.avatar)},
                                               {"externalId", tracked.customer.external_id}}}}));
    answer.conversion_id = tracked.conversion_id;
    if (!tracked.link) answer.reason = "repeat";
    return answer;
}

}  // namespace

Result<Work> track_lead(const Call& call) {
    const bool client = call.caller->publishable;
    const auto body = HW_TRY(parse_object(call.request.body));
    auto lead = HW_TRY(read_track_lead(body, client));
    if (client && lead.click_id.empty()) lead.click_id = kept_click(call.request);
    return Work{Work::Mode::Write, [lead = std::move(lead)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::track_lead(tx, lead)));
                }};
}

}  // namespace hw::api
