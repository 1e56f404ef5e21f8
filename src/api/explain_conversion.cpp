// SPDX-License-Identifier: Apache-2.0
#include "core/explain_conversion.hpp"

#include "api/explain_conversion.hpp"
#include "api/json.hpp"
#include "api/json_text.hpp"
#include "api/track_body.hpp"

namespace hw::api {
namespace {

json::value candidate_json(const Candidate& candidate) {
    return json::object{{"rung", candidate.rung},
                        {"verdict", candidate.verdict},
                        {"clickId", text_or_null(candidate.touch_id)},
                        {"clickedAt", time_or_null(candidate.touched_at_ms)},
                        {"linkId", text_or_null(candidate.link_id)},
                        {"leadId", text_or_null(candidate.lead_id)}};
}

json::value decision_json(const Attribution& decision) {
    json::array candidates;
    for (const auto& candidate : decision.candidates) {
        candidates.push_back(candidate_json(candidate));
    }
    return json::object{{"seq", decision.seq},
                        {"rung", decision.rung},
                        {"confidence", decision.confidence},
                        {"clickId", text_or_null(decision.touch_id)},
                        {"linkId", text_or_null(decision.link_id)},
                        {"inferredLinkId", text_or_null(decision.inferred_link_id)},
                        {"partnerId", text_or_null(decision.partner_id)},
                        {"customerId", text_or_null(decision.customer_id)},
                        {"windowMs", int_or_null(decision.window_ms)},
                        {"ruleVersion", decision.rule_version},
                        {"decidedBy", decision.decided_by},
                        {"decidedAt", time_or_null(decision.decided_at_ms)},
                        {"reason", decision.reason},
                        {"candidates", std::move(candidates)},
                        {"candidatesLeftOut", decision.candidates_left_out}};
}

json::value conversion_json(const Conversion& c) {
    return json::object{{"id", c.conversion_id},
                        {"kind", c.kind},
                        {"eventName", c.event_name},
                        {"occurredAt", time_or_null(c.occurred_at_ms)},
                        {"customerExternalId", c.external_customer_id},
                        {"amount", c.amount},
                        {"currency", c.currency},
                        {"convertedAmount", int_or_null(c.converted_amount)},
                        {"convertedCurrency", text_or_null(c.converted_currency)},
                        {"fxRate", text_or_null(c.fx_rate)},
                        {"fxDate", text_or_null(c.fx_date)},
                        {"fxSource", text_or_null(c.fx_source)},
                        {"fxMissing", !c.currency.empty() && !c.converted_amount},
                        {"paymentProcessor", c.payment_processor},
                        {"invoiceId", text_or_null(c.invoice_id)},
                        {"metadata", json_or_null(c.metadata)}};
}

json::value click_json(const std::optional<Touch>& touch) {
    if (!touch) return nullptr;
    return json::object{{"id", touch->touch_id},     {"timestamp", time_or_null(touch->at_ms)},
                        {"url", touch->url},         {"country", touch->country},
                        {"city", touch->city},       {"device", touch->device},
                        {"browser", touch->browser}, {"os", touch->os},
                        {"referer", touch->referer}, {"trigger", touch->trigger}};
}

json::value touch_json(const std::optional<JourneyTouch>& touch) {
    if (!touch) return nullptr;
    const auto text = [](const std::string& value) {
        return value.empty() ? json::value(nullptr) : json::value(value);
    };
    return json::object{{"kind", touch->kind},
                        {"id", touch->touch_id},
                        {"at", time_or_null(touch->at_ms)},
                        {"channel", touch->channel},
                        {"source", touch->source},
                        {"campaign", text(touch->campaign)},
                        {"linkId", text(touch->link_id)},
                        {"partnerId", text(touch->partner_id)}};
}

json::array evidence_json(const std::vector<Evidence>& evidence) {
    json::array told;
    for (const auto& one : evidence) {
        told.push_back(json::object{{"kind", one.kind}, {"value", one.value}});
    }
    return told;
}

Answer answer_of(const Explanation& explanation) {
    json::array decisions;
    for (const auto& decision : explanation.decisions) decisions.push_back(decision_json(decision));
    json::value customer = nullptr;
    if (explanation.customer) {
        customer = json::object{{"id", explanation.customer->customer_id},
                                {"externalId", explanation.customer->external_id},
                                {"name", explanation.customer->name}};
    }
    return json_answer(
        json_text(json::object{{"conversion", conversion_json(explanation.conversion)},
                               {"attribution", decisions.back()},
                               {"history", std::move(decisions)},
                               {"customer", std::move(customer)},
                               {"click", click_json(explanation.touch)},
                               {"link", link_summary(explanation.link)},
                               {"firstTouch", touch_json(explanation.first_touch)},
                               {"lastTouch", touch_json(explanation.last_touch)},
                               {"evidence", evidence_json(explanation.evidence)},
                               {"text", explanation_text(explanation)}}));
}

}  // namespace

Result<Work> explain_conversion(const Call& call) {
    return Work{Work::Mode::Read, [id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    return answer_of(HW_TRY(hw::explain_conversion(tx, id)));
                }};
}

}  // namespace hw::api
