// SPDX-License-Identifier: Apache-2.0
#include "core/conversion_journey.hpp"

#include <algorithm>

#include "api/conversion_journey.hpp"
#include "api/exact_json.hpp"
#include "api/model_query.hpp"

namespace hw::api {
namespace {

json::object touch_json(const JourneyTouch& touch) {
    return {{"kind", touch.kind},
            {"id", touch.touch_id},
            {"at", time_or_null(touch.at_ms)},
            {"channel", touch.channel},
            {"source", touch.source},
            {"campaign", key_or_null(touch.campaign)},
            {"linkId", key_or_null(touch.link_id)},
            {"partnerId", key_or_null(touch.partner_id)},
            {"eventName", nullptr},
            {"first", false},
            {"last", false}};
}

json::object lead_json(const Conversion& lead) {
    return {{"kind", "lead"},
            {"id", lead.conversion_id},
            {"at", time_or_null(lead.occurred_at_ms)},
            {"channel", nullptr},
            {"source", nullptr},
            {"campaign", nullptr},
            {"linkId", nullptr},
            {"partnerId", nullptr},
            {"eventName", lead.event_name},
            {"first", false},
            {"last", false}};
}

// Touches and leads in the order of time; first and last are of what is credited.
json::array steps_json(const ConversionJourney& found) {
    struct Step {
        std::int64_t at_ms;
        json::object body;
    };
    std::vector<Step> steps;
    for (const auto& touch : found.journey.touches)
        steps.push_back({touch.at_ms, touch_json(touch)});
    if (!steps.empty()) {
        steps.front().body["first"] = true;
        steps.back().body["last"] = true;
    }
    for (const auto& lead : found.leads) steps.push_back({lead.occurred_at_ms, lead_json(lead)});
    std::ranges::stable_sort(steps, {}, &Step::at_ms);
    json::array array;
    for (auto& step : steps) array.push_back(std::move(step.body));
    return array;
}

json::object models_json(const ConversionJourney& found) {
    json::object models;
    for (const auto& [model, credits] : found.models) {
        json::array rows;
        for (const auto& credit : credits) {
            rows.push_back({{"key", key_or_null(credit.key)},
                            {"share", conversions_json(credit.conversion_micros)},
                            {"amount", credit.amount_minor}});
        }
        models[name_of(model)] = std::move(rows);
    }
    return models;
}

Answer answer_of(const ConversionJourney& found, CreditBy by) {
    const auto& c = found.conversion;
    return json_answer(serialize_exact(json::object{
        {"conversionId", c.conversion_id},
        {"kind", c.kind},
        {"occurredAt", time_or_null(c.occurred_at_ms)},
        {"amount", int_or_null(c.converted_amount)},
        {"currency", text_or_null(c.converted_currency)},
        {"touches", steps_json(found)},
        {"by", name_of(by)},
        {"models", models_json(found)},
        {"learnedFrom",
         {{"converting", found.learned_converting}, {"other", found.learned_other}}}}));
}

}  // namespace

Result<Work> conversion_journey(const Call& call) {
    const auto settings = HW_TRY(read_model_settings(call.request.query));
    return Work{Work::Mode::Scan, [settings, id = call.parameters.at(0)](Tx& tx) -> Result<Answer> {
                    const auto found = HW_TRY(hw::conversion_journey(tx, id, settings));
                    return answer_of(found, settings.by);
                }};
}

}  // namespace hw::api
